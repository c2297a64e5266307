import { useMemo } from "preact/hooks";
import { Link } from "wouter-preact";
import { navigate } from "wouter-preact/use-browser-location";
import { fetchJson } from "../api/client";
import type { Latency, Series } from "../api/project_types";
import { formatDuration } from "../model/duration";
import { NO_SESSION_FILTER, type SessionFilter, listHref } from "../model/filter";
import { formatMoney } from "../model/money";
import { type Range, countSteps, rangeBefore, stepOf } from "../model/range";
import {
  type Line,
  type Measure,
  costOfSteps,
  errorLines,
  latencyLines,
  spendingLines,
  stateLines,
  totalOf,
} from "../model/series";
import { findState } from "../model/state";
import { formatCount } from "../model/story";
import { Chart } from "../parts/chart";
import { useLoaded } from "../parts/loading";
import { Failure } from "../parts/notice";
import { hrefWith } from "./overview";

const GROUPS = [
  { by: "model", part: "models", none: "no model named" },
  { by: "agent", part: "agents", none: "no agent" },
  { by: "tag", part: "tags", none: "no tag" },
] as const;

const MEASURES: Record<"cost" | "tokens", Measure & { format: (value: number) => string }> = {
  cost: {
    of: (row) => Number(row.cost),
    sum: (rows) =>
      formatMoney(
        costOfSteps(rows),
        rows.some((row) => row.cost_is_lower_bound),
      ),
    format: (value) => `$${value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(2)))}`,
  },
  tokens: {
    of: (row) => row.tokens,
    sum: (rows) => formatCount(rows.reduce((total, row) => total + row.tokens, 0)),
    format: shortCount,
  },
};

interface Charts {
  range: Range;
  search: string;
  /** Over the whole range, those of all models first. */
  latencies: readonly Latency[];
}

/** End states, money, latencies and errors over time, each beside the range before. */
export function OverviewCharts({ range, search, latencies }: Charts) {
  const stepS = stepOf(range);
  const steps = countSteps(range, stepS);
  const query = new URLSearchParams(search);
  const group = GROUPS.find(({ by }) => by === query.get("by")) ?? GROUPS[0];
  const of = query.get("of") === "tokens" ? "tokens" : "cost";
  const read = (span: Range, parts: readonly string[]) => (signal: AbortSignal) => {
    const asked = [
      ["since", span.since],
      ["until", span.until],
      ["step_s", String(stepS)],
      ...parts.map((part) => ["part", part]),
    ];
    return fetchJson<Series>(`/v2/overview/series?${new URLSearchParams(asked).toString()}`, { signal });
  };
  const key = `${range.since} ${range.until}`;
  const events = useLoaded(read(range, ["states", "errors", "latencies"]), key);
  const spending = useLoaded(
    read(
      range,
      GROUPS.map(({ part }) => part),
    ),
    key,
  );
  const before = useLoaded(read(rangeBefore(range), ["states", "models", "errors", "latencies"]), key);
  const lines = useMemo(() => linesOf(events.value, steps, latencies), [events.value, steps, latencies]);
  const old = useMemo(() => {
    const all = linesOf(before.value, steps, []);
    return all && { ...all, states: totalOf(all.states, steps), errors: totalOf(all.errors, steps) };
  }, [before.value, steps]);
  const spent = useMemo(
    () => spending.value && spendingLines(spending.value[group.part] ?? [], steps, group.none, MEASURES[of]),
    [spending.value, steps, group, of],
  );
  const oldSpent = useMemo(
    () => before.value && totalOf(spendingLines(before.value.models ?? [], steps, "", MEASURES[of]), steps),
    [before.value, steps, of],
  );
  const failed = [events, spending, before].filter((one) => one.error !== null);
  const error = failed[0]?.error ?? null;
  if (error !== null) return <Failure error={error} retry={() => failed.forEach((one) => one.reload())} />;
  const common = {
    beforeLabel: "the range before",
    range,
    stepS,
    steps,
    zoom: (to: Range) => navigate(hrefWith(search, { ...to })),
  };
  const to = (span: Range, some: Partial<SessionFilter>) => listHref({ ...NO_SESSION_FILTER, ...span, ...some });
  return (
    <>
      <Chart
        {...common}
        title="End states"
        kind="bars"
        lines={lines?.states ?? null}
        before={old?.states ?? null}
        formatValue={shortCount}
        hrefOf={(span, line) => to(span, { state: findState(line?.name ?? null) })}
        empty="No sessions."
      />
      <Chart
        {...common}
        title={of === "cost" ? "Cost" : "Tokens"}
        kind="bars"
        lines={spent}
        before={group.by === "tag" ? null : oldSpent}
        formatValue={MEASURES[of].format}
        hrefOf={(span, line) => to(span, { ...filterBy(group.by, line?.name ?? null), sort: of })}
        empty={group.by === "tag" ? "No session with a tag." : "Nothing that costs."}
      >
        <Choice
          label="Of what"
          values={["cost", "tokens"]}
          chosen={of}
          hrefOf={(value) => hrefWith(search, { of: value })}
        />
        <Choice
          label="By what"
          values={GROUPS.map(({ by }) => by)}
          chosen={group.by}
          hrefOf={(by) => hrefWith(search, { by })}
        />
      </Chart>
      <Chart
        {...common}
        title="Latency of LLM calls"
        beforeLabel="p95 of the range before"
        kind="lines"
        lines={lines?.latencies ?? null}
        before={old?.latencies.find(({ label }) => label === "p95")?.values ?? null}
        formatValue={formatDuration}
        hrefOf={(span) => to(span, { sort: "duration" })}
        empty="No LLM calls that ended."
      />
      <Chart
        {...common}
        title="Errors by type"
        kind="bars"
        lines={lines?.errors ?? null}
        before={old?.errors ?? null}
        formatValue={shortCount}
        hrefOf={(span, line) =>
          to(span, line?.name == null ? { hasErrors: "true", sort: "errors" } : { error: line.name })
        }
        empty="No errors."
      />
    </>
  );
}

function linesOf(series: Series | null, steps: number, latencies: readonly Latency[]) {
  if (series === null) return null;
  return {
    states: stateLines(series.states ?? [], steps, formatCount),
    errors: errorLines(series.errors ?? [], steps, "no type given", formatCount),
    latencies: latencyLines(series.latencies ?? [], steps, latencies[0] ?? null, formatDuration),
  } satisfies Record<string, Line[]>;
}

function filterBy(by: "model" | "agent" | "tag", name: string | null): Partial<SessionFilter> {
  if (name === null) return {};
  return by === "tag" ? { tags: [name] } : { [by]: name };
}

interface ChoiceProps {
  label: string;
  values: readonly string[];
  chosen: string;
  hrefOf: (value: string) => string;
}

function Choice({ label, values, chosen, hrefOf }: ChoiceProps) {
  return (
    <nav class="views small" aria-label={label}>
      {values.map((value) => (
        <Link
          key={value}
          href={hrefOf(value)}
          replace
          class={value === chosen ? "on" : ""}
          aria-current={value === chosen ? "true" : undefined}
        >
          {value}
        </Link>
      ))}
    </nav>
  );
}

/** "12", "1.2k", "3.4M": a mark of an axis. */
function shortCount(count: number): string {
  if (!Number.isInteger(count)) return count < 1 ? "" : String(Math.round(count * 10) / 10);
  if (count < 1_000) return String(count);
  return count < 1_000_000
    ? `${Number((count / 1_000).toPrecision(3))}k`
    : `${Number((count / 1_000_000).toPrecision(3))}M`;
}
