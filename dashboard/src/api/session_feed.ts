/** One session with its events as the page holds it, growing as the session does. */

import { type ReadonlySignal, batch, signal } from "@preact/signals";
import { type ApiError, asApiError, fetchJson, isAbort } from "./client";
import { follow } from "./live";
import type { EventContent, EventPage, EventRow, Session } from "./types";

const RUNNING_MS = 2_000;
// An ended session may still change: events that arrive late count, and another process may join it.
const ENDED_MS = 15_000;
const PAGE_EVENTS = 5_000;

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

interface LoadedPage {
  /** Where it begins. */
  cursor: string | null;
  events: EventRow[];
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
      const version = `${next.stats.events} ${next.stats.last_activity ?? ""} ${next.is_running}`;
      if (version !== shown) await refreshEvents(next, abort);
      shown = version;
      error.value = null;
    } catch (reason) {
      if (!isAbort(reason)) error.value = asApiError(reason);
      throw reason;
    }
  };

  // What grows is the last page: a long session that runs is not read from its beginning every two seconds. When the count
  // then disagrees with the server's, an event came in further up, and all is read anew; so it is once the session ended.
  const refreshEvents = async (next: Session, abort: AbortSignal) => {
    if (next.is_running && pages.length > 1) {
      await readPages(pages.length - 1, abort);
      if (countEvents(pages) === next.stats.events) return;
    }
    await readPages(0, abort);
  };

  const readPages = async (from: number, abort: AbortSignal) => {
    const read = pages.slice(0, from);
    let cursor = pages[from]?.cursor ?? null;
    do {
      const page: EventPage = await fetchJson(eventsPath(id, cursor), { signal: abort });
      read.push({ cursor, events: page.events });
      cursor = page.next_cursor;
      // The first time, every page shows at once; later, what is on the screen stays until the whole is known.
      if (!areEventsLoaded.peek()) events.value = read.flatMap((one) => one.events);
    } while (cursor !== null);
    pages = read;
    batch(() => {
      events.value = read.flatMap((one) => one.events);
      areEventsLoaded.value = true;
    });
  };

  const start = () => follow(refresh, () => (session.peek()?.is_running === true ? RUNNING_MS : ENDED_MS));
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
  return fetchJson<EventContent>(`${sessionPath(sessionId)}/events/${encodeURIComponent(eventId)}`, { signal: abort });
}

export function exportPath(id: string): string {
  return `${sessionPath(id)}/export`;
}

function countEvents(pages: readonly LoadedPage[]): number {
  return pages.reduce((sum, page) => sum + page.events.length, 0);
}

function sessionPath(id: string): string {
  return `/v2/sessions/${encodeURIComponent(id)}`;
}

function eventsPath(id: string, cursor: string | null): string {
  const query = new URLSearchParams({ limit: String(PAGE_EVENTS) });
  if (cursor !== null) query.set("cursor", cursor);
  return `${sessionPath(id)}/events?${query.toString()}`;
}
