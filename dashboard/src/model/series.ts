/** What the server tells step by step, as a chart draws it: one list of values a name, with a value for every step. */

import type { ErrorsStep, LatencyStep, SpendingStep, StatesStep } from "../api/project_types";
import { addMoney } from "./money";
import type { State } from "./state";

export interface Line {
  /** What the list filters by; null where it cannot: no name, or all the lesser ones together. */
  name: string | null;
  label: string;
  /** A colour of the design: a name of tokens.css. */
  look: string;
  /** Null where there is nothing to tell of a step. */
  values: readonly (number | null)[];
  /** The same for people; by step, and of all steps together. */
  texts: readonly string[];
  total: string;
}

export interface Measure {
  /** Only for the height of a bar: what is told is `sum`. */
  of: (row: SpendingStep) => number;
  sum: (rows: readonly SpendingStep[]) => string;
}

const STATE_LOOKS: readonly (readonly [State, string])[] = [
  ["Success", "ok-fill"],
  ["Indeterminate", "unsure-fill"],
  ["Running", "live"],
  ["Failure", "bad"],
];
export const MOST_LOOKS = 7;

/** How sessions ended; what there is none of is no line. */
export function stateLines(rows: readonly StatesStep[], steps: number, format: (count: number) => string): Line[] {
  return STATE_LOOKS.flatMap(([state, look]) => {
    const values = spread(rows, steps, (row) => row.end_states[state] ?? 0);
    return hasAny(values) ? [countLine(state, state, look, values, format)] : [];
  });
}

/** Errors by type, the most frequent first. */
export function errorLines(
  rows: readonly ErrorsStep[],
  steps: number,
  noName: string,
  format: (count: number) => string,
): Line[] {
  const groups = groupByName(rows).sort(([, a], [, b]) => sum(b, (row) => row.errors) - sum(a, (row) => row.errors));
  return arrange(groups).map(({ name, isRest, rows: own, look }, index) =>
    countLine(
      name,
      labelOf(name, isRest, noName),
      index === 0 ? "bad" : look,
      spread(own, steps, (row) => row.errors),
      format,
    ),
  );
}

/** What sessions cost, or their tokens, by name: the dearest first, the lesser ones together last. */
export function spendingLines(
  rows: readonly SpendingStep[],
  steps: number,
  noName: string,
  { of, sum: told }: Measure,
): Line[] {
  const groups = groupByName(rows).sort(([, a], [, b]) => sum(b, of) - sum(a, of));
  return arrange(groups).map(({ name, isRest, rows: own, look }) => ({
    name,
    label: labelOf(name, isRest, noName),
    look,
    values: spread(own, steps, of),
    texts: byStep(own, steps).map(told),
    total: told(own),
  }));
}

const QUANTILES = [
  ["p50", "c2", (row: LatencyStep) => row.p50_ms],
  ["p95", "c3", (row: LatencyStep) => row.p95_ms],
  ["p99", "c5", (row: LatencyStep) => row.p99_ms],
] as const;

/** How long LLM calls took; steps without any are gaps. */
export function latencyLines(
  rows: readonly LatencyStep[],
  steps: number,
  totals: { p50_ms: number; p95_ms: number; p99_ms: number } | null,
  format: (ms: number) => string,
): Line[] {
  if (rows.length === 0) return [];
  return QUANTILES.map(([label, look, of]) => {
    const values: (number | null)[] = Array<null>(steps).fill(null);
    for (const row of rows) if (row.step < steps) values[row.step] = of(row);
    const texts = values.map((value) => (value === null ? "–" : format(value)));
    return {
      name: null,
      label,
      look,
      values,
      texts,
      total: totals === null ? "" : format(of({ ...totals, step: 0, llms: 0 })),
    };
  });
}

/** The sums of all names, step by step, for the range before. */
export function totalOf(lines: readonly Line[], steps: number): (number | null)[] {
  return Array.from({ length: steps }, (_, step) => lines.reduce((total, line) => total + (line.values[step] ?? 0), 0));
}

export function costOfSteps(rows: readonly { cost: string }[]): string {
  return addMoney(rows.map((row) => row.cost));
}

function countLine(
  name: string | null,
  label: string,
  look: string,
  values: readonly number[],
  format: (count: number) => string,
): Line {
  return { name, label, look, values, texts: values.map(format), total: format(values.reduce((a, b) => a + b, 0)) };
}

interface Named {
  step: number;
  name: string | null;
  is_rest: boolean;
}

type Group<Row> = readonly [key: string, rows: readonly Row[]];

function groupByName<Row extends Named>(rows: readonly Row[]): Group<Row>[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.is_rest ? "rest" : "of"} ${row.name ?? ""}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups];
}

/** The groups in their order, the rest last and in its own grey. */
function arrange<Row extends Named>(groups: readonly Group<Row>[]) {
  const named = groups.filter(([, rows]) => rows[0]?.is_rest === false);
  const rest = groups.filter(([, rows]) => rows[0]?.is_rest === true);
  return [...named, ...rest].map(([, rows], index) => {
    const isRest = rows[0]?.is_rest ?? false;
    const look = isRest ? "c-rest" : `c${(index % MOST_LOOKS) + 1}`;
    return { name: rows[0]?.name ?? null, isRest, rows, look };
  });
}

function labelOf(name: string | null, isRest: boolean, noName: string): string {
  return isRest ? "all others" : (name ?? noName);
}

function byStep<Row extends { step: number }>(rows: readonly Row[], steps: number): Row[][] {
  const found = Array.from({ length: steps }, (): Row[] => []);
  for (const row of rows) found[row.step]?.push(row);
  return found;
}

function spread<Row extends { step: number }>(rows: readonly Row[], steps: number, of: (row: Row) => number): number[] {
  return byStep(rows, steps).map((own) => sum(own, of));
}

function sum<Row>(rows: readonly Row[], of: (row: Row) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}

function hasAny(values: readonly number[]): boolean {
  return values.some((value) => value !== 0);
}
