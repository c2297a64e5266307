import type { ComponentChildren } from "preact";
import type { ApiError } from "../api/client";

/** What stands where content would: nothing there yet, not there any more, or not to be had. */
export function Notice({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <section class="notice">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

export function Failure({ error, retry }: { error: ApiError; retry: () => void }) {
  return (
    <section class="notice" role="alert">
      <h2>This could not be loaded</h2>
      <p>{error.message}</p>
      {error.requestId !== null && (
        <p class="dim">
          Request <code>{error.requestId}</code>: the server's log has it.
        </p>
      )}
      <button type="button" class="btn" onClick={retry}>
        Try again
      </button>
    </section>
  );
}

/** What is shown is true but may be old. */
export function Stale({ error }: { error: ApiError | null }) {
  return (
    <div class="stale" role="status">
      {error !== null && <p>{error.message} What you see may be out of date; trying again.</p>}
    </div>
  );
}
