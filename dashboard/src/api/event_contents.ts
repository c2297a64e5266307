/** The contents of a session's events, read when a view needs them, a few at a time, and kept for the next view. */

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type ApiError, asApiError, isAbort } from "./client";
import { readEvent } from "./session_feed";
import type { EventContent } from "./types";

export interface Reading {
  content: EventContent | null;
  error: ApiError | null;
}

export interface EventContents {
  /** Asks for an event's content; the signal has it once it is there. */
  read: (eventId: string) => ReadonlySignal<Reading>;
  stop: () => void;
}

const AT_ONCE = 6;
const MOST_KEPT = 1_000;

export function openContents(sessionId: string): EventContents {
  const known = new Map<string, Signal<Reading>>();
  const waiting: string[] = [];
  const ending = new AbortController();
  let busy = 0;

  const next = () => {
    // What was asked for last is what is on the screen now.
    const eventId = busy < AT_ONCE ? waiting.pop() : undefined;
    if (eventId === undefined) return;
    busy += 1;
    void load(eventId).finally(() => {
      busy -= 1;
      next();
    });
    next();
  };
  const load = async (eventId: string) => {
    const reading = known.get(eventId);
    if (reading === undefined) return;
    try {
      reading.value = { content: await readEvent(sessionId, eventId, ending.signal), error: null };
    } catch (reason) {
      if (!isAbort(reason)) reading.value = { content: null, error: asApiError(reason) };
    }
  };
  return {
    read: (eventId) => {
      const found = known.get(eventId);
      if (found?.peek().error === null) return found;
      const made = signal<Reading>({ content: null, error: null });
      known.set(eventId, made);
      const oldest = known.size > MOST_KEPT ? known.keys().next().value : undefined;
      if (oldest !== undefined) known.delete(oldest);
      waiting.push(eventId);
      queueMicrotask(next);
      return made;
    },
    stop: () => {
      waiting.length = 0;
      ending.abort();
    },
  };
}
