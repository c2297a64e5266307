/** The processes of a session: which of their events are missing, and how far their clocks are apart. */

import type { EventRow } from "../api/types";
import { timesOf } from "./event_times";
import { parentIdOf } from "./tree";

export interface Participant {
  id: string;
  events: number;
  /** Ranges of sequence numbers that no event has, both ends included. */
  missing: readonly (readonly [number, number])[];
  /** By how much its clock is behind another's at least: its events began before those in which they lie. */
  behindMs: number;
}

/** Every process that recorded events, in the order of their first ones. */
export function participantsOf(events: readonly EventRow[]): Participant[] {
  const numbers = new Map<string, number[]>();
  for (const { participant_id, sequence } of events) {
    if (participant_id === null) continue;
    const known = numbers.get(participant_id);
    if (known === undefined) numbers.set(participant_id, [sequence]);
    else known.push(sequence);
  }
  const behind = clocksBehind(events);
  return [...numbers].map(([id, known]) => ({
    id,
    events: known.length,
    missing: findGaps(known),
    behindMs: behind.get(id) ?? 0,
  }));
}

/** The numbers from 1 to the highest one that are not there. 0 is no number: old clients give none. */
function findGaps(numbers: readonly number[]): [number, number][] {
  const sorted = [...new Set(numbers)].filter((number) => number > 0).sort((a, b) => a - b);
  const gaps: [number, number][] = [];
  let expected = 1;
  for (const number of sorted) {
    if (number > expected) gaps.push([expected, number - 1]);
    expected = number + 1;
  }
  return gaps;
}

export function countMissing(participants: readonly Participant[]): number {
  return participants.flatMap(({ missing }) => missing).reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

/** "3, 7–9" */
export function formatGaps(missing: Participant["missing"]): string {
  return missing.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join(", ");
}

/** How far apart the clocks of two processes are at least, in milliseconds; 0 when nothing shows a difference. */
export function clockSkewMs(participants: readonly Participant[]): number {
  return participants.reduce((most, { behindMs }) => Math.max(most, behindMs), 0);
}

/** By how many milliseconds a child of each process began before its parent in another process, at the most. */
function clocksBehind(events: readonly EventRow[]): Map<string, number> {
  const byId = new Map(events.map((event) => [event.id, event]));
  const behind = new Map<string, number>();
  for (const event of events) {
    const parent = byId.get(parentIdOf(event) ?? "");
    if (parent === undefined || event.participant_id === null || parent.participant_id === event.participant_id)
      continue;
    const [child, around] = [timesOf(event).startNs, timesOf(parent).startNs];
    if (child === null || around === null || around <= child) continue;
    const byMs = Number(around - child) / 1e6;
    if (byMs > (behind.get(event.participant_id) ?? 0)) behind.set(event.participant_id, byMs);
  }
  return behind;
}
