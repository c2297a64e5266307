/** Events as a tree: each under the event that it happened in. */

import type { EventRow } from "../api/types";

export interface TreeRow {
  event: EventRow;
  depth: number;
  childCount: number;
  isCollapsed: boolean;
}

export interface EventTree {
  roots: readonly EventRow[];
  childrenOf: ReadonlyMap<string, readonly EventRow[]>;
}

/**
 * Links events by `parent_id`; an error without one belongs to the event that triggered it. Siblings keep the order they
 * came in. An event whose parent is not there is a root, and so is the first of a circle, so that none is ever hidden.
 */
export function buildTree(events: readonly EventRow[]): EventTree {
  const byId = new Map(events.map((event) => [event.id, event]));
  const roots: EventRow[] = [];
  const childrenOf = new Map<string, EventRow[]>();
  const reachesRoot = new Set<string>();
  const cut = new Set<string>();
  for (const event of events) {
    const path = new Set<string>();
    let above: EventRow | undefined = event;
    while (above !== undefined && !reachesRoot.has(above.id)) {
      if (path.has(above.id)) {
        cut.add(above.id);
        break;
      }
      path.add(above.id);
      above = byId.get(parentIdOf(above) ?? "");
    }
    for (const id of path) reachesRoot.add(id);
  }
  for (const event of events) {
    const parent = cut.has(event.id) ? undefined : byId.get(parentIdOf(event) ?? "");
    if (parent === undefined) {
      roots.push(event);
      continue;
    }
    const siblings = childrenOf.get(parent.id);
    if (siblings === undefined) childrenOf.set(parent.id, [event]);
    else siblings.push(event);
  }
  return { roots, childrenOf };
}

export function parentIdOf(event: EventRow): string | null {
  return event.parent_id ?? (event.kind === "error" ? event.trigger_event_id : null);
}

/** The rows that show, top to bottom, without what lies under a collapsed event. */
export function flattenTree(tree: EventTree, collapsed: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = [];
  // A stack of its own: sessions nest deeper than the JavaScript call stack likes.
  const waiting = tree.roots.map((event) => ({ event, depth: 0 })).reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { event, depth } = next;
    const children = tree.childrenOf.get(event.id) ?? [];
    const isCollapsed = collapsed.has(event.id) && children.length > 0;
    rows.push({ event, depth, childCount: children.length, isCollapsed });
    if (isCollapsed) continue;
    for (let index = children.length - 1; index >= 0; index--) {
      const child = children[index];
      if (child !== undefined) waiting.push({ event: child, depth: depth + 1 });
    }
  }
  return rows;
}

/** The ids above an event, nearest first: what has to be open for it to show. */
export function ancestorIds(events: readonly EventRow[], id: string): string[] {
  const byId = new Map(events.map((event) => [event.id, event]));
  const found: string[] = [];
  const seen = new Set([id]);
  let event = byId.get(id);
  while (event !== undefined) {
    const parentId = parentIdOf(event);
    if (parentId === null || seen.has(parentId)) break;
    seen.add(parentId);
    event = byId.get(parentId);
    if (event !== undefined) found.push(parentId);
  }
  return found;
}
