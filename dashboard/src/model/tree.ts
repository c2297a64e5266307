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
  /** The parent of every event that is not a root; without circles. */
  parentOf: ReadonlyMap<string, string>;
}

/**
 * Links events by `parent_id`; an error without one belongs to the event that triggered it. Siblings keep the order they
 * came in. An event whose parent is not there is a root, and so is the first of a circle, so that none is ever hidden.
 */
export function buildTree(events: readonly EventRow[]): EventTree {
  const parentOf = linkParents(events);
  const roots: EventRow[] = [];
  const childrenOf = new Map<string, EventRow[]>();
  for (const event of events) {
    const parentId = parentOf.get(event.id);
    const siblings = parentId === undefined ? roots : childrenOf.get(parentId);
    if (siblings !== undefined) siblings.push(event);
    else if (parentId !== undefined) childrenOf.set(parentId, [event]);
  }
  return { roots, childrenOf, parentOf };
}

/** Every link to a parent that is there, but the one that would close a circle. */
function linkParents(events: readonly EventRow[]): Map<string, string> {
  const ids = new Set(events.map((event) => event.id));
  const parentOf = new Map<string, string>();
  for (const event of events) {
    const parentId = parentIdOf(event);
    if (parentId !== null && ids.has(parentId)) parentOf.set(event.id, parentId);
  }
  const leadsToRoot = new Set<string>();
  for (const { id } of events) {
    const path = new Set<string>();
    for (let at: string | undefined = id; at !== undefined && !leadsToRoot.has(at); at = parentOf.get(at)) {
      if (path.has(at)) parentOf.delete(at);
      path.add(at);
    }
    for (const passed of path) leadsToRoot.add(passed);
  }
  return parentOf;
}

export function parentIdOf(event: EventRow): string | null {
  return event.parent_id ?? (event.kind === "error" ? event.trigger_event_id : null);
}

/**
 * The rows that show, top to bottom, without what lies under a collapsed event; where `shown` is given, only those of it.
 */
export function flattenTree(
  tree: EventTree,
  collapsed: ReadonlySet<string>,
  shown: ReadonlySet<string> | null = null,
): TreeRow[] {
  const rows: TreeRow[] = [];
  const visible = (events: readonly EventRow[]) =>
    shown === null ? events : events.filter((event) => shown.has(event.id));
  // A stack of its own: sessions nest deeper than the JavaScript call stack likes.
  const waiting = visible(tree.roots)
    .map((event) => ({ event, depth: 0 }))
    .reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { event, depth } = next;
    const children = visible(tree.childrenOf.get(event.id) ?? []);
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
export function ancestorIds({ parentOf }: EventTree, id: string): string[] {
  const found: string[] = [];
  for (let above = parentOf.get(id); above !== undefined; above = parentOf.get(above)) found.push(above);
  return found;
}
