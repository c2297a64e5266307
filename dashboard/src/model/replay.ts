/** Playing a session back: where the moment goes, and how fast. */

export const SPEEDS = [1, 2, 5, 10, 30, 100, 1_000] as const;

const LONGEST_REPLAY_MS = 45_000;

/** The slowest speed at which the whole takes no longer than a reader waits. */
export function suggestSpeed(spanMs: number): number {
  return SPEEDS.find((speed) => spanMs / speed <= LONGEST_REPLAY_MS) ?? SPEEDS.at(-1) ?? 1;
}

/** The moment after `passedMs` of the reader's time; null once the end is reached. */
export function advance(atMs: number, passedMs: number, speed: number, spanMs: number): number | null {
  const next = atMs + passedMs * speed;
  return next >= spanMs ? null : next;
}
