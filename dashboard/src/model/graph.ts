/** Who called what in a session: agents, the tools and models that they used, and whom they handed over to. */

import type { Agent, EventRow } from "../api/types";
import { addMoney } from "./money";
import { eventName } from "./story";

export type NodeKind = "agent" | "tool" | "llm";

export interface GraphNode {
  id: string;
  kind: NodeKind;
  name: string;
  calls: number;
  errors: number;
  durationMs: number;
  cost: string;
}

export interface GraphEdge {
  from: string;
  to: string;
  calls: number;
  errors: number;
}

export interface CallGraph {
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
}

const PROGRAM = "agent ";

/** Events without an agent are the program's own. A handover is an event in one that another agent recorded. */
export function graphOf(events: readonly EventRow[], agents: readonly Agent[]): CallGraph {
  const names = new Map(agents.map(({ id, name }) => [id, name]));
  const nodes = new Map<string, Counting>();
  const edges = new Map<string, GraphEdge>();
  const byId = new Map(events.map((event) => [event.id, event]));
  const node = (id: string, kind: NodeKind, name: string) => {
    const known = nodes.get(id);
    if (known !== undefined) return known;
    const made = { id, kind, name, calls: 0, errors: 0, durationMs: 0, costs: [] };
    nodes.set(id, made);
    return made;
  };
  const edge = (from: string, to: string) => {
    const key = `${from}\n${to}`;
    const known = edges.get(key) ?? { from, to, calls: 0, errors: 0 };
    edges.set(key, known);
    return known;
  };
  for (const event of events) {
    const owner = node(ownerOf(event), "agent", names.get(event.agent_id ?? "") ?? "program");
    if (event.kind === "tool" || event.kind === "llm") {
      const used = node(targetOf(event), event.kind, targetName(event));
      used.calls += 1;
      used.durationMs += event.duration_ms ?? 0;
      if (event.cost !== null) {
        used.costs.push(event.cost);
        owner.costs.push(event.cost);
      }
      edge(owner.id, used.id).calls += 1;
    }
    if (event.kind === "error") {
      const origin = byId.get(event.trigger_event_id ?? event.parent_id ?? "");
      owner.errors += 1;
      if (origin?.kind === "tool" || origin?.kind === "llm") {
        node(targetOf(origin), origin.kind, targetName(origin)).errors += 1;
        edge(ownerOf(origin), targetOf(origin)).errors += 1;
      }
    }
    const parent = byId.get(event.parent_id ?? "");
    if (parent === undefined || ownerOf(parent) === owner.id) continue;
    edge(ownerOf(parent), owner.id).calls += 1;
    owner.calls += 1;
  }
  return {
    nodes: [...nodes.values()].map(({ costs, ...rest }) => ({ ...rest, cost: addMoney(costs) })),
    edges: [...edges.values()],
  };
}

type Counting = Omit<GraphNode, "cost"> & { costs: string[] };

function ownerOf(event: EventRow): string {
  return `${PROGRAM}${event.agent_id ?? ""}`;
}

function targetOf(event: EventRow): string {
  return `${event.kind} ${targetName(event)}`;
}

function targetName(event: EventRow): string {
  return event.kind === "llm" ? (event.model ?? eventName(event)) : eventName(event);
}

/** The agent that a node stands for, as events name it; null for the program itself and for what is no agent. */
export function agentIdOf(node: GraphNode): string | null {
  return node.kind === "agent" && node.id !== PROGRAM ? node.id.slice(PROGRAM.length) : null;
}
