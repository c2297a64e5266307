import { useMemo } from "preact/hooks";
import { Link } from "wouter-preact";
import type { EventRow, Session } from "../api/types";
import { formatDurationExact } from "../model/duration";
import { clockSkewMs, countMissing, formatGaps, participantsOf } from "../model/participants";
import { START, placeHref } from "../model/place";
import { formatCount } from "../model/story";

interface Processes {
  session: Session;
  events: readonly EventRow[];
  host: string;
}

/** Who took part, and what of it is known to be missing or askew: events that never came, clocks that differ. */
export function Processes({ session, events, host }: Processes) {
  const participants = useMemo(() => participantsOf(events), [events]);
  const skewMs = clockSkewMs(participants);
  const missing = countMissing(participants);
  const refused = session.stats.refused_events;
  const many = participants.length > 1 ? `${formatCount(participants.length)} processes` : "";
  const where = [many, host === "" ? "" : `on ${host}`].filter(Boolean).join(" ");
  const gaps = participants
    .filter((one) => one.missing.length > 0)
    .map((one) => `process ${one.id.slice(-6)}: ${formatGaps(one.missing)}`);
  return (
    <>
      {where !== "" && <Link href={placeHref(session.session_id, { ...START, tab: "environment" })}>{where}</Link>}
      {missing > 0 && (
        <span class="warn" title={`Sequence numbers without an event: ${gaps.join("; ")}`} data-testid="missing">
          {formatCount(missing)} {missing === 1 ? "event" : "events"} missing
        </span>
      )}
      {refused > 0 && (
        <span class="warn" title="The program recorded them, but its spool or memory was full.">
          {formatCount(refused)} {refused === 1 ? "event was" : "events were"} not kept
        </span>
      )}
      {skewMs > 0 && (
        <span class="warn" title="An event began before the one around it, which another process recorded.">
          clocks differ by {formatDurationExact(skewMs)} or more
        </span>
      )}
    </>
  );
}
