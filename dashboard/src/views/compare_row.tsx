import { useState } from "preact/hooks";
import type { EventContents } from "../api/event_contents";
import type { EventContent, EventRow } from "../api/types";
import { type Pair, differencesOf } from "../model/alignment";
import { eventCost } from "../model/cost";
import { formatDuration } from "../model/duration";
import { eventName } from "../model/story";
import { Glyph } from "../parts/glyph";
import { Payload } from "../parts/payload";

interface Row {
  pair: Pair;
  isParting: boolean;
  leftContents: EventContents;
  rightContents: EventContents;
}

/** One step of both; opened, what they carried differently. */
export function CompareRow({ pair, isParting, leftContents, rightContents }: Row) {
  const [isOpen, setIsOpen] = useState(false);
  const isAlone = pair.left === null || pair.right === null;
  return (
    <details
      class={`pair${isAlone ? " single" : ""}${isParting ? " parting" : ""}`}
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
      data-testid="pair"
    >
      <summary>
        <Step event={pair.left} />
        <Step event={pair.right} />
      </summary>
      {isOpen && <Differences pair={pair} leftContents={leftContents} rightContents={rightContents} />}
    </details>
  );
}

function Step({ event }: { event: EventRow | null }) {
  if (event === null) return <span class="step none dim">not in this one</span>;
  return (
    <span class="step">
      <Glyph kind={event.kind} />
      <span class="text">{eventName(event)}</span>
      <span class="dim num">
        {event.kind === "llm" && `${eventCost(event.cost).text} · `}
        {event.duration_ms === null ? "–" : formatDuration(event.duration_ms)}
      </span>
    </span>
  );
}

function Differences({ pair, leftContents, rightContents }: Omit<Row, "isParting">) {
  const left = pair.left === null ? null : leftContents.read(pair.left.id).value;
  const right = pair.right === null ? null : rightContents.read(pair.right.id).value;
  const error = left?.error ?? right?.error;
  if (error != null) return <p role="alert">{error.message}</p>;
  if ((left !== null && left.content === null) || (right !== null && right.content === null))
    return <p class="dim">Loading</p>;
  const [one, other]: EventContent[] = [left?.content ?? {}, right?.content ?? {}];
  const keys = differencesOf(one ?? {}, other ?? {});
  if (keys.length === 0) return <p class="dim same">Both carried the same.</p>;
  return (
    <div class="differences">
      {keys.map((key) => (
        <section key={key}>
          <h3>{key}</h3>
          <div>
            <Payload value={one?.[key] ?? null} label={`${key} of one`} />
            <Payload value={other?.[key] ?? null} label={`${key} of the other`} />
          </div>
        </section>
      ))}
    </div>
  );
}
