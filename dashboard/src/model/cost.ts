/** What to say about a cost: the figure, and why it is not more exact. */

import type { Stats } from "../api/types";
import { formatMoney, isZero } from "./money";

export interface CostText {
  text: string;
  title: string;
}

/** The cost of a session. A sum of nothing known is a dash, never a false $0. */
export function costOf(stats: Pick<Stats, "cost" | "cost_is_lower_bound" | "unpriced_llms" | "llms">): CostText {
  const { cost, cost_is_lower_bound, unpriced_llms, llms } = stats;
  if (isZero(cost)) {
    if (cost_is_lower_bound) return { text: "–", title: `Not known: ${missing(unpriced_llms)}.` };
    if (llms === 0) return { text: "–", title: "No LLM calls, so nothing that costs." };
  }
  if (!cost_is_lower_bound) return { text: formatMoney(cost), title: `$${cost} in US dollars` };
  return { text: formatMoney(cost, true), title: `At least $${cost}: ${missing(unpriced_llms)}.` };
}

/** The cost of one event. */
export function eventCost(cost: string | null): CostText {
  if (cost === null) return { text: "–", title: "Not known: no price or no token count." };
  return { text: formatMoney(cost), title: `$${cost} in US dollars` };
}

function missing(unpriced: number): string {
  if (unpriced === 0) return "a price or a token count is missing";
  const calls = unpriced === 1 ? "1 LLM call" : `${unpriced} LLM calls`;
  return `the price or the token count of ${calls} is missing`;
}
