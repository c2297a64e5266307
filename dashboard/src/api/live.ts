/** Staying up to date: the one place that decides how news reaches the page. Today it asks again and again. */

import { isAbort } from "./client";

const SLOWEST_MS = 15_000;

/**
 * Calls `refresh` now and then every `intervalMs()`, one call at a time and only while the page is seen; when it comes back
 * into view, at once. After a failure it waits twice as long as before, up to 15 s. The returned function ends it.
 */
export function follow(refresh: (signal: AbortSignal) => Promise<void>, intervalMs: () => number): () => void {
  const ending = new AbortController();
  let timer = 0;
  let failures = 0;
  let isBusy = false;

  const run = async () => {
    window.clearTimeout(timer);
    if (isBusy || ending.signal.aborted) return;
    isBusy = true;
    try {
      await refresh(ending.signal);
      failures = 0;
    } catch (reason) {
      if (!isAbort(reason)) failures += 1;
    }
    isBusy = false;
    plan();
  };
  const plan = () => {
    if (ending.signal.aborted || document.hidden) return;
    const delayMs = failures === 0 ? intervalMs() : Math.min(intervalMs() * 2 ** failures, SLOWEST_MS);
    timer = window.setTimeout(() => void run(), delayMs);
  };
  const look = () => {
    if (document.hidden) window.clearTimeout(timer);
    else void run();
  };

  document.addEventListener("visibilitychange", look);
  void run();
  return () => {
    ending.abort();
    window.clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
  };
}
