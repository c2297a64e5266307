/** Staying up to date: by news from the server, and by asking again and again while there are none to be had. */

import { isAbort } from "./client";
import { isStreaming, onNews } from "./news";

const SLOWEST_MS = 15_000;
// News of another server of the same warehouse do not come: a slow question finds what they would have said.
const STREAMING_MS = 30_000;

interface Following {
  refresh: (signal: AbortSignal) => Promise<void>;
  /** How long to wait before asking again while there are no news. */
  intervalMs: () => number;
  /** Whether news concern it; null stands for all sessions. */
  concerns: (sessionIds: readonly string[] | null) => boolean;
  /** How often news may make it ask at most. */
  leastMs: number;
}

/**
 * Calls `refresh` now and whenever there is something new, one call at a time and only while the page is seen; when it comes
 * back into view, at once. After a failure it waits twice as long as before, up to 15 s. The returned function ends it.
 */
export function follow({ refresh, intervalMs, concerns, leastMs }: Following): () => void {
  const ending = new AbortController();
  let timer = 0;
  let failures = 0;
  let isBusy = false;
  let isWanted = false;
  let startedMs = 0;

  const run = async () => {
    window.clearTimeout(timer);
    if (isBusy || ending.signal.aborted) return;
    isBusy = true;
    isWanted = false;
    startedMs = performance.now();
    try {
      await refresh(ending.signal);
      failures = 0;
    } catch (reason) {
      if (!isAbort(reason)) failures += 1;
    }
    isBusy = false;
    plan();
  };
  const delayMs = () => {
    if (failures > 0) return Math.min(intervalMs() * 2 ** failures, SLOWEST_MS);
    if (isWanted) return Math.max(startedMs + leastMs - performance.now(), 0);
    return isStreaming.peek() ? STREAMING_MS : intervalMs();
  };
  const plan = () => {
    window.clearTimeout(timer);
    if (ending.signal.aborted || document.hidden || isBusy) return;
    timer = window.setTimeout(() => void run(), delayMs());
  };
  const look = () => {
    if (document.hidden) window.clearTimeout(timer);
    else void run();
  };
  const endNews = onNews((sessionIds) => {
    if (!concerns(sessionIds)) return;
    isWanted = true;
    plan();
  });
  // A stream that begins or ends changes how soon to ask; what changed before it began nobody told.
  const endStreaming = isStreaming.subscribe((streaming) => {
    if (streaming) isWanted = true;
    plan();
  });

  document.addEventListener("visibilitychange", look);
  void run();
  return () => {
    ending.abort();
    endNews();
    endStreaming();
    window.clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
  };
}
