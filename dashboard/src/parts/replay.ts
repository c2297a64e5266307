/** The moment that every view of a session shares, and playing it. */

import { type ReadonlySignal, signal } from "@preact/signals";
import { advance, suggestSpeed } from "../model/replay";

const STEP_MS = 40;

export interface Replay {
  /** Milliseconds from the axis' origin; null stands for the end, where everything shows. */
  atMs: ReadonlySignal<number | null>;
  isPlaying: ReadonlySignal<boolean>;
  speed: ReadonlySignal<number>;
  seek: (ms: number | null) => void;
  setSpeed: (speed: number) => void;
  /** Plays on from the moment, from the beginning when it is the end; or pauses. */
  toggle: () => void;
  stop: () => void;
}

/** `spanMs` says how long the axis is now; `onRest` is told where the moment came to rest. */
export function makeReplay(startMs: number | null, spanMs: () => number, onRest: (ms: number | null) => void): Replay {
  const atMs = signal<number | null>(startMs);
  const isPlaying = signal(false);
  const speed = signal(0);
  let timer = 0;
  let lastMs = 0;

  const rest = () => {
    window.clearInterval(timer);
    isPlaying.value = false;
    onRest(atMs.peek());
  };
  const step = () => {
    const nowMs = performance.now();
    atMs.value = advance(atMs.peek() ?? 0, nowMs - lastMs, speed.peek(), spanMs());
    lastMs = nowMs;
    if (atMs.peek() === null) rest();
  };
  return {
    atMs,
    isPlaying,
    speed,
    seek: (ms) => {
      atMs.value = ms === null ? null : Math.min(Math.max(ms, 0), spanMs());
      if (!isPlaying.peek()) onRest(atMs.peek());
    },
    setSpeed: (wanted) => (speed.value = wanted),
    toggle: () => {
      if (isPlaying.peek()) {
        rest();
        return;
      }
      if (speed.peek() === 0) speed.value = suggestSpeed(spanMs());
      atMs.value ??= 0;
      lastMs = performance.now();
      isPlaying.value = true;
      timer = window.setInterval(step, STEP_MS);
    },
    stop: () => window.clearInterval(timer),
  };
}
