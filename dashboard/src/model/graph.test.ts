import { expect, it } from "vitest";
import { agentIdOf, graphOf } from "./graph";
import { makeEvent } from "./samples";

const agents = [
  { id: "a", session_id: "s", name: "planner", logs: null },
  { id: "b", session_id: "s", name: "desk", logs: null },
];
const work = makeEvent({ id: "w", kind: "agent", agent_id: "a" });
const llm = makeEvent({ id: "l", kind: "llm", model: "gpt-4o", name: "", agent_id: "a", parent_id: "w", cost: "0.01" });
const handed = makeEvent({ id: "h", kind: "agent", agent_id: "b", parent_id: "w" });
const tool = makeEvent({ id: "t", kind: "tool", name: "verify", agent_id: "b", parent_id: "h", duration_ms: 20 });
const again = makeEvent({ ...tool, id: "t2" });
const error = makeEvent({ id: "e", kind: "error", agent_id: "b", trigger_event_id: "t2" });
const own = makeEvent({ id: "o", kind: "tool", name: "verify", agent_id: null });
const graph = graphOf([work, llm, handed, tool, again, error, own], agents);

it("has a node for every agent, model and tool", () => {
  const rows = graph.nodes.map(({ kind, name, calls, errors, cost }) => [kind, name, calls, errors, cost]);
  expect(rows).toEqual([
    ["agent", "planner", 0, 0, "0.01"],
    ["llm", "gpt-4o", 1, 0, "0.01"],
    ["agent", "desk", 1, 1, "0"],
    ["tool", "verify", 3, 1, "0"],
    ["agent", "program", 0, 0, "0"],
  ]);
  expect(graph.nodes.map(agentIdOf)).toEqual(["a", null, "b", null, null]);
});

it("has an edge for who called what and who handed over", () => {
  const rows = graph.edges.map(({ from, to, calls, errors }) => [from, to, calls, errors]);
  expect(rows).toEqual([
    ["agent a", "llm gpt-4o", 1, 0],
    ["agent a", "agent b", 1, 0],
    ["agent b", "tool verify", 2, 1],
    ["agent ", "tool verify", 1, 0],
  ]);
});
