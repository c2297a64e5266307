import type { EventRow } from "../api/types";
import { type Axis, barOf } from "../model/axis";
import { formatDuration, formatDurationExact } from "../model/duration";
import { kindClass } from "../model/kind";
import { eventName } from "../model/story";
import type { TreeRow } from "../model/tree";
import { Glyph } from "../parts/glyph";

const INDENT_PX = 16;
const DEEPEST = 12; // deeper rows keep this indent, so that a name never runs out of its column

interface Row {
  row: TreeRow;
  axis: Axis;
  offsetPx: number;
  isRunning: boolean;
  isChosen: boolean;
  choose: (eventId: string) => void;
  fold: (eventId: string, isFolded: boolean) => void;
}

export function rowId(eventId: string): string {
  return `event-${eventId}`;
}

export function WaterfallRow({ row, axis, offsetPx, isRunning, isChosen, choose, fold }: Row) {
  const { event, depth, childCount, isCollapsed } = row;
  const name = eventName(event);
  const indentPx = Math.min(depth, DEEPEST) * INDENT_PX;
  return (
    <div
      id={rowId(event.id)}
      role="treeitem"
      class={isChosen ? "row chosen" : "row"}
      aria-level={depth + 1}
      aria-selected={isChosen}
      aria-expanded={childCount > 0 ? !isCollapsed : undefined}
      style={{ transform: `translateY(${offsetPx}px)` }}
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
      <Lane row={row} axis={axis} isRunning={isRunning} />
      <Took event={event} />
    </div>
  );
}

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

function Lane({ row: { event }, axis, isRunning }: { row: TreeRow; axis: Axis; isRunning: boolean }) {
  const { startMs, endMs } = barOf(event, axis);
  // What has no end yet goes on to the edge while the session runs, and is a point when nothing more will come.
  const untilMs = endMs ?? (isRunning ? axis.spanMs : startMs);
  const left = `${(startMs / axis.spanMs) * 100}%`;
  const width = `${((untilMs - startMs) / axis.spanMs) * 100}%`;
  return (
    <div class="lane">
      <i class={`${kindClass(event.kind)}${endMs === null && isRunning ? " going" : ""}`} style={{ left, width }} />
    </div>
  );
}
