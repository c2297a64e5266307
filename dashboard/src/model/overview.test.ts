import { expect, it } from "vitest";
import { fillDays, formatChange, rangeBefore, rangeOf, rangeOfDay, sumModels } from "./overview";

const NOON = Date.parse("2026-11-20T12:00:00Z");

it("has whole days up to today, and as many before", () => {
  const range = rangeOf(7, NOON);
  expect(range).toEqual({ since: "2026-11-14T00:00:00.000Z", until: "2026-11-21T00:00:00.000Z" });
  expect(rangeBefore(range)).toEqual({ since: "2026-11-07T00:00:00.000Z", until: "2026-11-14T00:00:00.000Z" });
  expect(rangeOfDay("2026-11-20")).toEqual(rangeOf(1, NOON));
});

it("has days without sessions too", () => {
  const day = { day: "2026-11-20", end_states: { Success: 2 }, errors: 1 };
  const filled = fillDays(rangeOf(3, NOON), [day]);
  expect(filled.map((one) => one.day)).toEqual(["2026-11-18", "2026-11-19", "2026-11-20"]);
  expect(filled[2]).toBe(day);
});

it("sums models over days exactly, dearest first", () => {
  const row = (model: string, cost: string, isBound = false) => ({
    day: "2026-11-20",
    model,
    cost,
    cost_is_lower_bound: isBound,
    unpriced_llms: 0,
    llms: 1,
    prompt_tokens: 10,
    completion_tokens: 1,
    cache_read_tokens: 0,
  });
  const sums = sumModels([row("a", "0.1"), row("b", "1"), row("a", "0.2", true)]);
  expect(
    sums.map(({ model, cost, cost_is_lower_bound, llms, tokens }) => [model, cost, cost_is_lower_bound, llms, tokens]),
  ).toEqual([
    ["b", "1", false, 1, 11],
    ["a", "0.3", true, 2, 22],
  ]);
});

it.each([
  [120, 100, "+20 %"],
  [50, 100, "−50 %"],
  [100, 100, "as before"],
  [5, 0, ""],
])("%d after %d is %s", (now, before, text) => {
  expect(formatChange(now, before)).toBe(text);
});
