/** Where the money of a session went: by model, by agent, by step. */

import type { Agent, EventRow } from "../api/types";
import { addMoney, compareMoney } from "./money";
import { eventName } from "./story";
import type { EventTree } from "./tree";

export interface CostLine {
  key: string;
  name: string;
  cost: string;
  /** Calls of which no cost is known: then the cost is a lower bound. */
  unpriced: number;
  calls: number;
  inputTokens: number;
  outputTokens: number;
}

/** Lines by `keyOf`, dearest first. Only LLM calls and what says what it cost count. */
export function breakDown(
  events: readonly EventRow[],
  keyOf: (event: EventRow) => string,
  nameOf: (key: string) => string,
): CostLine[] {
  const groups = new Map<string, EventRow[]>();
  for (const event of events) {
    if (event.kind !== "llm" && event.cost === null) continue;
    const key = keyOf(event);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [event]);
    else known.push(event);
  }
  return [...groups]
    .map(([key, calls]) => ({
      key,
      name: nameOf(key),
      cost: addMoney(calls.flatMap(({ cost }) => cost ?? [])),
      unpriced: calls.filter(({ cost }) => cost === null).length,
      calls: calls.length,
      inputTokens: sum(calls, (call) => call.prompt_tokens),
      outputTokens: sum(calls, (call) => call.completion_tokens),
    }))
    .sort((a, b) => compareMoney(b.cost, a.cost) || b.calls - a.calls);
}

export function costByModel(events: readonly EventRow[]): CostLine[] {
  return breakDown(
    events,
    (event) => event.model ?? "",
    (key) => (key === "" ? "no model named" : key),
  );
}

export function costByAgent(events: readonly EventRow[], agents: readonly Agent[]): CostLine[] {
  const names = new Map(agents.map(({ id, name }) => [id, name]));
  return breakDown(
    events,
    (event) => event.agent_id ?? "",
    (key) => names.get(key) ?? (key === "" ? "no agent" : key),
  );
}

/** By the outermost step that a call lies in; a call that lies in none is its own step. */
export function costByStep(events: readonly EventRow[], tree: EventTree): CostLine[] {
  const byId = new Map(events.map((event) => [event.id, event]));
  const outermost = (event: EventRow) => {
    let at = event.id;
    for (let above = tree.parentOf.get(at); above !== undefined; above = tree.parentOf.get(above)) at = above;
    return at;
  };
  return breakDown(events, outermost, (key) => {
    const step = byId.get(key);
    return step === undefined ? key : eventName(step);
  });
}

function sum(events: readonly EventRow[], pick: (event: EventRow) => number | null): number {
  return events.reduce((total, event) => total + (pick(event) ?? 0), 0);
}
