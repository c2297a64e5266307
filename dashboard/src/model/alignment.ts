/** Two sessions step by step: which step of one is which of the other, and where they part. */

import type { EventContent, EventRow } from "../api/types";
import { eventName } from "./story";

export interface Pair {
  /** Null where the other session has a step that this one has not. */
  left: EventRow | null;
  right: EventRow | null;
}

/** More steps than these are not aligned: the table grows with the product of both. */
export const MOST_STEPS = 1_500;

/** The longest common sequence of steps, what only one of them has in between. Steps are the same by kind and name. */
export function alignSteps(left: readonly EventRow[], right: readonly EventRow[]): Pair[] {
  const [a, b] = [left.slice(0, MOST_STEPS), right.slice(0, MOST_STEPS)];
  const [x, y] = [a.map(keyOf), b.map(keyOf)];
  const width = b.length + 1;
  const best = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      best[i * width + j] =
        x[i] === y[j]
          ? 1 + at(best, (i + 1) * width + j + 1)
          : Math.max(at(best, (i + 1) * width + j), at(best, i * width + j + 1));
    }
  }
  const pairs: Pair[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [one, other] = [a[i], b[j]];
    if (one !== undefined && other !== undefined && x[i] === y[j]) {
      pairs.push({ left: one, right: other });
      i += 1;
      j += 1;
    } else if (
      one !== undefined &&
      (other === undefined || at(best, (i + 1) * width + j) >= at(best, i * width + j + 1))
    ) {
      pairs.push({ left: one, right: null });
      i += 1;
    } else {
      pairs.push({ left: null, right: other ?? null });
      j += 1;
    }
  }
  return pairs;
}

function at(table: Uint16Array, index: number): number {
  return table[index] ?? 0;
}

function keyOf(event: EventRow): string {
  return `${event.kind} ${eventName(event)}`;
}

const COMPARED = ["model", "prompt", "completion", "params", "returns", "error_type", "details", "logs"] as const;
export type Compared = (typeof COMPARED)[number];

export const DIFFERENCE_WORDS: Record<Compared, string> = {
  model: "Model",
  prompt: "Prompt",
  completion: "Completion",
  params: "Arguments",
  returns: "Result",
  error_type: "Error type",
  details: "Details",
  logs: "Logs",
};

/** What two events carry differently. */
export function differencesOf(left: EventContent, right: EventContent): Compared[] {
  return COMPARED.filter((key) => JSON.stringify(left[key] ?? null) !== JSON.stringify(right[key] ?? null));
}
