/** The time axis that every row of a waterfall shares. */

import type { EventRow, Session } from "../api/types";
import { decodeTimeNs, offsetMs } from "./time";

export interface Axis {
  originNs: bigint;
  spanMs: number;
}

export interface Bar {
  startMs: number;
  /** Null while nobody has said when the event ended. */
  endMs: number | null;
}

const STEPS_MS = [
  ...[0.001, 0.01, 0.1, 1, 10, 100].flatMap((decade) => [decade, 2 * decade, 5 * decade]),
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1_000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000),
  ...[1, 2, 3, 6, 12].map((hours) => hours * 3_600_000),
];
const DAY_MS = 86_400_000;
const LEAST_SPAN_MS = 0.001;

/** From the session's start, or an earlier event, to the last thing that is known of it. */
export function axisOf(session: Session, events: readonly EventRow[]): Axis {
  let first = decodeTimeNs(session.init_timestamp);
  let last = first;
  const extend = (text: string | null) => {
    const ns = text === null ? null : decodeTimeNs(text);
    if (ns === null) return;
    if (first === null || ns < first) first = ns;
    if (last === null || ns > last) last = ns;
  };
  extend(session.end_timestamp);
  extend(session.stats.last_activity);
  for (const event of events) {
    extend(event.init_timestamp);
    extend(event.end_timestamp);
  }
  const originNs = first ?? 0n;
  return { originNs, spanMs: Math.max(Number((last ?? originNs) - originNs) / 1e6, LEAST_SPAN_MS) };
}

/** Where an event lies on the axis, in milliseconds from its origin. An end before the start counts as the start. */
export function barOf(event: EventRow, axis: Axis): Bar {
  const startMs = offsetMs(event.init_timestamp, axis.originNs) ?? 0;
  const endMs = offsetMs(event.end_timestamp, axis.originNs);
  return { startMs, endMs: endMs === null ? null : Math.max(endMs, startMs) };
}

/** The distance between marks: the smallest round one that makes at most `most` of them. */
export function tickStepMs(spanMs: number, most: number): number {
  const least = spanMs / Math.max(most, 1);
  const step = STEPS_MS.find((candidate) => candidate >= least);
  return step ?? Math.ceil(least / DAY_MS) * DAY_MS;
}

/** Marks from 0 to the end of the axis. */
export function ticksMs(spanMs: number, stepMs: number): number[] {
  const count = Math.floor(spanMs / stepMs + 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => index * stepMs);
}
