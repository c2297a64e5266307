import type { ComponentChildren } from "preact";
import type { ApiError } from "../api/client";

interface NoticeProps {
  title: string;
  /** It is all there is on the page. */
  isAlone?: boolean;
  children?: ComponentChildren;
}

/** What stands where content would: nothing there yet, not there any more, or not to be had. */
export function Notice({ title, isAlone = false, children }: NoticeProps) {
  return (
    <section class="notice">
      {isAlone ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </section>
  );
}

interface FailureProps {
  error: ApiError;
  retry: () => void;
  isAlone?: boolean;
}

export function Failure({ error, retry, isAlone = false }: FailureProps) {
  return (
    <Notice title="This could not be loaded" isAlone={isAlone}>
      <p role="alert">{error.message}</p>
      {error.requestId !== null && (
        <p class="dim">
          Request <code>{error.requestId}</code>: the server's log has it.
        </p>
      )}
      <button type="button" class="btn" onClick={retry}>
        Try again
      </button>
    </Notice>
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
