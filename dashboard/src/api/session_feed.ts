/** One session with its events as the page holds it, growing as the session does. */

import { type ReadonlySignal, batch, signal } from "@preact/signals";
import { type ApiError, asApiError, fetchJson, isAbort } from "./client";
import { type LoadedPage, eventsOf, readPages, refreshPages } from "../model/event_pages";
import { follow } from "./live";
import type { EventContent, EventPage, EventRow, Session } from "./types";

const RUNNING_MS = 2_000;
// An ended session may still change: events that arrive late count, and another process may join it.
const ENDED_MS = 15_000;
const NEWS_MS = 400;
// A short first page shows at once; what follows comes in few answers, for each costs the server a look at everything.
const FIRST_EVENTS = 1_000;
const PAGE_EVENTS = 25_000;
// The last page is read again and again while a session runs.
const GROWING_EVENTS = 2_000;

export interface SessionFeed {
  /** Null until the first answer. */
  session: ReadonlySignal<Session | null>;
  /** In time order. While they load, the first part of them. */
  events: ReadonlySignal<readonly EventRow[]>;
  areEventsLoaded: ReadonlySignal<boolean>;
  error: ReadonlySignal<ApiError | null>;
  retry: () => void;
  stop: () => void;
}

export function followSession(id: string): SessionFeed {
  const session = signal<Session | null>(null);
  const events = signal<readonly EventRow[]>([]);
  const areEventsLoaded = signal(false);
  const error = signal<ApiError | null>(null);
  let shown = "";
  let pages: LoadedPage[] = [];

  const refresh = async (abort: AbortSignal) => {
    try {
      const next = await fetchJson<Session>(sessionPath(id), { signal: abort });
      session.value = next;
      const version = `${next.stats.events} ${next.stats.last_activity} ${next.is_running}`;
      if (version !== shown) await refreshEvents(next, abort);
      shown = version;
      error.value = null;
    } catch (reason) {
      if (!isAbort(reason)) error.value = asApiError(reason);
      throw reason;
    }
  };

  const refreshEvents = async (next: Session, abort: AbortSignal) => {
    const limitOf = (cursor: string | null) => {
      if (areEventsLoaded.peek() && next.is_running) return GROWING_EVENTS;
      return cursor === null ? FIRST_EVENTS : PAGE_EVENTS;
    };
    const read = (cursor: string | null) =>
      fetchJson<EventPage>(eventsPath(id, cursor, limitOf(cursor)), { signal: abort });
    // The first time, every page shows at once; later, what is on the screen stays until the whole is known.
    pages = areEventsLoaded.peek()
      ? await refreshPages({ pages, isRunning: next.is_running, expected: next.stats.events }, read)
      : await readPages([], null, read, (some) => (events.value = eventsOf(some)));
    batch(() => {
      events.value = eventsOf(pages);
      areEventsLoaded.value = true;
    });
  };

  const start = () =>
    follow({
      refresh,
      intervalMs: () => (session.peek()?.is_running === true ? RUNNING_MS : ENDED_MS),
      concerns: (sessionIds) => sessionIds?.includes(id) ?? true,
      leastMs: NEWS_MS,
    });
  let stop = start();
  return {
    session,
    events,
    areEventsLoaded,
    error,
    retry: () => {
      stop();
      error.value = null;
      stop = start();
    },
    stop: () => stop(),
  };
}

/** Reads one event whole. Throws ApiError. */
export async function readEvent(sessionId: string, eventId: string, abort: AbortSignal): Promise<EventContent> {
  return fetchJson<EventContent>(eventPath(sessionId, eventId), { signal: abort });
}

export function eventPath(sessionId: string, eventId: string): string {
  return `${sessionPath(sessionId)}/events/${encodeURIComponent(eventId)}`;
}

export function exportPath(id: string): string {
  return `${sessionPath(id)}/export`;
}

function sessionPath(id: string): string {
  return `/v2/sessions/${encodeURIComponent(id)}`;
}

function eventsPath(id: string, cursor: string | null, limit: number): string {
  const query = new URLSearchParams({ limit: String(limit) });
  if (cursor !== null) query.set("cursor", cursor);
  return `${sessionPath(id)}/events?${query.toString()}`;
}
