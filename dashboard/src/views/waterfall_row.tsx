import type { EventRow } from "../api/types";
import { type Axis, type TimeWindow, barOf, percentIn } from "../model/axis";
import { formatDuration, formatDurationExact } from "../model/duration";
import { kindClass } from "../model/kind";
import { eventName } from "../model/story";
import type { TreeRow } from "../model/tree";
import { Glyph } from "../parts/glyph";
import { memo } from "../parts/memo";

const INDENT_PX = 16;
const DEEPEST = 12; // deeper rows keep this indent, so that a name never runs out of its column

interface Row {
  row: TreeRow;
  axis: Axis;
  window: TimeWindow;
  /** The moment of the replay; null when all shows. */
  atMs: number | null;
  offsetPx: number;
  isRunning: boolean;
  isChosen: boolean;
  /** It shows only because a match lies in it. */
  isAround: boolean;
  choose: (eventId: string) => void;
  fold: (eventId: string, isFolded: boolean) => void;
}

export function rowId(eventId: string): string {
  return `event-${eventId}`;
}

export const WaterfallRow = memo(function WaterfallRow(props: Row) {
  const { row, axis, atMs, offsetPx, isChosen, isAround, choose, fold } = props;
  const { event, depth, childCount, isCollapsed } = row;
  const isLater = atMs !== null && barOf(event, axis).startMs > atMs;
  const name = eventName(event);
  const indentPx = Math.min(depth, DEEPEST) * INDENT_PX;
  return (
    <div
      id={rowId(event.id)}
      role="treeitem"
      class={`row${isChosen ? " chosen" : ""}${isAround ? " around" : ""}${isLater ? " later" : ""}`}
      aria-level={depth + 1}
      aria-selected={isChosen}
      aria-expanded={childCount > 0 ? !isCollapsed : undefined}
      style={{ top: `${offsetPx}px` }}
      onClick={() => choose(event.id)}
      data-testid="event-row"
      data-kind={event.kind}
    >
      <div class="name" style={{ paddingLeft: `${indentPx}px` }} title={name}>
        <Fold childCount={childCount} isCollapsed={isCollapsed} toggle={() => fold(event.id, !isCollapsed)} />
        <Glyph kind={event.kind} />
        <span class="text">{name}</span>
        {isCollapsed && <span class="dim">{childCount}</span>}
      </div>
      {!isLater && <Lane {...props} />}
      {isLater && <div class="lane" />}
      <Took event={event} />
    </div>
  );
});

function Took({ event: { duration_ms, kind } }: { event: EventRow }) {
  if (duration_ms === null) return <div class="ms">–</div>;
  // Most errors are a moment; that they took no time is nothing to tell.
  if (duration_ms === 0 && kind === "error") return <div class="ms" />;
  return (
    <div class="ms" title={formatDurationExact(duration_ms)}>
      {formatDuration(duration_ms)}
    </div>
  );
}

/** For the pointer only: the keyboard folds with the arrow keys, as in every tree. */
function Fold({ childCount, isCollapsed, toggle }: { childCount: number; isCollapsed: boolean; toggle: () => void }) {
  if (childCount === 0) return <span class="fold" />;
  return (
    <span
      class={isCollapsed ? "fold shut" : "fold open"}
      aria-hidden="true"
      onClick={(event) => {
        event.stopPropagation();
        toggle();
      }}
    >
      <svg viewBox="0 0 12 12">
        <path d="M4 2.5l4 3.5-4 3.5" />
      </svg>
    </span>
  );
}

function Lane({ row: { event }, axis, window, atMs, isRunning }: Row) {
  const { startMs, endMs } = barOf(event, axis);
  // What has no end yet goes on to the edge while the session runs, and is a point when nothing more will come.
  const isOpen = endMs === null && isRunning;
  const untilMs = Math.min(endMs ?? (isRunning ? axis.spanMs : startMs), atMs ?? Infinity);
  if (untilMs < window.fromMs || startMs > window.toMs) return <div class="lane" />;
  const from = Math.max(percentIn(window, startMs), 0);
  const to = Math.min(percentIn(window, untilMs), 100);
  const firstTokenMs = event.first_token_ms;
  const span = untilMs - startMs;
  return (
    <div class="lane">
      <i
        class={`${kindClass(event.kind)}${isOpen ? " going" : ""}`}
        style={{ left: `${from}%`, width: `${to - from}%` }}
      >
        {firstTokenMs !== null && span > 0 && startMs >= window.fromMs && (
          <b class="first-token" style={{ width: `${Math.min(firstTokenMs / span, 1) * 100}%` }} />
        )}
      </i>
    </div>
  );
}
