/** What providers' caches saved a session, as the server's price book has it. */

import { fetchJson } from "./client";

export interface ModelSavings {
  /** Null for calls that name no model. */
  model: string | null;
  calls: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  /** Decimal strings in US dollars. */
  saved: string;
  surcharge: string;
  unpriced_calls: number;
}

export interface SessionSavings {
  saved: string;
  surcharge: string;
  unpriced_calls: number;
  models: ModelSavings[];
}

/** Throws ApiError. */
export async function readSavings(sessionId: string, abort: AbortSignal): Promise<SessionSavings> {
  return fetchJson<SessionSavings>(`/v2/sessions/${encodeURIComponent(sessionId)}/savings`, { signal: abort });
}
