/** What to say about a cost or a token count: the figure, and why it is not more exact. */

import type { Stats } from "../api/types";
import { formatMoney, isZero } from "./money";
import { formatCount } from "./story";

export interface Figure {
  text: string;
  title: string;
}

/** The cost of a session. A sum of nothing known is a dash, never a false $0. */
export function costOf(stats: Pick<Stats, "cost" | "cost_is_lower_bound" | "unpriced_llms" | "llms">): Figure {
  const { cost, cost_is_lower_bound, unpriced_llms, llms } = stats;
  if (isZero(cost)) {
    if (cost_is_lower_bound) return { text: "–", title: `Not known: ${missing(unpriced_llms)}.` };
    if (llms === 0) return { text: "–", title: "No LLM calls, so nothing that costs." };
  }
  if (!cost_is_lower_bound) return { text: formatMoney(cost), title: `$${cost} in US dollars` };
  return { text: formatMoney(cost, true), title: `At least $${cost}: ${missing(unpriced_llms)}.` };
}

/** The tokens of a session. Calls without a count make the sum a lower bound; nothing but such calls, a dash. */
export function tokensOf({ total_tokens, uncounted_llms, llms }: TokenStats): Figure {
  const text = formatCount(total_tokens);
  if (uncounted_llms === 0) return { text, title: "" };
  const why = `the token counts of ${calls(uncounted_llms)} are missing`;
  if (uncounted_llms >= llms && total_tokens === 0) return { text: "–", title: `Not known: ${why}.` };
  return { text: `≥ ${text}`, title: `At least ${text}: ${why}.` };
}

type TokenStats = Pick<Stats, "total_tokens" | "uncounted_llms" | "llms">;

/** The cost of one event; `version` names the prices it was made with. */
export function eventCost(cost: string | null, version: string | null = null): Figure {
  if (cost === null) return { text: "–", title: "Not known: no price or no token count." };
  const source = version === null ? "" : `, by the prices of ${version}`;
  return { text: formatMoney(cost), title: `$${cost} in US dollars${source}` };
}

function missing(unpriced: number): string {
  if (unpriced === 0) return "a price or a token count is missing";
  return `the price or the token count of ${calls(unpriced)} is missing`;
}

function calls(count: number): string {
  return count === 1 ? "1 LLM call" : `${formatCount(count)} LLM calls`;
}
