/** When events happened, decoded once each: a session of 50,000 is laid out again and again. */

import type { EventRow } from "../api/types";
import { decodeTimeNs } from "./time";

export interface EventTimes {
  /** Null for what is not a time. */
  startNs: bigint | null;
  endNs: bigint | null;
}

const known = new WeakMap<EventRow, EventTimes>();

export function timesOf(event: EventRow): EventTimes {
  const found = known.get(event);
  if (found !== undefined) return found;
  const made = {
    startNs: decodeTimeNs(event.init_timestamp),
    endNs: event.end_timestamp === null ? null : decodeTimeNs(event.end_timestamp),
  };
  known.set(event, made);
  return made;
}
