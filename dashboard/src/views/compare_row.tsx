import { useState } from "preact/hooks";
import type { EventContents } from "../api/event_contents";
import type { EventContent, EventRow } from "../api/types";
import { type Compared, DIFFERENCE_WORDS, type Pair, differencesOf } from "../model/alignment";
import { eventCost } from "../model/cost";
import { formatDuration } from "../model/duration";
import { formatMoney, isZero, subtractMoney } from "../model/money";
import { formatCount, eventName } from "../model/story";
import { formatJson } from "../model/json_text";
import { diffLines, foldSame } from "../model/text_diff";
import { Glyph } from "../parts/glyph";

const LONGEST_CHARACTERS = 200_000;

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
        <Change pair={pair} />
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

/** What the second step cost and took more or less; a difference that nobody would see is none. */
function Change({ pair: { left, right } }: { pair: Pair }) {
  if (left === null || right === null) return <span class="change num" />;
  const byMs = (right.duration_ms ?? 0) - (left.duration_ms ?? 0);
  const isKnown = left.duration_ms !== null && right.duration_ms !== null;
  const cost = left.cost === null || right.cost === null ? "0" : subtractMoney(right.cost, left.cost);
  const parts = [
    ...(isZero(cost) ? [] : [cost.startsWith("-") ? `−${formatMoney(cost.slice(1))}` : `+${formatMoney(cost)}`]),
    ...(isKnown && Math.abs(byMs) >= 1 ? [`${byMs < 0 ? "−" : "+"}${formatDuration(Math.abs(byMs))}`] : []),
  ];
  return <span class="change num dim">{parts.length === 0 ? "same" : parts.join(" · ")}</span>;
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
        <Difference key={key} of={DIFFERENCE_WORDS[key]} left={textOf(one, key)} right={textOf(other, key)} />
      ))}
    </div>
  );
}

function textOf(content: EventContent | undefined, key: Compared): string {
  const value = content?.[key] ?? null;
  return value === null ? "" : formatJson(value).slice(0, LONGEST_CHARACTERS);
}

/** Line beside line; what both have far from any difference is folded until it is wanted. */
function Difference({ of, left, right }: { of: string; left: string; right: string }) {
  const [isWhole, setIsWhole] = useState(false);
  const lines = diffLines(left, right);
  return (
    <section>
      <h3>{of}</h3>
      <table class="diff" aria-label={`${of} of both`}>
        <tbody>
          {(isWhole ? lines : foldSame(lines)).map((line, index) =>
            typeof line === "number" ? (
              <tr key={index}>
                <td colSpan={2} class="folded">
                  <button type="button" class="link dim" onClick={() => setIsWhole(true)}>
                    {line === 1 ? "1 line" : `${formatCount(line)} lines`} the same
                  </button>
                </td>
              </tr>
            ) : (
              <tr key={index} class={line.left === line.right ? "" : "changed"}>
                <td class={line.left === null ? "none" : ""}>{line.left}</td>
                <td class={line.right === null ? "none" : ""}>{line.right}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </section>
  );
}
