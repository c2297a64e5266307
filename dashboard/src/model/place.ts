/** Where the reader is in a session, as the URL carries it. */

export type Tab = "waterfall" | "environment";

export interface Place {
  tab: Tab;
  eventId: string | null;
}

export function readPlace(search: string): Place {
  const query = new URLSearchParams(search);
  return { tab: query.get("view") === "environment" ? "environment" : "waterfall", eventId: query.get("event") };
}

export function placeHref(sessionId: string, { tab, eventId }: Place): string {
  const query = new URLSearchParams();
  if (tab !== "waterfall") query.set("view", tab);
  if (eventId !== null) query.set("event", eventId);
  const text = query.toString();
  return `/sessions/${encodeURIComponent(sessionId)}${text === "" ? "" : `?${text}`}`;
}
