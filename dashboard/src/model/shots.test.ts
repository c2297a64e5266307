import { describe, expect, it } from "vitest";
import { axisOf } from "./axis";
import { makeEvent, makeSession } from "./samples";
import { shotAt, shotsAround, shotsOf } from "./shots";

const event = (second: number, has_screenshot: boolean) =>
  makeEvent({
    id: String(second),
    has_screenshot,
    init_timestamp: `2026-11-20T10:00:0${second}Z`,
    end_timestamp: null,
  });
const events = [event(0, false), event(2, true), event(4, true), event(6, true), event(8, false)];
const shots = shotsOf(events);
const axis = axisOf(makeSession(), events);

describe("shotsOf", () => {
  it("keeps the events that have one", () => {
    expect(shots.map(({ id }) => id)).toEqual(["2", "4", "6"]);
  });
});

describe("shotAt", () => {
  it("is the last one taken by then", () => {
    expect([0, 2_000, 3_999, 4_000, 9_000, null].map((ms) => shotAt(shots, axis, ms))).toEqual([0, 0, 0, 1, 2, 2]);
  });
});

describe("shotsAround", () => {
  it("is never more than asked for, and fewer only where there are fewer", () => {
    expect(shotsAround(shots, 0, 2).map(({ id }) => id)).toEqual(["2", "4"]);
    expect(shotsAround(shots, 2, 2).map(({ id }) => id)).toEqual(["4", "6"]);
    expect(shotsAround(shots, 1, 9)).toHaveLength(3);
  });
});
