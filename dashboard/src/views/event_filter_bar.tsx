import { NO_FILTER, isNarrowed, nextHit, toggleKind } from "../model/event_filter";
import { KIND_CLASSES, kindWord } from "../model/kind";
import { formatCount } from "../model/story";
import { Glyph } from "../parts/glyph";
import { useKeys } from "../parts/keys";
import type { Scope } from "./scope";

const WORDS = {
  llm: "LLM calls",
  tool: "Tools",
  action: "Actions",
  error: "Errors",
  agent: "Agents and steps",
} as const;
const NONE: ReadonlySet<string> = new Set();

interface Bar {
  scope: Scope;
  /** What shows, from top to bottom. */
  order: readonly string[];
  /** What of it matches; undefined while nothing is looked for. */
  hits: ReadonlySet<string> | undefined;
}

/** What of the session shows: kinds, one agent, words in names and in what events carry; and the way from hit to hit. */
export function EventFilterBar({ scope, order, hits = NONE }: Bar) {
  const { place, go, session, choose } = scope;
  const { filter } = place;
  const agents = session.agents ?? [];
  const jump = (by: 1 | -1) => {
    const id = nextHit(order, hits, place.eventId, by);
    if (id !== null) choose(id);
  };
  useKeys({ n: () => jump(1), N: () => jump(-1) });
  return (
    <div class="event-filter" role="search" aria-label="Events">
      <div class="kinds" role="group" aria-label="Kinds">
        {KIND_CLASSES.map((kind) => (
          <button
            key={kind}
            type="button"
            class="toggle"
            aria-pressed={filter.kinds.includes(kind)}
            aria-label={WORDS[kind]}
            title={kindWord(kind)}
            onClick={() => go({ filter: toggleKind(filter, kind) })}
          >
            <Glyph kind={kind} />
          </button>
        ))}
      </div>
      {agents.length > 0 && (
        <select
          aria-label="Agent"
          value={filter.agentId ?? ""}
          onChange={(event) => go({ filter: { ...filter, agentId: event.currentTarget.value || null } })}
        >
          <option value="">All agents</option>
          {agents.map((agent) => (
            <option key={agent.id} value={agent.id}>
              {agent.name}
            </option>
          ))}
        </select>
      )}
      <input
        type="search"
        class="find"
        aria-label="Find in this session"
        placeholder="Find in names and texts"
        data-search
        value={filter.text}
        onInput={(event) => go({ filter: { ...filter, text: event.currentTarget.value } })}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
          if (event.key === "Enter") jump(event.shiftKey ? -1 : 1);
        }}
      />
      {isNarrowed(filter) && (
        <>
          <span class="dim found" role="status">
            {foundText(scope, order, hits)}
          </span>
          {hits.size > 0 && (
            <span class="jumps">
              <button
                type="button"
                class="btn"
                aria-label="Previous hit"
                title="Previous hit (N)"
                onClick={() => jump(-1)}
              >
                ↑
              </button>
              <button type="button" class="btn" aria-label="Next hit" title="Next hit (n)" onClick={() => jump(1)}>
                ↓
              </button>
            </span>
          )}
          <button type="button" class="btn" onClick={() => go({ filter: NO_FILTER })}>
            Clear
          </button>
        </>
      )}
    </div>
  );
}

/** "12 found", "3 of 12" where one of them is chosen; and what is not known yet, or not at all. */
function foundText({ place, words }: Scope, order: readonly string[], hits: ReadonlySet<string>): string {
  const total = `${formatCount(hits.size)}${words.isCut ? "+" : ""}`;
  const isAtHit = place.eventId !== null && hits.has(place.eventId);
  const at = isAtHit ? order.filter((id) => hits.has(id)).indexOf(place.eventId ?? "") + 1 : 0;
  const found = at > 0 ? `${formatCount(at)} of ${total}` : `${total} found`;
  if (words.isSearching) return `${found}, searching texts …`;
  return words.error === null ? found : `${found} in names; texts could not be searched: ${words.error.message}`;
}
