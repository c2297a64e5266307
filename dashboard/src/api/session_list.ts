/** The list of sessions as the page holds it: pages that were loaded, kept up to date. */

import { type ReadonlySignal, signal } from "@preact/signals";
import { type SessionFilter, filterQuery, listHref } from "../model/filter";
import { type LoadedSessions, appendPage, refreshFirstPage, updateSessions } from "../model/pages";
import { type ApiError, asApiError, fetchJson, isAbort } from "./client";
import { follow } from "./live";
import type { Session, SessionPage } from "./types";

const RUNNING_MS = 2_000;
const QUIET_MS = 5_000;
const NEWS_MS = 1_500;
const PAGE_SESSIONS = 100;
const MOST_SINGLE_READS = 8;

export interface SessionList {
  /** Takes out sessions that were deleted. */
  remove: (sessionIds: readonly string[]) => void;
  /** Null until the first answer. */
  loaded: ReadonlySignal<LoadedSessions | null>;
  /** Why the last attempt failed; what was loaded before stays. */
  error: ReadonlySignal<ApiError | null>;
  loadMore: () => void;
  retry: () => void;
  stop: () => void;
}

// What the reader saw last: coming back from a session, the list is there at once and where it was.
let lastSeen: { href: string; loaded: LoadedSessions | null } = { href: "/", loaded: null };

/** The list that the reader came from. */
export function lastListHref(): string {
  return lastSeen.href;
}

const MOST_RECENT = 30;

/** The first sessions of the list that the reader saw last. */
export function recentSessions(): readonly Session[] {
  return lastSeen.loaded?.sessions.slice(0, MOST_RECENT) ?? [];
}

/** The session before or after one in the list that the reader came from; null at its ends, or where there was no list. */
export function neighbourOf(sessionId: string, by: 1 | -1): string | null {
  const sessions = lastSeen.loaded?.sessions ?? [];
  const index = sessions.findIndex((session) => session.session_id === sessionId);
  return index === -1 ? null : (sessions[index + by]?.session_id ?? null);
}

export function followSessions(filter: SessionFilter): SessionList {
  const href = listHref(filter);
  const isByStart = filter.sort === "started" && !filter.isAscending;
  const loaded = signal<LoadedSessions | null>(lastSeen.href === href ? lastSeen.loaded : null);
  const error = signal<ApiError | null>(null);
  const readAt = new Map<string, number>();
  let isLoadingMore = false;

  const refresh = async (abort: AbortSignal) => {
    try {
      const page = await fetchJson<SessionPage>(sessionsPath(filter, null), { signal: abort });
      loaded.value = refreshFirstPage(loaded.peek() ?? { sessions: [], nextCursor: null }, page, isByStart);
      await refreshOlder(page, abort);
      error.value = null;
    } catch (reason) {
      if (!isAbort(reason)) error.value = asApiError(reason);
      throw reason;
    }
  };

  // A session that still runs far down the list is on no first page: it is asked by itself, the longest unasked first.
  const refreshOlder = async (page: SessionPage, abort: AbortSignal) => {
    const fresh = new Set(page.sessions.map((session) => session.session_id));
    const older = (loaded.peek()?.sessions ?? [])
      .filter((session) => session.is_running && !fresh.has(session.session_id))
      .sort((a, b) => (readAt.get(a.session_id) ?? 0) - (readAt.get(b.session_id) ?? 0))
      .slice(0, MOST_SINGLE_READS);
    for (const session of older) readAt.set(session.session_id, Date.now());
    const answers = await Promise.allSettled(
      older.map(({ session_id }) => fetchJson<Session>(`/v2/sessions/${session_id}`, { signal: abort })),
    );
    const newer = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
    if (newer.length > 0 && loaded.value !== null) loaded.value = updateSessions(loaded.value, newer, isByStart);
  };

  const isAnyRunning = () => loaded.peek()?.sessions.some((session) => session.is_running) ?? false;
  const start = () =>
    follow({
      refresh,
      intervalMs: () => (isAnyRunning() ? RUNNING_MS : QUIET_MS),
      concerns: () => true,
      leastMs: NEWS_MS,
    });
  let stop = start();

  const loadMore = async () => {
    const cursor = loaded.peek()?.nextCursor;
    if (cursor == null || isLoadingMore) return;
    isLoadingMore = true;
    try {
      const page = await fetchJson<SessionPage>(sessionsPath(filter, cursor));
      // The list may have started over meanwhile; then this page belongs to nothing.
      if (loaded.value?.nextCursor === cursor) loaded.value = appendPage(loaded.value, page, isByStart);
    } catch (reason) {
      error.value = asApiError(reason);
    }
    isLoadingMore = false;
  };

  return {
    loaded,
    error,
    loadMore: () => void loadMore(),
    remove: (sessionIds) => {
      const known = loaded.peek();
      if (known === null) return;
      loaded.value = { ...known, sessions: known.sessions.filter((one) => !sessionIds.includes(one.session_id)) };
    },
    retry: () => {
      stop();
      error.value = null;
      stop = start();
    },
    stop: () => {
      stop();
      lastSeen = { href, loaded: loaded.peek() };
    },
  };
}

function sessionsPath(filter: SessionFilter, cursor: string | null): string {
  const query = filterQuery(filter);
  query.set("limit", String(PAGE_SESSIONS));
  if (cursor !== null) query.set("cursor", cursor);
  return `/v2/sessions?${query.toString()}`;
}
