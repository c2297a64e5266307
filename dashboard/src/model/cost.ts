/** What to say about a cost or a token count: the figure, and why it is not more exact. */

import type { Stats } from "../api/types";
import { formatMoney, isZero } from "./money";
import { formatCount } from "./story";

export interface Figure {
  text: string;
  title: string;
}

/** The cost of a session. A sum of nothing known is a dash, never a false $0. */
export function costOf(stats: CostStats): Figure {
  const { cost, cost_is_lower_bound, llms } = stats;
  if (isZero(cost)) {
    if (cost_is_lower_bound) return { text: "–", title: `Not known: ${whyMore(stats).join(", ")}.` };
    if (llms === 0) return { text: "–", title: "No LLM calls, so nothing that costs." };
  }
  if (!cost_is_lower_bound) return { text: formatMoney(cost), title: `$${cost} in US dollars` };
  return { text: formatMoney(cost, true), title: `At least $${cost}: ${whyMore(stats).join(", ")}.` };
}

type CostStats = Pick<Stats, "cost" | "cost_is_lower_bound" | "llms" | "unpriced_llms" | "estimated_llms"> &
  Partial<Pick<Stats, "missing_events" | "refused_events">>;

/** Why a session may have cost more than its known cost; nothing if it cannot. The first reason is the weightiest. */
export function whyMore(stats: CostStats): string[] {
  if (!stats.cost_is_lower_bound) return [];
  const { unpriced_llms, estimated_llms, missing_events = 0, refused_events = 0 } = stats;
  return [
    ...(unpriced_llms > 0 ? [`the price or the token count of ${calls(unpriced_llms)} is missing`] : []),
    ...(missing_events > 0 ? [`${events(missing_events)} did not arrive`] : []),
    ...(refused_events > 0 ? [`${events(refused_events)} could not be kept`] : []),
    ...(estimated_llms > 0 ? [`the tokens of ${calls(estimated_llms)} are estimated`] : []),
  ];
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

/** The weightiest of these reasons in a few words; "" if there is none. */
export function boundNote(stats: CostStats): string {
  if (!stats.cost_is_lower_bound) return "";
  if (stats.unpriced_llms > 0) return "a price is missing";
  return stats.missing_events || stats.refused_events ? "events are missing" : "tokens are estimated";
}

function events(count: number): string {
  return count === 1 ? "1 event" : `${formatCount(count)} events`;
}

function calls(count: number): string {
  return count === 1 ? "1 LLM call" : `${formatCount(count)} LLM calls`;
}
