/** The screenshots of a session: which one shows at a moment, and which are near it. */

import type { EventRow } from "../api/types";
import { type Axis, barOf } from "./axis";

export function shotsOf(events: readonly EventRow[]): EventRow[] {
  return events.filter((event) => event.has_screenshot);
}

/** The last screenshot that had been taken at a moment, null standing for the end; the first one before there was any. */
export function shotAt(shots: readonly EventRow[], axis: Axis, atMs: number | null): number {
  if (atMs === null) return shots.length - 1;
  let [low, high] = [0, shots.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const shot = shots[middle];
    if (shot !== undefined && barOf(shot, axis).startMs <= atMs) low = middle + 1;
    else high = middle;
  }
  return Math.max(low - 1, 0);
}

/** The screenshots around one, `count` of them where there are so many: each is read by itself. */
export function shotsAround(shots: readonly EventRow[], index: number, count: number): EventRow[] {
  const start = Math.max(Math.min(index - Math.floor(count / 2), shots.length - count), 0);
  return shots.slice(start, start + count);
}
