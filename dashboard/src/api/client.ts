/** The one place that talks HTTP. */

import type { ErrorBody } from "./types";

const TIMEOUT_MS = 30_000;

/** An answer that is not 2xx, or none at all: then `status` is 0. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    message: string,
    readonly status: number,
    readonly requestId: string | null = null,
  ) {
    super(message);
  }
}

let whenUnauthorized: () => void = () => undefined;

/** Says what to do when the server no longer knows the reader. */
export function onUnauthorized(action: () => void): void {
  whenUnauthorized = action;
}

interface Call {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/**
 * Asks the server and decodes its JSON.
 * Throws ApiError for any answer but 2xx and when there is none; what `signal` aborts rejects with an AbortError.
 */
export async function fetchJson<T>(path: string, { method = "GET", body, signal }: Call = {}): Promise<T> {
  const deadline = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await send(path, {
    method,
    credentials: "same-origin",
    cache: "no-store",
    headers: { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }) },
    body: body === undefined ? null : JSON.stringify(body),
    signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
  });
  if (answer.ok) return (await answer.json()) as T;
  const failure = await readFailure(answer);
  if (failure.status === 401) whenUnauthorized();
  throw failure;
}

export function asApiError(reason: unknown): ApiError {
  if (reason instanceof ApiError) return reason;
  return new ApiError(reason instanceof Error ? reason.message : String(reason), 0);
}

export function isAbort(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === "AbortError";
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (reason) {
    if (isAbort(reason)) throw reason;
    const isLate = reason instanceof DOMException && reason.name === "TimeoutError";
    throw new ApiError(isLate ? "The server did not answer within 30 s." : "The server cannot be reached.", 0);
  }
}

async function readFailure(answer: Response): Promise<ApiError> {
  const body = (await answer.json().catch(() => null)) as Partial<ErrorBody> | null;
  const message = body?.message ?? `The server answered ${answer.status} ${answer.statusText}`.trim();
  return new ApiError(message, answer.status, body?.request_id ?? null);
}
