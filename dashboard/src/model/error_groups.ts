/** The errors of a session, those that are the same together. */

import type { EventRow } from "../api/types";
import { eventName } from "./story";

export interface ErrorCase {
  error: EventRow;
  /** The event that triggered it, or the one around it; null when the session has none such. */
  origin: EventRow | null;
}

export interface ErrorGroup {
  fingerprint: string;
  name: string;
  text: string;
  cases: readonly ErrorCase[];
}

/** What stays of an error's text when numbers, ids and quoted values are left out: the same for the same fault. */
export function fingerprintOf(event: Pick<EventRow, "error_type" | "details" | "kind" | "name" | "model">): string {
  const text = (event.details ?? "")
    .toLowerCase()
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "#")
    .replace(/0x[0-9a-f]+|\d+(\.\d+)?/g, "#")
    .replace(/"[^"]*"|'[^']*'/g, "…")
    .slice(0, 200);
  return `${event.error_type ?? eventName(event)} ${text}`;
}

/** Most frequent first; of equal ones the first that happened. */
export function groupErrors(events: readonly EventRow[]): ErrorGroup[] {
  const byId = new Map(events.map((event) => [event.id, event]));
  const groups = new Map<string, ErrorGroup & { cases: ErrorCase[] }>();
  for (const error of events) {
    if (error.kind !== "error") continue;
    const fingerprint = fingerprintOf(error);
    const origin = byId.get(error.trigger_event_id ?? error.parent_id ?? "") ?? null;
    const known = groups.get(fingerprint);
    if (known !== undefined) known.cases.push({ error, origin });
    else
      groups.set(fingerprint, {
        fingerprint,
        name: error.error_type ?? eventName(error),
        text: error.details ?? "",
        cases: [{ error, origin }],
      });
  }
  return [...groups.values()].sort((a, b) => b.cases.length - a.cases.length);
}
