import { Link } from "wouter-preact";
import { fetchJson } from "../api/client";
import type { Series } from "../api/project_types";
import { type SessionFilter, filterQuery, listHref } from "../model/filter";
import { formatMoney } from "../model/money";
import { DEFAULT_DAYS, type Range, countSteps, formatStep, rangeOf, rangeOfStep, stepOf } from "../model/range";
import { type Line, costOfSteps, stateLines, totalOf } from "../model/series";
import { formatCount } from "../model/story";
import { useLoaded } from "../parts/loading";

const HEIGHT_PX = 34;
// News come with every session; what they come to may be a little older.
const FRESH_MS = 15_000;

/** How the sessions of this list ended over time, what they cost, and how many failed: each bar narrows the list to it. */
export function Pulse({ filter }: { filter: SessionFilter }) {
  const { range, words } = rangeFor(filter);
  const stepS = stepOf(range);
  const steps = countSteps(range, stepS);
  const wanted: SessionFilter = { ...filter, ...range, sort: "started", isAscending: false };
  const query = filterQuery(wanted);
  for (const [key, value] of [
    ["step_s", String(stepS)],
    ["part", "states"],
    ["part", "models"],
  ] as const)
    query.append(key, value);
  const path = `/v2/overview/series?${query.toString()}`;
  const { value } = useLoaded(
    (signal) => fetchJson<Series>(path, { signal }),
    `${path} ${Math.floor(Date.now() / FRESH_MS)}`,
  );
  const lines = stateLines(value?.states ?? [], steps, formatCount);
  const totals = totalOf(lines, steps).map((count) => count ?? 0);
  const most = Math.max(1, ...totals);
  return (
    <section class="pulse-chart" aria-label="Sessions over time">
      <div class="bars">
        {totals.map((count, step) => (
          <Bar
            key={step}
            step={step}
            count={count}
            lines={lines}
            most={most}
            range={rangeOfStep(range, stepS, step)}
            stepS={stepS}
            filter={filter}
          />
        ))}
      </div>
      <p class="dim" role="status">
        {value === null ? "…" : `${words}: ${summary(value, lines, totals)}`}
      </p>
    </section>
  );
}

interface BarProps {
  step: number;
  count: number;
  lines: readonly Line[];
  most: number;
  range: Range;
  stepS: number;
  filter: SessionFilter;
}

function Bar({ step, count, lines, most, range, stepS, filter }: BarProps) {
  const own = lines.filter((line) => (line.values[step] ?? 0) > 0);
  const told = own.map((line) => `${line.texts[step] ?? ""} ${line.label}`).join(", ");
  const label = `${formatStep(range, stepS)}: ${count === 0 ? "no sessions" : told}`;
  return (
    <Link href={listHref({ ...filter, ...range })} title={label} aria-label={label} tabIndex={count === 0 ? -1 : 0}>
      {own.map((line) => (
        <i
          key={line.label}
          style={{ background: `var(--${line.look})`, height: `${((line.values[step] ?? 0) / most) * HEIGHT_PX}px` }}
        />
      ))}
    </Link>
  );
}

/** The time that the list is about; of a list without one, the last week. */
function rangeFor({ since, until }: SessionFilter): { range: Range; words: string } {
  const week = rangeOf(DEFAULT_DAYS, Date.now());
  if (since === "" || Number.isNaN(Date.parse(since))) return { range: week, words: `Last ${DEFAULT_DAYS} days` };
  const end = until === "" || Number.isNaN(Date.parse(until)) ? week.until : until;
  if (Date.parse(since) >= Date.parse(end)) return { range: week, words: `Last ${DEFAULT_DAYS} days` };
  return { range: { since: new Date(since).toISOString(), until: new Date(end).toISOString() }, words: "In this time" };
}

function summary(value: Series, lines: readonly Line[], totals: readonly number[]): string {
  const count = totals.reduce((sum, one) => sum + one, 0);
  const failed = (lines.find((line) => line.name === "Failure")?.values ?? []).reduce<number>(
    (sum, one) => sum + (one ?? 0),
    0,
  );
  const models = value.models ?? [];
  const cost = formatMoney(
    costOfSteps(models),
    models.some((row) => row.cost_is_lower_bound),
  );
  const counted = count === 1 ? "1 session" : `${formatCount(count)} sessions`;
  return count === 0 ? counted : `${counted} · ${cost} · ${((failed / count) * 100).toFixed(1)} % failed`;
}
