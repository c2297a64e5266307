import { expect, it } from "vitest";
import { costByAgent, costByModel, costByStep } from "./breakdown";
import { makeEvent } from "./samples";
import { buildTree } from "./tree";

const call = (id: string, model: string, cost: string | null, fields = {}) =>
  makeEvent({ id, kind: "llm", model, cost, name: "", prompt_tokens: 10, completion_tokens: 1, ...fields });
const step = makeEvent({ id: "s", kind: "workflow", name: "triage" });
const events = [
  step,
  call("1", "gpt-4o", "0.10", { parent_id: "s", agent_id: "a" }),
  call("2", "mini", "0.2", { parent_id: "1" }),
  call("3", "gpt-4o", "0.2"),
  call("4", "own", null),
  makeEvent({ id: "5", kind: "tool", name: "search" }),
];
const brief = (lines: ReturnType<typeof costByModel>) =>
  lines.map(({ name, cost, unpriced, calls }) => [name, cost, unpriced, calls]);

it("sums by model, dearest first, and says what has no price", () => {
  expect(brief(costByModel(events))).toEqual([
    ["gpt-4o", "0.30", 0, 2],
    ["mini", "0.2", 0, 1],
    ["own", "0", 1, 1],
  ]);
  expect(costByModel(events)[0]).toMatchObject({ inputTokens: 20, outputTokens: 2 });
});

it("sums by agent", () => {
  const lines = costByAgent(events, [{ id: "a", session_id: "s", name: "planner", logs: null }]);
  expect(brief(lines)).toEqual([
    ["no agent", "0.4", 1, 3],
    ["planner", "0.10", 0, 1],
  ]);
});

it("sums by the outermost step", () => {
  expect(brief(costByStep(events, buildTree(events)))).toEqual([
    ["triage", "0.30", 0, 2],
    ["gpt-4o", "0.2", 0, 1],
    ["own", "0", 1, 1],
  ]);
});
