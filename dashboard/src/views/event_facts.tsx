import type { ComponentChildren } from "preact";
import type { EventContent, EventRow } from "../api/types";
import { barOf } from "../model/axis";
import { retriesOf } from "../model/content";
import { eventCost } from "../model/cost";
import { formatDurationExact } from "../model/duration";
import { kindWord } from "../model/kind";
import { eventName, formatCount } from "../model/story";
import { formatExact } from "../model/time";
import { Glyph } from "../parts/glyph";
import { type Scope, agentName } from "./scope";

interface Facts {
  scope: Scope;
  row: EventRow;
  content: EventContent | null;
}

/** The head of a chosen event: what it is, whose it is, its figures. */
export function EventFacts({ scope, row, content }: Facts) {
  const { axis } = scope;
  const agent = agentName(scope, row.agent_id);
  const version = content?.price_version;
  const cost = eventCost(row.cost, typeof version === "string" ? version : null);
  const code = content?.code;
  const retries = content === null ? 0 : retriesOf(content);
  return (
    <div class="head">
      <h2>
        <Glyph kind={row.kind} />
        <span class="name">{eventName(row)}</span>
        {agent !== null && <span class="dim by">by {agent}</span>}
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
        {row.first_token_ms != null && <Pair name="First token">{formatDurationExact(row.first_token_ms)}</Pair>}
        {row.kind === "llm" && <Pair name="In">{tokens(row.prompt_tokens)}</Pair>}
        {row.cached_tokens != null && row.cached_tokens > 0 && (
          <Pair name="Cached">{formatCount(row.cached_tokens)}</Pair>
        )}
        {row.kind === "llm" && <Pair name="Out">{tokens(row.completion_tokens)}</Pair>}
        {retries > 0 && (
          <Pair name="Retries" title="Sent again, because the provider was busy">
            {formatCount(retries)}
          </Pair>
        )}
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
