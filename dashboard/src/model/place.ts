/** Where the reader is in a session, as the URL carries it: the view, the event, the filter, the window, the moment. */

import type { TimeWindow } from "./axis";
import { type EventFilter, NO_FILTER } from "./event_filter";
import { KIND_CLASSES } from "./kind";

export const TABS = ["waterfall", "chat", "graph", "errors", "cost", "logs", "media", "environment", "raw"] as const;
export type Tab = (typeof TABS)[number];

export interface Place {
  tab: Tab;
  eventId: string | null;
  filter: EventFilter;
  /** Null for the whole axis. */
  window: TimeWindow | null;
  /** Where the replay stands, in milliseconds from the axis' origin; null for the end. */
  atMs: number | null;
}

export const START: Place = { tab: "waterfall", eventId: null, filter: NO_FILTER, window: null, atMs: null };

export function readPlace(search: string): Place {
  const query = new URLSearchParams(search);
  const wanted = query.getAll("kind");
  return {
    tab: TABS.find((tab) => tab === query.get("view")) ?? "waterfall",
    eventId: query.get("event"),
    filter: {
      kinds: KIND_CLASSES.filter((kind) => wanted.includes(kind)),
      agentId: query.get("agent"),
      text: query.get("find") ?? "",
    },
    window: readWindow(query.get("zoom")),
    atMs: readMs(query.get("at")),
  };
}

export function placeHref(sessionId: string, { tab, eventId, filter, window, atMs }: Place): string {
  const query = new URLSearchParams();
  if (tab !== "waterfall") query.set("view", tab);
  if (eventId !== null) query.set("event", eventId);
  for (const kind of filter.kinds) query.append("kind", kind);
  if (filter.agentId !== null) query.set("agent", filter.agentId);
  if (filter.text !== "") query.set("find", filter.text);
  if (window !== null) query.set("zoom", `${writeMs(window.fromMs)}-${writeMs(window.toMs)}`);
  if (atMs !== null) query.set("at", writeMs(atMs));
  const text = query.toString();
  return `/sessions/${encodeURIComponent(sessionId)}${text === "" ? "" : `?${text}`}`;
}

function readWindow(text: string | null): TimeWindow | null {
  const [from, to, ...rest] = (text ?? "").split("-").map(readMs);
  if (from == null || to == null || rest.length > 0 || from >= to) return null;
  return { fromMs: from, toMs: to };
}

function readMs(text: string | null): number | null {
  return text !== null && /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

function writeMs(ms: number): string {
  return String(Math.round(ms * 1_000) / 1_000);
}
