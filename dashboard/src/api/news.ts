/** What the server says has changed, as it changes: one stream for the whole page. */

import { signal } from "@preact/signals";

/** The ids of sessions that changed; null when it is not known which. */
type Listener = (sessionIds: readonly string[] | null) => void;

const AGAIN_MS = 15_000;

/** Whether news come by themselves now; while they do not, the page asks again and again. */
export const isStreaming = signal(false);

const listeners = new Set<Listener>();
let source: EventSource | null = null;
let timer = 0;

/** Calls `listener` with all news until the returned function is called. */
export function onNews(listener: Listener): () => void {
  listeners.add(listener);
  open();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) close();
  };
}

function open(): void {
  if (source !== null || listeners.size === 0 || document.hidden) return;
  window.clearTimeout(timer);
  const stream = new EventSource("/v2/live");
  source = stream;
  stream.addEventListener("ready", () => (isStreaming.value = true));
  stream.addEventListener("changed", (event) => tell(readIds(event as MessageEvent<string>)));
  stream.addEventListener("reset", () => tell(null));
  stream.addEventListener("error", () => {
    isStreaming.value = false;
    // The browser comes back by itself after a connection broke, not after an answer that is no stream.
    if (stream.readyState !== EventSource.CLOSED) return;
    close();
    timer = window.setTimeout(open, AGAIN_MS);
  });
}

function close(): void {
  window.clearTimeout(timer);
  source?.close();
  source = null;
  isStreaming.value = false;
}

function tell(sessionIds: readonly string[] | null): void {
  for (const listener of listeners) listener(sessionIds);
}

function readIds(event: MessageEvent<string>): readonly string[] | null {
  const { session_ids } = JSON.parse(event.data) as { session_ids?: string[] };
  return session_ids ?? null;
}

// A page that nobody sees holds no connection; when it is seen again, it asks for everything anyway.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) close();
  else open();
});
