import type { ComponentChildren } from "preact";
import type { EventContent, EventRow, Session } from "../api/types";
import { type Axis, barOf } from "../model/axis";
import { eventCost } from "../model/cost";
import { formatDurationExact } from "../model/duration";
import { kindWord } from "../model/kind";
import { eventName, formatCount } from "../model/story";
import { formatExact } from "../model/time";
import { Glyph } from "../parts/glyph";

interface Facts {
  session: Session;
  row: EventRow;
  content: EventContent | null;
  axis: Axis;
}

/** The head of a chosen event: what it is, whose it is, its figures. */
export function EventFacts({ session, row, content, axis }: Facts) {
  const agent = session.agents?.find((one) => one.id === row.agent_id);
  const version = content?.price_version;
  const cost = eventCost(row.cost, typeof version === "string" ? version : null);
  const code = content?.code;
  return (
    <div class="head">
      <h2>
        <Glyph kind={row.kind} />
        <span class="name">{eventName(row)}</span>
        {agent !== undefined && <span class="dim by">by {agent.name}</span>}
      </h2>
      <div class="kv">
        <Pair name="Kind">{kindWord(row.kind)}</Pair>
        {row.model !== null && row.model !== eventName(row) && <Pair name="Model">{row.model}</Pair>}
        {row.kind === "llm" && (
          <Pair name="Cost" title={cost.title}>
            {cost.text}
          </Pair>
        )}
        {row.duration_ms !== null && (row.duration_ms > 0 || row.kind !== "error") && (
          <Pair name="Took">{formatDurationExact(row.duration_ms)}</Pair>
        )}
        <Pair name="At" title={formatExact(row.init_timestamp)}>
          +{formatDurationExact(barOf(row, axis).startMs)}
        </Pair>
        {row.kind === "llm" && <Pair name="In">{tokens(row.prompt_tokens)}</Pair>}
        {row.kind === "llm" && <Pair name="Out">{tokens(row.completion_tokens)}</Pair>}
        {row.error_type !== null && <Pair name="Type">{row.error_type}</Pair>}
        {(typeof code === "string" || typeof code === "number") && code !== "" && <Pair name="Code">{code}</Pair>}
      </div>
    </div>
  );
}

function tokens(count: number | null): string {
  return count === null ? "–" : `${formatCount(count)} tokens`;
}

function Pair({ name, title = "", children }: { name: string; title?: string; children: ComponentChildren }) {
  return (
    <span title={title}>
      {name} <b>{children}</b>
    </span>
  );
}
