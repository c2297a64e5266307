/** Who reads: the project that is signed in, if any. */

import { signal } from "@preact/signals";
import { ApiError, asApiError, fetchJson, onUnauthorized } from "./client";
import type { Me, Project } from "./types";

export type Account =
  | { state: "unknown" }
  | { state: "signed in"; project: Project; isOperator: boolean }
  | { state: "signed out"; hasExpired: boolean }
  | { state: "failed"; error: ApiError };

export const account = signal<Account>({ state: "unknown" });

onUnauthorized(() => {
  if (account.value.state === "signed in") account.value = { state: "signed out", hasExpired: true };
});

/** Asks the server who is signed in. */
export async function loadAccount(): Promise<void> {
  try {
    const { project, is_operator: isOperator } = await fetchJson<Me>("/auth/me");
    account.value = { state: "signed in", project, isOperator };
  } catch (reason) {
    const error = asApiError(reason);
    account.value = error.status === 401 ? { state: "signed out", hasExpired: false } : { state: "failed", error };
  }
}

/** Signs in with an API key. Throws ApiError; 401 means that the key is unknown or revoked. */
export async function signIn(apiKey: string): Promise<void> {
  await fetchJson("/auth/sign_in", { method: "POST", body: { api_key: apiKey } });
  await loadAccount();
}

export async function signOut(): Promise<void> {
  await fetchJson("/auth/sign_out", { method: "POST" });
  account.value = { state: "signed out", hasExpired: false };
}
