import { expect, it } from "vitest";
import type { EventPage } from "../api/types";
import { eventsOf, readPages, refreshPages } from "./event_pages";
import { makeEvent } from "./samples";

const SIZE = 2;

/** A server with so many events, and the cursors that it was asked for. */
function makeServer(ids: string[]) {
  const asked: (string | null)[] = [];
  const read = (cursor: string | null): Promise<EventPage> => {
    asked.push(cursor);
    const from = Number(cursor ?? 0);
    const events = ids.slice(from, from + SIZE).map((id) => makeEvent({ id }));
    return Promise.resolve({ events, next_cursor: from + SIZE < ids.length ? String(from + SIZE) : null });
  };
  return { asked, read };
}

const idsOf = (pages: Parameters<typeof eventsOf>[0]) => eventsOf(pages).map((event) => event.id);

it("reads all pages and tells of each", async () => {
  const counts: number[] = [];
  const server = makeServer(["a", "b", "c", "d", "e"]);
  const pages = await readPages([], null, server.read, (read) => counts.push(eventsOf(read).length));
  expect(idsOf(pages)).toEqual(["a", "b", "c", "d", "e"]);
  expect(counts).toEqual([2, 4, 5]);
});

it("asks only for the end of a session that grows", async () => {
  const pages = await readPages([], null, makeServer(["a", "b", "c"]).read);
  const server = makeServer(["a", "b", "c", "d", "e"]);
  const grown = await refreshPages({ pages, isRunning: true, expected: 5 }, server.read);
  expect(idsOf(grown)).toEqual(["a", "b", "c", "d", "e"]);
  expect(server.asked).toEqual(["2", "4"]);
});

it("reads all anew when an event came in further up", async () => {
  const pages = await readPages([], null, makeServer(["a", "b", "c"]).read);
  const server = makeServer(["a", "late", "b", "c"]);
  const grown = await refreshPages({ pages, isRunning: true, expected: 4 }, server.read);
  expect(idsOf(grown)).toEqual(["a", "late", "b", "c"]);
  expect(server.asked.slice(-2)).toEqual([null, "2"]);
});

it("reads all anew once the session ended", async () => {
  const pages = await readPages([], null, makeServer(["a", "b", "c"]).read);
  const server = makeServer(["a", "b", "c"]);
  await refreshPages({ pages, isRunning: false, expected: 3 }, server.read);
  expect(server.asked).toEqual([null, "2"]);
});
