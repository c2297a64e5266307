/** The pages of a session's events: read once from the beginning, then kept up to date at their end. */

import type { EventPage, EventRow } from "../api/types";

export interface LoadedPage {
  /** Where it begins; null for the first. */
  cursor: string | null;
  events: readonly EventRow[];
}

export type ReadPage = (cursor: string | null) => Promise<EventPage>;

interface Known {
  pages: readonly LoadedPage[];
  isRunning: boolean;
  /** How many events the server counts. */
  expected: number;
}

/**
 * What grows is the last page: a long session that runs is not read from its beginning every two seconds. When the count then
 * disagrees with the server's, an event came in further up, and all is read anew; so it is once the session ended.
 */
export async function refreshPages({ pages, isRunning, expected }: Known, read: ReadPage): Promise<LoadedPage[]> {
  if (isRunning && pages.length > 1) {
    const grown = await readPages(pages.slice(0, -1), pages.at(-1)?.cursor ?? null, read);
    if (new Set(eventsOf(grown).map((event) => event.id)).size === expected) return grown;
  }
  return readPages([], null, read);
}

/** Reads every page from `cursor` on and puts them after `before`; `onProgress` is told of each. */
export async function readPages(
  before: readonly LoadedPage[],
  cursor: string | null,
  read: ReadPage,
  onProgress: (pages: readonly LoadedPage[]) => void = () => undefined,
): Promise<LoadedPage[]> {
  const pages = [...before];
  let next = cursor;
  do {
    const page = await read(next);
    pages.push({ cursor: next, events: page.events });
    onProgress(pages);
    next = page.next_cursor;
  } while (next !== null);
  return pages;
}

export function eventsOf(pages: readonly LoadedPage[]): EventRow[] {
  return pages.flatMap((page) => page.events);
}
