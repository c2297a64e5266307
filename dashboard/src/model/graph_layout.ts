/** Where the nodes of a call graph lie: agents in columns by who handed over to whom, what they use to the right. */

import type { CallGraph, GraphNode } from "./graph";

export interface PlacedNode {
  node: GraphNode;
  x: number;
  y: number;
}

export interface Placed {
  nodes: readonly PlacedNode[];
  widthPx: number;
  heightPx: number;
}

export const NODE = { widthPx: 190, heightPx: 46, gapXPx: 90, gapYPx: 14 } as const;

export function placeGraph({ nodes, edges }: CallGraph): Placed {
  const columnOf = new Map<string, number>();
  const agents = nodes.filter((node) => node.kind === "agent");
  for (const agent of agents) columnOf.set(agent.id, 0);
  // A column to the right of whoever handed over; as many rounds as there are agents end every circle.
  agents.forEach(() => {
    for (const { from, to } of edges) {
      const [left, right] = [columnOf.get(from), columnOf.get(to)];
      if (left !== undefined && right !== undefined && right <= left && left < agents.length - 1 && from !== to)
        columnOf.set(to, left + 1);
    }
  });
  const last = Math.max(0, ...columnOf.values()) + 1;
  const columns: (GraphNode[] | undefined)[] = [];
  for (const node of nodes) (columns[columnOf.get(node.id) ?? last] ??= []).push(node);
  const filled = columns.filter((column) => column !== undefined);
  const tallest = Math.max(1, ...filled.map((column) => column.length));
  const heightPx = tallest * (NODE.heightPx + NODE.gapYPx);
  const placed = filled.flatMap((column, index) => {
    const top = (heightPx - column.length * (NODE.heightPx + NODE.gapYPx)) / 2;
    return column.map((node, row) => ({
      node,
      x: index * (NODE.widthPx + NODE.gapXPx),
      y: top + row * (NODE.heightPx + NODE.gapYPx),
    }));
  });
  return { nodes: placed, widthPx: filled.length * (NODE.widthPx + NODE.gapXPx) - NODE.gapXPx, heightPx };
}
