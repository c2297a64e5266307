import { useMemo } from "preact/hooks";
import type { EventRow } from "../api/types";
import { formatDurationExact } from "../model/duration";
import { formatGaps, participantsOf } from "../model/participants";
import { formatCount } from "../model/story";

/** The processes that recorded the session, one by one: what came of each, what did not, and whose clock is behind. */
export function ProcessTable({ events }: { events: readonly EventRow[] }) {
  const participants = useMemo(() => participantsOf(events), [events]);
  if (participants.length === 0) return null;
  return (
    <section>
      <h2>
        Processes <span class="dim">{formatCount(participants.length)}</span>
      </h2>
      <div class="scroll" tabIndex={0} role="group" aria-label="Processes">
        <table class="figures" data-testid="processes">
          <thead>
            <tr>
              <th>Process</th>
              <th class="num">Events</th>
              <th>Missing numbers</th>
              <th class="num">Clock</th>
            </tr>
          </thead>
          <tbody>
            {participants.map(({ id, events: count, missing, behindMs }) => (
              <tr key={id}>
                <td class="mono" title={id}>
                  {id.slice(-6)}
                </td>
                <td class="num">{formatCount(count)}</td>
                <td>{missing.length === 0 ? <span class="dim">none</span> : formatGaps(missing)}</td>
                <td class="num">{behindMs > 0 ? `${formatDurationExact(behindMs)} behind or more` : ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
