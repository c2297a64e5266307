/** Ranges of time in the reader's zone, and the steps that a chart cuts them into. */

export const RANGES_DAYS = [1, 7, 30, 90] as const;
export const DEFAULT_DAYS = 7;
const DAY_S = 86_400;
const STEPS_S = [60, 300, 900, 3_600, 10_800, 21_600, 86_400, 604_800, 2_592_000];
const MOST_STEPS = 54;
/** A quarter in days is still readable day by day. */
const MOST_DAYS = 93;

export interface Range {
  since: string;
  until: string;
}

/** So many whole days of the reader up to the end of today. */
export function rangeOf(days: number, nowMs: number): Range {
  const now = new Date(nowMs);
  const day = (by: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + by).toISOString();
  return { since: day(1 - days), until: day(1) };
}

/** As long, right before. */
export function rangeBefore({ since, until }: Range): Range {
  const spanMs = Date.parse(until) - Date.parse(since);
  return { since: new Date(Date.parse(since) - spanMs).toISOString(), until: since };
}

/** What the address asks for: `since` and `until`, or so many `days`. */
export function readRange(search: string, nowMs: number): { range: Range; days: number | null } {
  const query = new URLSearchParams(search);
  const [since, until] = [query.get("since"), query.get("until")].map((text) => Date.parse(text ?? ""));
  if (since !== undefined && until !== undefined && since < until) {
    return { range: { since: new Date(since).toISOString(), until: new Date(until).toISOString() }, days: null };
  }
  const wanted = Number(query.get("days"));
  const days = RANGES_DAYS.find((one) => one === wanted) ?? DEFAULT_DAYS;
  return { range: rangeOf(days, nowMs), days };
}

/** The shortest step, in seconds, that cuts a range into not too many bars. */
export function stepOf({ since, until }: Range): number {
  const spanS = (Date.parse(until) - Date.parse(since)) / 1_000;
  const most = (step: number) => (step === DAY_S ? MOST_DAYS : MOST_STEPS);
  return STEPS_S.find((step) => spanS / step <= most(step)) ?? Math.ceil(spanS / MOST_STEPS / DAY_S) * DAY_S;
}

export function countSteps({ since, until }: Range, stepS: number): number {
  return Math.ceil((Date.parse(until) - Date.parse(since)) / 1_000 / stepS);
}

/** The part of a range that a step is. */
export function rangeOfStep({ since, until }: Range, stepS: number, step: number): Range {
  const fromMs = Date.parse(since) + step * stepS * 1_000;
  const toMs = Math.min(fromMs + stepS * 1_000, Date.parse(until));
  return { since: new Date(fromMs).toISOString(), until: new Date(toMs).toISOString() };
}

/** "20 Nov" for a day, "20 Nov 10:00 – 11:00" for less, "16 – 22 Nov" for more: a step, in the reader's zone. */
export function formatStep({ since, until }: Range, stepS: number, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", ...zone });
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...zone });
  const [from, to] = [new Date(since), new Date(until)];
  if (stepS > DAY_S) return day.formatRange(from, new Date(to.getTime() - 1));
  if (stepS === DAY_S && clock.format(from) === "00:00") return day.format(from);
  return `${day.format(from)} ${clock.format(from)} – ${clock.format(to)}`;
}
