/** The sentences a session is told in: why it ended, or what it is doing. */

import type { EventRow, Session } from "../api/types";
import { cutText } from "./json_text";
import { kindWord } from "./kind";

/** The line of a reason that says most: of a traceback the last, of anything else the first. Null when there is none. */
export function reasonLine(reason: string | null): string | null {
  const lines = (reason ?? "").split("\n").filter((line) => line.trim() !== "");
  const first = lines[0];
  if (first === undefined) return null;
  const line = /^\s*Traceback \(most recent call last\)/.test(first) ? lines.at(-1) : first;
  const { text, left } = cutText(line?.trim() ?? "", LONG_CHARACTERS);
  return left === 0 ? text : `${text}…`;
}

const LONG_CHARACTERS = 240;

/** A reason that a sentence cannot hold, such as a traceback, is shown whole elsewhere. */
export function isLongReason(reason: string | null): reason is string {
  return reason !== null && (reason.trim().includes("\n") || reason.length > LONG_CHARACTERS);
}

/** The second line of a session in a list. `isGiven` tells its own words from ours. */
export function summaryOf(session: Session): { text: string; isGiven: boolean } {
  const given = session.is_running ? null : reasonLine(session.end_state_reason);
  if (given !== null) return { text: given, isGiven: true };
  const { events } = session.stats;
  const counted = events === 1 ? "1 event" : `${formatCount(events)} events`;
  if (session.is_running) return { text: events === 0 ? "no events yet" : `${counted} so far`, isGiven: false };
  return { text: session.end_state === "Success" ? counted : `no reason given, ${counted}`, isGiven: false };
}

/** A session's own name, else the end of its id: the beginning of a time-ordered id is the same for hours. */
export function nameOf(session: Pick<Session, "name" | "session_id">): string {
  return firstText(session.name) ?? `Session ${session.session_id.slice(-6)}`;
}

export function eventName(event: Pick<EventRow, "kind" | "name" | "model" | "error_type">): string {
  return firstText(event.name, event.kind === "error" ? event.error_type : event.model) ?? kindWord(event.kind);
}

function firstText(...candidates: (string | null)[]): string | undefined {
  return candidates.map((text) => text?.trim() ?? "").find((text) => text !== "");
}

export interface ErrorStory {
  error: EventRow;
  /** Where it happened: the event that triggered it, or the one around it. */
  origin: EventRow | null;
  count: number;
}

/** The last error of a session and where it happened; null without errors. */
export function findLastError(events: readonly EventRow[]): ErrorStory | null {
  const errors = events.filter((event) => event.kind === "error");
  const error = errors.at(-1);
  if (error === undefined) return null;
  const originId = error.trigger_event_id ?? error.parent_id;
  return { error, origin: events.find((event) => event.id === originId) ?? null, count: errors.length };
}

/** What a running session did last: the event that began last. */
export function findLatest(events: readonly EventRow[]): EventRow | null {
  return events.at(-1) ?? null;
}

export function formatCount(count: number): string {
  return count.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}
