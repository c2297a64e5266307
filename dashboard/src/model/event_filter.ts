/** Which events of a session are looked at: by kind, by agent, by a word. */

import type { EventRow } from "../api/types";
import { type KindClass, kindClass } from "./kind";
import { eventName } from "./story";
import type { EventTree } from "./tree";

export interface EventFilter {
  /** None stands for all. */
  kinds: readonly KindClass[];
  agentId: string | null;
  text: string;
}

export const NO_FILTER: EventFilter = { kinds: [], agentId: null, text: "" };

export function isNarrowed({ kinds, agentId, text }: EventFilter): boolean {
  return kinds.length > 0 || agentId !== null || text.trim() !== "";
}

/** Whether there is something to look for in texts: signs alone are no word. */
export function hasWord(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Whether an event matches. Words are looked for in its name, model, error and id, in any letter case; `carrying` are the
 * events that have them in what they carry.
 */
export function matcherOf(
  { kinds, agentId, text }: EventFilter,
  carrying: ReadonlySet<string> = NONE,
): (event: EventRow) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (event) => {
    if (kinds.length > 0 && !kinds.includes(kindClass(event.kind))) return false;
    if (agentId !== null && event.agent_id !== agentId) return false;
    if (words.length === 0 || carrying.has(event.id)) return true;
    const hay =
      `${eventName(event)} ${event.kind} ${event.model ?? ""} ${event.error_type ?? ""} ${event.details ?? ""} ${event.id}`.toLowerCase();
    return words.every((word) => hay.includes(word));
  };
}

export interface Narrowed {
  matched: ReadonlySet<string>;
  /** What matches, and what it lies in. */
  shown: ReadonlySet<string>;
}

/** What a filter leaves of a tree: every match with the events around it, so that it keeps its place. */
export function narrowTree(
  events: readonly EventRow[],
  tree: EventTree,
  filter: EventFilter,
  carrying: ReadonlySet<string> = NONE,
): Narrowed {
  const matches = matcherOf(filter, carrying);
  const matched = new Set<string>();
  const shown = new Set<string>();
  for (const event of events) {
    if (!matches(event)) continue;
    matched.add(event.id);
    for (let at: string | undefined = event.id; at !== undefined && !shown.has(at); at = tree.parentOf.get(at))
      shown.add(at);
  }
  return { matched, shown };
}

/** The next of the hits after the chosen event, or the one before it, in the order of all that shows; round its ends. */
export function nextHit(
  order: readonly string[],
  hits: ReadonlySet<string>,
  chosenId: string | null,
  by: 1 | -1,
): string | null {
  const chosen = chosenId === null ? -1 : order.indexOf(chosenId);
  const from = chosen === -1 && by === -1 ? 0 : chosen;
  for (let step = 1; step <= order.length; step++) {
    const id = order[(from + by * step + order.length) % order.length];
    if (id !== undefined && hits.has(id)) return id;
  }
  return null;
}

export function toggleKind(filter: EventFilter, kind: KindClass): EventFilter {
  const kinds = filter.kinds.includes(kind) ? filter.kinds.filter((one) => one !== kind) : [...filter.kinds, kind];
  return { ...filter, kinds };
}
