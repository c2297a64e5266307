/** What the figures of a session leave unsaid: how much of it the models took, what came again. */

import type { EventRow } from "../api/types";
import { timesOf } from "./event_times";

/** The share of `spanMs` during which at least one LLM call ran, from 0 to 1. */
export function modelShare(events: readonly EventRow[], spanMs: number): number {
  const spans = events
    .filter((event) => event.kind === "llm")
    .flatMap((event) => {
      const { startNs, endNs } = timesOf(event);
      return startNs === null || endNs === null || endNs <= startNs ? [] : [[startNs, endNs] as const];
    })
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  let busy = 0n;
  let until: bigint | null = null;
  for (const [start, end] of spans) {
    const from: bigint = until !== null && until > start ? until : start;
    if (end > from) busy += end - from;
    if (until === null || end > until) until = end;
  }
  return spanMs <= 0 ? 0 : Math.min(Number(busy) / 1e6 / spanMs, 1);
}

/** The duration that `share` of the LLM calls stay below, by the nearest rank; null without calls that ended. */
export function latencyMs(events: readonly EventRow[], share: number): number | null {
  const known = events
    .flatMap((event) => (event.kind === "llm" && event.duration_ms !== null ? [event.duration_ms] : []))
    .sort((a, b) => a - b);
  return known[Math.max(Math.ceil(known.length * share) - 1, 0)] ?? null;
}
