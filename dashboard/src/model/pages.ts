/** Cursor pages of a list that goes on changing while it is read. */

import type { Session, SessionPage } from "../api/types";
import { decodeTimeNs } from "./time";

export interface LoadedSessions {
  sessions: readonly Session[];
  /** Where the next older page begins; null when all are loaded. */
  nextCursor: string | null;
}

/** Adds the next older page. */
export function appendPage(loaded: LoadedSessions, page: SessionPage, isByStart = true): LoadedSessions {
  return { sessions: merge(loaded.sessions, page.sessions, isByStart), nextCursor: page.next_cursor };
}

/**
 * Takes in the first page anew. When it shares no session with what is loaded, more came in between than a page holds: the
 * list starts over from it, because between the two nobody knows what is missing. A first page that is the last one is the
 * whole list, so that what it lacks is gone.
 */
export function refreshFirstPage(loaded: LoadedSessions, page: SessionPage, isByStart = true): LoadedSessions {
  const known = new Set(loaded.sessions.map((session) => session.session_id));
  const overlaps = page.sessions.some((session) => known.has(session.session_id));
  if (page.next_cursor === null || !overlaps) return { sessions: page.sessions, nextCursor: page.next_cursor };
  const sessions = isByStart
    ? merge(loaded.sessions, page.sessions, true)
    : merge(page.sessions, loaded.sessions, false);
  return { sessions: isByStart ? sessions : preferring(sessions, page.sessions), nextCursor: loaded.nextCursor };
}

/** Takes in newer versions of single sessions. */
export function updateSessions(loaded: LoadedSessions, newer: readonly Session[], isByStart = true): LoadedSessions {
  return { sessions: merge(loaded.sessions, newer, isByStart), nextCursor: loaded.nextCursor };
}

/** The same sessions, each in the version that `newer` has of it. */
function preferring(sessions: readonly Session[], newer: readonly Session[]): Session[] {
  const byId = new Map(newer.map((session) => [session.session_id, session]));
  return sessions.map((session) => byId.get(session.session_id) ?? session);
}

/** Each session once, newest first where the list is in that order; in another one they stay where they are. */
function merge(older: readonly Session[], newer: readonly Session[], isByStart: boolean): Session[] {
  const byId = new Map(older.map((session) => [session.session_id, session]));
  for (const session of newer) byId.set(session.session_id, session);
  const merged = [...byId.values()];
  return isByStart && !isNewestFirst(merged) ? merged.sort((a, b) => compareStarts(a, b)) : merged;
}

/** As it mostly is: a page of older ones follows what is loaded. */
function isNewestFirst(sessions: readonly Session[]): boolean {
  return sessions.every((session, index) => {
    const before = sessions[index - 1];
    return before === undefined || compareStarts(before, session) <= 0;
  });
}

const starts = new WeakMap<Session, bigint>();

function compareStarts(a: Session, b: Session): number {
  const [left, right] = [startOf(a), startOf(b)];
  return left === right ? 0 : left > right ? -1 : 1;
}

/** Decoded once each: thousands of sessions are put in order again and again. */
function startOf(session: Session): bigint {
  const known = starts.get(session);
  if (known !== undefined) return known;
  const start = decodeTimeNs(session.init_timestamp) ?? 0n;
  starts.set(session, start);
  return start;
}
