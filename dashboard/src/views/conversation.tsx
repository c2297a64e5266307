import { useMemo, useState } from "preact/hooks";
import type { EventRow } from "../api/types";
import { barOf } from "../model/axis";
import { type Conversation, type Turn, conversationsOf, splitSeen } from "../model/conversation";
import { eventCost } from "../model/cost";
import { formatDuration } from "../model/duration";
import { readMessages } from "../model/messages";
import { eventName, formatCount } from "../model/story";
import { Glyph } from "../parts/glyph";
import { Notice } from "../parts/notice";
import { Payload } from "../parts/payload";
import { Seen, carriedBy } from "./chat";
import { MessageView } from "./message";
import { Pending } from "./pending";
import { type Scope, agentName } from "./scope";

const PAGE_TURNS = 20;

/** What was said, agent by agent: of each call only what is new, with what its tools did folded in. */
export function ConversationView({ scope }: { scope: Scope }) {
  const { events, place, go, replay } = scope;
  const all = useMemo(() => conversationsOf(events), [events]);
  const chosen = all.find(({ agentId }) => agentId === place.filter.agentId) ?? all[0];
  if (chosen === undefined && !scope.areLoaded) return <Pending />;
  if (chosen === undefined) return <Notice title="No LLM calls">{<p>The session asked no model anything.</p>}</Notice>;
  const atMs = replay.atMs.value;
  const turns = atMs === null ? chosen.turns : chosen.turns.filter(({ llm }) => barOf(llm, scope.axis).startMs <= atMs);
  return (
    <div class="pane conversation" data-testid="conversation">
      {all.length > 1 && (
        <div class="people" role="group" aria-label="Agents">
          {all.map(({ agentId, turns: list }) => (
            <button
              key={agentId}
              type="button"
              class="toggle"
              aria-pressed={agentId === chosen.agentId}
              onClick={() => go({ filter: { ...place.filter, agentId } })}
            >
              {agentName(scope, agentId) ?? "no agent"} <span class="dim">{formatCount(list.length)}</span>
            </button>
          ))}
        </div>
      )}
      <Turns key={chosen.agentId} scope={scope} conversation={{ ...chosen, turns }} />
    </div>
  );
}

/** A page of calls: a conversation may have thousands. */
function Turns({ scope, conversation: { turns } }: { scope: Scope; conversation: Conversation }) {
  const chosen = turns.findIndex(({ llm }) => llm.id === scope.place.eventId);
  const [from, setFrom] = useState(() => Math.max(chosen - (chosen % PAGE_TURNS), 0));
  const start = Math.min(from, Math.max(turns.length - 1, 0));
  const page = turns.slice(start, start + PAGE_TURNS);
  const pager = turns.length > PAGE_TURNS && (
    <nav class="pager" aria-label="Calls">
      <button type="button" class="btn" disabled={start === 0} onClick={() => setFrom(start - PAGE_TURNS)}>
        Earlier
      </button>
      <span class="dim">
        Calls {formatCount(start + 1)} to {formatCount(start + page.length)} of {formatCount(turns.length)}
      </span>
      <button
        type="button"
        class="btn"
        disabled={start + PAGE_TURNS >= turns.length}
        onClick={() => setFrom(start + PAGE_TURNS)}
      >
        Later
      </button>
    </nav>
  );
  return (
    <>
      {pager}
      {page.map((turn, index) => (
        <TurnView key={turn.llm.id} scope={scope} turn={turn} before={turns[start + index - 1]?.llm ?? null} />
      ))}
      {pager}
    </>
  );
}

function TurnView({ scope, turn: { llm, then }, before }: { scope: Scope; turn: Turn; before: EventRow | null }) {
  const { content, error } = scope.contents.read(llm.id).value;
  const earlier = before === null ? null : scope.contents.read(before.id).value.content;
  const sessionId = scope.session.session_id;
  const cost = eventCost(llm.cost);
  const isReady = content !== null && (before === null || earlier !== null);
  const asked = content === null ? [] : readMessages(content.prompt, "user");
  const { seen, fresh } = splitSeen(earlier === null ? [] : carriedBy(earlier), asked);
  return (
    <article class="turn" aria-label={`Call of ${eventName(llm)}`} aria-busy={!isReady && error === null}>
      <header>
        <button type="button" class="link" onClick={() => scope.choose(llm.id)}>
          <Glyph kind="llm" /> {eventName(llm)}
        </button>
        <span class="dim">+{formatDuration(barOf(llm, scope.axis).startMs)}</span>
        {llm.duration_ms !== null && <span class="dim">{formatDuration(llm.duration_ms)}</span>}
        <span class="dim" title={cost.title}>
          {cost.text}
        </span>
      </header>
      {error !== null && <p role="alert">{error.message}</p>}
      {isReady && (
        <>
          <Seen messages={seen} sessionId={sessionId} fresh={fresh.length} />
          {fresh.map((message, index) => (
            <MessageView key={index} message={message} sessionId={sessionId} />
          ))}
          {readMessages(content.completion, "assistant").map((message, index) => (
            <MessageView key={`answer-${index}`} message={message} sessionId={sessionId} isAnswer />
          ))}
        </>
      )}
      {then.map((event) => (
        <Folded key={event.id} scope={scope} event={event} />
      ))}
    </article>
  );
}

/** A tool call or an error between two calls of the model; what it carries is read when it is opened. */
function Folded({ scope, event }: { scope: Scope; event: EventRow }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details class={`folded ${event.kind}`} onToggle={(toggled) => setIsOpen(toggled.currentTarget.open)}>
      <summary>
        <Glyph kind={event.kind} /> {eventName(event)}
        {event.details !== null && <span class="dim"> {event.details.slice(0, 120)}</span>}
        {event.duration_ms !== null && event.kind !== "error" && (
          <span class="dim"> {formatDuration(event.duration_ms)}</span>
        )}
      </summary>
      {isOpen && <FoldedContent scope={scope} event={event} />}
    </details>
  );
}

function FoldedContent({ scope, event }: { scope: Scope; event: EventRow }) {
  const { content, error } = scope.contents.read(event.id).value;
  if (error !== null) return <p role="alert">{error.message}</p>;
  if (content === null) return <p class="dim">Loading</p>;
  const shown = (["params", "returns", "details", "logs"] as const).filter((key) => content[key] != null);
  return (
    <>
      {shown.map((key) => (
        <Payload key={key} value={content[key] ?? null} label={key} />
      ))}
      <button type="button" class="btn" onClick={() => scope.choose(event.id)}>
        Open the event
      </button>
    </>
  );
}
