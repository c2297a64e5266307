/** An overview as it is drawn: its range and the one before it, days without sessions too, models over all days. */

import type { Day, DayOfModel, Spending } from "../api/project_types";
import { addMoney, compareMoney } from "./money";

export const RANGES_DAYS = [1, 7, 30, 90] as const;
const DAY_MS = 86_400_000;

export interface Range {
  since: string;
  until: string;
}

/** Whole days in UTC up to the end of today, as the server counts them. */
export function rangeOf(days: number, nowMs: number): Range {
  const end = (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;
  return { since: new Date(end - days * DAY_MS).toISOString(), until: new Date(end).toISOString() };
}

/** As long, right before. */
export function rangeBefore({ since, until }: Range): Range {
  const spanMs = Date.parse(until) - Date.parse(since);
  return { since: new Date(Date.parse(since) - spanMs).toISOString(), until: since };
}

export function rangeOfDay(day: string): Range {
  const start = Date.parse(`${day}T00:00:00Z`);
  return { since: new Date(start).toISOString(), until: new Date(start + DAY_MS).toISOString() };
}

/** Every day of a range, those without sessions too. */
export function fillDays({ since, until }: Range, days: readonly Day[]): Day[] {
  const known = new Map(days.map((day) => [day.day, day]));
  const filled: Day[] = [];
  for (let ms = Date.parse(since); ms < Date.parse(until); ms += DAY_MS) {
    const day = new Date(ms).toISOString().slice(0, 10);
    filled.push(known.get(day) ?? { day, end_states: {}, errors: 0 });
  }
  return filled;
}

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
    }))
    .sort((a, b) => compareMoney(b.cost, a.cost) || b.llms - a.llms);
}

/** "+12 %" against the range before; empty where there is nothing to compare with. */
export function formatChange(now: number, before: number): string {
  if (before === 0) return "";
  const percent = Math.round(((now - before) / before) * 100);
  return percent === 0 ? "as before" : `${percent > 0 ? "+" : "−"}${Math.abs(percent)} %`;
}
