/** Which events of a session have some words in what they carry: the server looks, for the page does not have all that text. */

import { type ReadonlySignal, signal } from "@preact/signals";
import { hasWord } from "../model/event_filter";
import { type ApiError, asApiError, fetchJson, isAbort } from "./client";
import type { FoundIdsView } from "./shapes";

export interface WordHits {
  /** What was looked for. */
  text: string;
  ids: ReadonlySet<string>;
  /** There are more than the server names. */
  isCut: boolean;
  isSearching: boolean;
  error: ApiError | null;
}

export interface WordSearch {
  hits: ReadonlySignal<WordHits>;
  /** Says what to look for, and what the session is now: another `version` may have other hits. */
  look: (text: string, version: string) => void;
  stop: () => void;
}

const NO_IDS: ReadonlySet<string> = new Set();
const NO_HITS: WordHits = { text: "", ids: NO_IDS, isCut: false, isSearching: false, error: null };

// Whoever types waits for no answer about half a word; a session that grows is not searched with every event.
const TYPING_MS = 250;
const GROWING_MS = 1_000;

export function openWords(sessionId: string): WordSearch {
  const hits = signal(NO_HITS);
  let wanted = { text: "", version: "" };
  let searched = wanted;
  let abort = new AbortController();
  let timer = 0;

  const plan = (waitMs: number) => {
    searched = wanted;
    hits.value = { ...hits.peek(), isSearching: true };
    timer = window.setTimeout(() => void search(), waitMs);
  };
  const search = async () => {
    abort = new AbortController();
    try {
      const found = await readHits(sessionId, searched.text, abort.signal);
      const ids = new Set(found.event_ids);
      hits.value = { text: searched.text, ids, isCut: found.is_cut, isSearching: false, error: null };
    } catch (reason) {
      if (isAbort(reason)) return;
      hits.value = { ...hits.peek(), isSearching: false, error: asApiError(reason) };
    }
    // It has grown while the server looked.
    if (wanted.version !== searched.version) plan(GROWING_MS);
  };
  const stop = () => {
    window.clearTimeout(timer);
    abort.abort();
  };
  return {
    hits,
    look: (given, version) => {
      wanted = { text: given.trim(), version };
      if (wanted.text !== searched.text) {
        stop();
        hits.value = { ...NO_HITS, text: wanted.text };
        if (hasWord(wanted.text)) plan(TYPING_MS);
        else searched = wanted;
      } else if (version !== searched.version && hasWord(wanted.text) && !hits.peek().isSearching) plan(GROWING_MS);
    },
    stop,
  };
}

/** The hits as far as they are those of this text: a moment after it changed, they are not yet. */
export function hitsOf(hits: WordHits, given: string): WordHits {
  const text = given.trim();
  return hits.text === text ? hits : { ...NO_HITS, text, isSearching: hasWord(text) };
}

async function readHits(sessionId: string, text: string, signal: AbortSignal) {
  const path = `/v2/sessions/${encodeURIComponent(sessionId)}/search?${new URLSearchParams({ q: text }).toString()}`;
  return fetchJson<FoundIdsView>(path, { signal });
}
