/** An overview as it is drawn: models over all days, and what changed against the range before. */

import type { DayOfModel, Spending } from "../api/project_types";
import { addMoney, compareMoney } from "./money";

export interface ModelSum extends Spending {
  model: string | null;
  llms: number;
  tokens: number;
}

/** Each model over all days, dearest first. */
export function sumModels(days: readonly DayOfModel[]): ModelSum[] {
  const groups = new Map<string | null, DayOfModel[]>();
  for (const day of days) groups.set(day.model, [...(groups.get(day.model) ?? []), day]);
  return [...groups]
    .map(([model, rows]) => ({
      model,
      llms: rows.reduce((sum, row) => sum + row.llms, 0),
      tokens: rows.reduce((sum, row) => sum + row.prompt_tokens + row.completion_tokens, 0),
      cost: addMoney(rows.map((row) => row.cost)),
      cost_is_lower_bound: rows.some((row) => row.cost_is_lower_bound),
      unpriced_llms: rows.reduce((sum, row) => sum + row.unpriced_llms, 0),
      estimated_llms: rows.reduce((sum, row) => sum + row.estimated_llms, 0),
    }))
    .sort((a, b) => compareMoney(b.cost, a.cost) || b.llms - a.llms);
}

/** "+12 %" against the range before; empty where there is nothing to compare with. */
export function formatChange(now: number, before: number): string {
  if (before === 0) return "";
  const percent = Math.round(((now - before) / before) * 100);
  return percent === 0 ? "as before" : `${percent > 0 ? "+" : "−"}${Math.abs(percent)} %`;
}
