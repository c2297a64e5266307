/** The time axis that every view of a session shares. */

import type { EventRow, Session } from "../api/types";
import { timesOf } from "./event_times";
import { decodeTimeNs } from "./time";

export interface Axis {
  originNs: bigint;
  spanMs: number;
}

/** The part of an axis that is looked at, in milliseconds from its origin. */
export interface TimeWindow {
  fromMs: number;
  toMs: number;
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
  const extend = (ns: bigint | null) => {
    if (ns === null) return;
    if (first === null || ns < first) first = ns;
    if (last === null || ns > last) last = ns;
  };
  extend(session.end_timestamp === null ? null : decodeTimeNs(session.end_timestamp));
  extend(decodeTimeNs(session.stats.last_activity));
  for (const event of events) {
    const { startNs, endNs } = timesOf(event);
    extend(startNs);
    extend(endNs);
  }
  const originNs = first ?? 0n;
  return { originNs, spanMs: Math.max(Number((last ?? originNs) - originNs) / 1e6, LEAST_SPAN_MS) };
}

/** Where an event lies on the axis, in milliseconds from its origin. An end before the start counts as the start. */
export function barOf(event: EventRow, axis: Axis): Bar {
  const { startNs, endNs } = timesOf(event);
  const startMs = startNs === null ? 0 : Number(startNs - axis.originNs) / 1e6;
  const endMs = endNs === null ? null : Number(endNs - axis.originNs) / 1e6;
  return { startMs, endMs: endMs === null ? null : Math.max(endMs, startMs) };
}

export function wholeOf(axis: Axis): TimeWindow {
  return { fromMs: 0, toMs: axis.spanMs };
}

/** A window that lies on the axis and is no smaller than can be drawn; all of the axis when it is none. */
export function clampWindow(window: TimeWindow, axis: Axis): TimeWindow {
  const least = Math.min(Math.max(axis.spanMs / 100_000, LEAST_SPAN_MS), axis.spanMs);
  const span = Math.min(Math.max(window.toMs - window.fromMs, least), axis.spanMs);
  const fromMs = Math.min(Math.max(window.fromMs, 0), axis.spanMs - span);
  return { fromMs, toMs: fromMs + span };
}

/** The window made `factor` times as long around a moment, which keeps its place. */
export function zoomAround(window: TimeWindow, atMs: number, factor: number, axis: Axis): TimeWindow {
  const fromMs = atMs - (atMs - window.fromMs) * factor;
  const toMs = atMs + (window.toMs - atMs) * factor;
  return clampWindow({ fromMs, toMs }, axis);
}

/** Where a moment lies in a window, in percent of its width. */
export function percentIn({ fromMs, toMs }: TimeWindow, ms: number): number {
  return ((ms - fromMs) / (toMs - fromMs)) * 100;
}

/** The distance between marks: the smallest round one that makes at most `most` of them. */
export function tickStepMs(spanMs: number, most: number): number {
  const least = spanMs / Math.max(most, 1);
  const step = STEPS_MS.find((candidate) => candidate >= least);
  return step ?? Math.ceil(least / DAY_MS) * DAY_MS;
}

/** The marks inside a window, at multiples of `stepMs` from the axis' origin. */
export function ticksMs({ fromMs, toMs }: TimeWindow, stepMs: number): number[] {
  const first = Math.ceil(fromMs / stepMs - 1e-9);
  const last = Math.floor(toMs / stepMs + 1e-9);
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => (first + index) * stepMs);
}

const LAST_PERCENT = 90;

/**
 * Where the label of a mark goes: behind it. One that would run out of the lane has none, for before it is the label of the
 * mark before; the only mark has it there.
 */
export function labelSide(percent: number, stepPercent: number): "after" | "before" | null {
  if (percent <= LAST_PERCENT) return "after";
  return stepPercent > percent ? "before" : null;
}
