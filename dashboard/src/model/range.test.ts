import { describe, expect, it } from "vitest";
import { countSteps, formatStep, rangeBefore, rangeOf, rangeOfStep, readRange, stepOf } from "./range";

const NOON = new Date(2026, 10, 20, 12).getTime(); // in whatever zone the test runs
const HOUR_S = 3_600;

function days(range: { since: string; until: string }): number {
  return (Date.parse(range.until) - Date.parse(range.since)) / 86_400_000;
}

describe("a range", () => {
  it("is whole days of the reader up to today, and as many before", () => {
    const range = rangeOf(7, NOON);
    expect(new Date(range.since).getHours()).toBe(0);
    expect(range.until).toBe(new Date(2026, 10, 21).toISOString());
    expect(days(range)).toBe(7);
    expect(rangeBefore(range)).toEqual({ since: new Date(2026, 10, 7).toISOString(), until: range.since });
  });

  it("comes from the address: days, or two times", () => {
    expect(readRange("?days=30", NOON)).toEqual({ range: rangeOf(30, NOON), days: 30 });
    expect(readRange("?days=4", NOON).days).toBe(7);
    const range = { since: "2026-11-20T10:00:00.000Z", until: "2026-11-20T11:00:00.000Z" };
    expect(readRange(`?since=${range.since}&until=${range.until}`, NOON)).toEqual({ range, days: null });
    expect(readRange(`?since=${range.until}&until=${range.since}`, NOON).days).toBe(7);
    expect(readRange("?since=x&until=y", NOON).days).toBe(7);
  });
});

describe("steps", () => {
  it.each([
    [1, HOUR_S, 24],
    [7, 6 * HOUR_S, 28],
    [30, 24 * HOUR_S, 30],
    [90, 24 * HOUR_S, 90],
    [365, 168 * HOUR_S, 53],
  ])("of %d days are %d s long", (count, stepS, steps) => {
    const since = "2026-01-01T00:00:00.000Z";
    const range = { since, until: new Date(Date.parse(since) + count * 86_400_000).toISOString() };
    expect([stepOf(range), countSteps(range, stepOf(range))]).toEqual([stepS, steps]);
  });

  it("end where the range ends", () => {
    const range = { since: "2026-11-20T10:00:00.000Z", until: "2026-11-20T12:30:00.000Z" };
    expect(countSteps(range, HOUR_S)).toBe(3);
    expect(rangeOfStep(range, HOUR_S, 2)).toEqual({ since: "2026-11-20T12:00:00.000Z", until: range.until });
  });

  it("are named by day and hour in the reader's zone", () => {
    const hour = { since: "2026-11-20T10:00:00Z", until: "2026-11-20T11:00:00Z" };
    const day = { since: "2026-11-19T23:00:00Z", until: "2026-11-20T23:00:00Z" };
    expect(formatStep(hour, HOUR_S, "Europe/Oslo")).toBe("20 Nov 11:00 – 12:00");
    expect(formatStep(day, 24 * HOUR_S, "Europe/Oslo")).toBe("20 Nov");
    expect(formatStep(day, 24 * HOUR_S, "UTC")).toBe("19 Nov 23:00 – 23:00");
    expect(formatStep({ since: day.since, until: "2026-11-26T23:00:00Z" }, 168 * HOUR_S, "Europe/Oslo")).toMatch(
      /^20\s?.\s?26 Nov$/,
    );
  });
});
