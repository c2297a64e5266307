import { expect, it } from "vitest";
import type { GraphNode } from "./graph";
import { NODE, placeGraph } from "./graph_layout";

const node = (id: string, kind: GraphNode["kind"]): GraphNode => ({
  id,
  kind,
  name: id,
  calls: 1,
  errors: 0,
  durationMs: 0,
  cost: "0",
});
const edge = (from: string, to: string) => ({ from, to, calls: 1, errors: 0 });
const STEP = NODE.widthPx + NODE.gapXPx;

it("puts who is handed over to further right, and what is used last", () => {
  const nodes = [node("a", "agent"), node("b", "agent"), node("t", "tool"), node("u", "tool")];
  const placed = placeGraph({ nodes, edges: [edge("a", "b"), edge("b", "t"), edge("a", "u")] });
  expect(placed.nodes.map(({ node, x }) => [node.id, x])).toEqual([
    ["a", 0],
    ["b", STEP],
    ["t", 2 * STEP],
    ["u", 2 * STEP],
  ]);
  expect(placed.heightPx).toBe(2 * (NODE.heightPx + NODE.gapYPx));
});

it("ends with agents that hand over to each other", () => {
  const placed = placeGraph({
    nodes: [node("a", "agent"), node("b", "agent")],
    edges: [edge("a", "b"), edge("b", "a")],
  });
  expect(placed.nodes).toHaveLength(2);
  expect(placed.nodes.every(({ x, y }) => x >= 0 && y >= 0)).toBe(true);
});
