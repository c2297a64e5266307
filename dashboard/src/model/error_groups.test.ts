import { expect, it } from "vitest";
import { groupErrors } from "./error_groups";
import { makeEvent } from "./samples";

const error = (id: string, error_type: string, details: string, trigger_event_id: string | null = null) =>
  makeEvent({ id, kind: "error", error_type, details, trigger_event_id });

it("puts the same fault together, whatever its numbers, and finds where it happened", () => {
  const tool = makeEvent({ id: "t", kind: "tool", name: "verify" });
  const groups = groupErrors([
    tool,
    error("k", "KeyError", "'order'"),
    error("a", "RateLimitError", "429: retry after 20 s", "t"),
    error("b", "RateLimitError", "429: retry after 41.5 s"),
    error("c", "TimeoutError", "429: retry after 20 s"),
  ]);
  expect(groups.map(({ name, cases }) => [name, cases.map((one) => one.error.id)])).toEqual([
    ["RateLimitError", ["a", "b"]],
    ["KeyError", ["k"]],
    ["TimeoutError", ["c"]],
  ]);
  expect(groups[0]?.cases.map((one) => one.origin?.id ?? null)).toEqual(["t", null]);
});

it("has no group without errors", () => {
  expect(groupErrors([makeEvent()])).toEqual([]);
});
