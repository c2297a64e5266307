import { NO_FILTER, isNarrowed, toggleKind } from "../model/event_filter";
import { KIND_CLASSES, kindWord } from "../model/kind";
import { formatCount } from "../model/story";
import { Glyph } from "../parts/glyph";
import type { Scope } from "./scope";

const WORDS = {
  llm: "LLM calls",
  tool: "Tools",
  action: "Actions",
  error: "Errors",
  agent: "Agents and steps",
} as const;

/** What of the session shows: kinds, one agent, a word. `found` is how many events are left. */
export function EventFilterBar({ scope, found }: { scope: Scope; found: number }) {
  const { place, go, session } = scope;
  const { filter } = place;
  const agents = session.agents ?? [];
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
        placeholder="Find"
        data-search
        value={filter.text}
        onInput={(event) => go({ filter: { ...filter, text: event.currentTarget.value } })}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
      />
      {isNarrowed(filter) && (
        <>
          <span class="dim" role="status">
            {formatCount(found)} found
          </span>
          <button type="button" class="btn" onClick={() => go({ filter: NO_FILTER })}>
            Clear
          </button>
        </>
      )}
    </div>
  );
}
