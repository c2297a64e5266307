/** What is done with several sessions at once. */

import { fetchJson } from "./client";

export const MOST_AT_ONCE = 1_000;

/** Deletes sessions. Throws ApiError. */
export async function deleteSessions(sessionIds: readonly string[]): Promise<void> {
  await fetchJson("/v2/sessions/delete", { method: "POST", body: { session_ids: sessionIds } });
}

/** Adds a tag to sessions. Throws ApiError. */
export async function tagSessions(sessionIds: readonly string[], tag: string): Promise<void> {
  await fetchJson("/v2/sessions/tag", { method: "POST", body: { session_ids: sessionIds, tags: [tag] } });
}
