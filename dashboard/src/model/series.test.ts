import { describe, expect, it } from "vitest";
import type { SpendingStep } from "../api/project_types";
import { costOfSteps, errorLines, latencyLines, spendingLines, stateLines, totalOf } from "./series";

const COST = { of: (row: SpendingStep) => Number(row.cost), sum: costOfSteps };

function spent(step: number, name: string | null, cost: string, isRest = false): SpendingStep {
  return {
    step,
    name,
    is_rest: isRest,
    cost,
    sessions: 1,
    llms: 1,
    tokens: 10,
    cost_is_lower_bound: false,
    unpriced_llms: 0,
    estimated_llms: 0,
  };
}

describe("lines of a chart", () => {
  it("have a value for every step, and only states that there are", () => {
    const rows = [
      { step: 0, end_states: { Success: 2, Failure: 1 } },
      { step: 2, end_states: { Success: 3 } },
    ];
    const lines = stateLines(rows, 3, String);
    expect(lines.map(({ label, values, total }) => [label, values, total])).toEqual([
      ["Success", [2, 0, 3], "5"],
      ["Failure", [1, 0, 0], "1"],
    ]);
    expect(totalOf(lines, 3)).toEqual([3, 0, 3]);
  });

  it("come dearest first with exact sums, the lesser ones last", () => {
    const rows = [spent(0, "a", "0.1"), spent(1, "a", "0.2"), spent(1, "b", "1"), spent(0, null, "9", true)];
    const lines = spendingLines(rows, 2, "no model", COST);
    expect(lines.map(({ name, label, texts, total }) => [name, label, texts, total])).toEqual([
      ["b", "b", ["0", "1"], "1"],
      ["a", "a", ["0.1", "0.2"], "0.3"],
      [null, "all others", ["9", "0"], "9"],
    ]);
    expect(lines.map(({ look }) => look)).toEqual(["c1", "c2", "c-rest"]);
  });

  it("tell what has no name from what lacks importance", () => {
    const rows = [spent(0, null, "1"), spent(0, null, "2", true)];
    expect(spendingLines(rows, 1, "no agent", COST).map(({ label }) => label)).toEqual(["no agent", "all others"]);
  });

  it("of errors come most frequent first", () => {
    const rows = [
      { step: 0, name: "ValueError", is_rest: false, errors: 1 },
      { step: 0, name: null, is_rest: false, errors: 4 },
    ];
    const lines = errorLines(rows, 1, "no type given", String);
    expect(lines.map(({ label, total }) => [label, total])).toEqual([
      ["no type given", "4"],
      ["ValueError", "1"],
    ]);
  });

  it("of latencies have gaps where nothing was called", () => {
    const row = { step: 1, llms: 3, p50_ms: 5, p95_ms: 8, p99_ms: 9 };
    const lines = latencyLines([row], 2, row, (ms) => `${ms} ms`);
    expect(lines.map(({ label, values, texts, total }) => [label, values, texts, total])).toEqual([
      ["p50", [null, 5], ["–", "5 ms"], "5 ms"],
      ["p95", [null, 8], ["–", "8 ms"], "8 ms"],
      ["p99", [null, 9], ["–", "9 ms"], "9 ms"],
    ]);
    expect(latencyLines([], 2, null, String)).toEqual([]);
  });
});
