/** What providers' caches saved a session, as the server's price book has it. */

import { fetchJson } from "./client";
import type * as shapes from "./shapes";

/** `model` is null for calls that name none; money is a decimal string in US dollars. */
export type ModelSavings = shapes.ModelSavingsView;
export type SessionSavings = shapes.SavingsView;

/** Throws ApiError. */
export async function readSavings(sessionId: string, abort: AbortSignal): Promise<SessionSavings> {
  return fetchJson<SessionSavings>(`/v2/sessions/${encodeURIComponent(sessionId)}/savings`, { signal: abort });
}
