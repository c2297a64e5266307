/** A whole session in a strip of pixels: what the minimap draws. */

import type { EventRow } from "../api/types";
import { type Axis, barOf } from "./axis";
import { type KindClass, kindClass } from "./kind";

export interface MinimapBar {
  x: number;
  y: number;
  width: number;
  kind: KindClass;
}

interface Strip {
  widthPx: number;
  heightPx: number;
  barPx: number;
}

const LEAST_PX = 2;

/**
 * One bar an event, from top to bottom in the order of the rows, bars that would lie on each other drawn once. Errors come
 * last, so that nothing covers them.
 */
export function layoutMinimap(events: readonly EventRow[], axis: Axis, strip: Strip): MinimapBar[] {
  const drawn = new Set<string>();
  const bars: MinimapBar[] = [];
  const step = (strip.heightPx - strip.barPx) / Math.max(events.length - 1, 1);
  events.forEach((event, index) => {
    const { startMs, endMs } = barOf(event, axis);
    const x = Math.min(Math.round((startMs / axis.spanMs) * strip.widthPx), strip.widthPx - LEAST_PX);
    const end = Math.round(((endMs ?? startMs) / axis.spanMs) * strip.widthPx);
    const bar = {
      x,
      y: Math.round(Math.min(step, strip.barPx * 2) * index),
      width: Math.max(end - x, LEAST_PX),
      kind: kindClass(event.kind),
    };
    const key = `${bar.kind} ${bar.x} ${bar.y} ${bar.width}`;
    if (drawn.has(key)) return;
    drawn.add(key);
    bars.push(bar);
  });
  return [...bars.filter((bar) => bar.kind !== "error"), ...bars.filter((bar) => bar.kind === "error")];
}
