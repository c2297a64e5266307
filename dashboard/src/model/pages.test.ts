import { describe, expect, it } from "vitest";
import type { Session } from "../api/types";
import { appendPage, refreshFirstPage, updateSessions } from "./pages";
import { makeSession } from "./samples";

const at = (minute: number, fields: Partial<Session> = {}) =>
  makeSession({ session_id: `s${minute}`, init_timestamp: `2026-11-20T10:${minute}:00Z`, ...fields });
const ids = (loaded: { sessions: readonly Session[] }) => loaded.sessions.map((session) => session.session_id);

it("appends the next older page, newest first, none twice", () => {
  const first = { sessions: [at(30), at(29)], nextCursor: "c1" };
  const loaded = appendPage(first, { sessions: [at(29), at(28)], next_cursor: null });
  expect(ids(loaded)).toEqual(["s30", "s29", "s28"]);
  expect(loaded.nextCursor).toBeNull();
});

it("tells times apart whatever their number of digits", () => {
  const first = { sessions: [at(30, { init_timestamp: "2026-11-20T10:41:07.1Z" })], nextCursor: "c1" };
  const page = [
    at(31, { init_timestamp: "2026-11-20T10:41:07.12Z" }),
    at(29, { init_timestamp: "2026-11-20T10:41:07Z" }),
  ];
  expect(ids(appendPage(first, { sessions: page, next_cursor: null }))).toEqual(["s31", "s30", "s29"]);
});

describe("refreshFirstPage", () => {
  const loaded = { sessions: [at(30), at(29), at(28)], nextCursor: "c9" };

  it("puts new sessions on top and keeps the pages below", () => {
    const next = refreshFirstPage(loaded, { sessions: [at(31), at(30, { name: "renamed" })], next_cursor: "c1" });
    expect(ids(next)).toEqual(["s31", "s30", "s29", "s28"]);
    expect(next.sessions[1]?.name).toBe("renamed");
    expect(next.nextCursor).toBe("c9");
  });

  it("starts over when more came than a page holds", () => {
    const next = refreshFirstPage(loaded, { sessions: [at(50), at(49)], next_cursor: "c1" });
    expect(ids(next)).toEqual(["s50", "s49"]);
    expect(next.nextCursor).toBe("c1");
  });

  it("drops what a whole list no longer has", () => {
    const next = refreshFirstPage(loaded, { sessions: [at(30), at(28)], next_cursor: null });
    expect(ids(next)).toEqual(["s30", "s28"]);
    expect(next.nextCursor).toBeNull();
  });

  it("takes in the first page of an empty list", () => {
    expect(ids(refreshFirstPage({ sessions: [], nextCursor: null }, { sessions: [at(1)], next_cursor: "c" }))).toEqual([
      "s1",
    ]);
  });
});

it("replaces single sessions and moves one whose start was earlier than thought", () => {
  const loaded = { sessions: [at(30), at(29)], nextCursor: "c" };
  const moved = updateSessions(loaded, [at(30, { init_timestamp: "2026-11-20T10:01:00Z" })]);
  expect(ids(moved)).toEqual(["s29", "s30"]);
});

describe("in another order than that of their starts", () => {
  const loaded = { sessions: [at(20), at(30), at(25)], nextCursor: "c9" };

  it("keeps the server's order, the first page on top in its newest version", () => {
    const page = { sessions: [at(30, { name: "renamed" }), at(20)], next_cursor: "c1" };
    const next = refreshFirstPage(loaded, page, false);
    expect(ids(next)).toEqual(["s30", "s20", "s25"]);
    expect(next.sessions[0]?.name).toBe("renamed");
  });

  it("appends at the end", () => {
    expect(ids(appendPage(loaded, { sessions: [at(29)], next_cursor: null }, false))).toEqual([
      "s20",
      "s30",
      "s25",
      "s29",
    ]);
  });
});
