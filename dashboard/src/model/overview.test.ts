import { expect, it } from "vitest";
import { formatChange, sumModels } from "./overview";

it("sums models over days exactly, dearest first", () => {
  const row = (model: string, cost: string, isBound = false) => ({
    day: "2026-11-20",
    model,
    cost,
    cost_is_lower_bound: isBound,
    unpriced_llms: 0,
    estimated_llms: 0,
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
