import { Link, useSearch } from "wouter-preact";
import { navigate } from "wouter-preact/use-browser-location";
import { fetchJson } from "../api/client";
import type { Overview } from "../api/project_types";
import { type Range, RANGES_DAYS, rangeBefore, readRange } from "../model/range";
import { formatExact } from "../model/time";
import { readField } from "../parts/form";
import { useLoaded } from "../parts/loading";
import { Menu } from "../parts/menu";
import { Failure, Notice } from "../parts/notice";
import { useTitle } from "../parts/view_state";
import { OverviewCharts } from "./overview_charts";
import { OverviewFigures } from "./overview_figures";
import { AgentTable, ErrorTable, ExpensiveTable, LatencyTable, ModelTable, TagTable } from "./overview_tables";

/** What the project's sessions come to: every figure and every bar leads to the sessions behind it. */
export function OverviewView() {
  const search = useSearch();
  const { range, days } = readRange(search, Date.now());
  useTitle("Overview");
  const key = `${range.since} ${range.until}`;
  const { value, error, reload } = useLoaded((signal) => read(range, signal), key);
  return (
    <main class="overview-page">
      <div class="top">
        <h1>Overview</h1>
        <Ranges range={range} days={days} search={search} />
        <span class="spring" />
        <span class="dim">{comparison(range, days)}</span>
      </div>
      {value === null && error !== null ? (
        <Failure error={error} retry={reload} />
      ) : value !== null && value.now.totals.sessions === 0 ? (
        <NoSessions />
      ) : (
        <div class="overview-body" data-testid="overview" aria-busy={value === null}>
          <OverviewFigures range={range} now={value?.now ?? null} before={value?.before ?? null} />
          <OverviewCharts key={key} range={range} search={search} latencies={value?.now.latencies ?? []} />
          {value !== null && <Tables range={range} of={value.now} />}
        </div>
      )}
    </main>
  );
}

function comparison(range: Range, days: number | null): string {
  if (days === null) return `${formatExact(range.since)} to ${formatExact(range.until)}, compared with as long before`;
  return days === 1 ? "compared with yesterday" : `compared with the ${days} days before`;
}

function NoSessions() {
  return (
    <Notice title="No sessions in this time">
      <p>Choose a longer time above, or look at all of them.</p>
      <p class="inline">
        <Link class="btn" href="/">
          All sessions
        </Link>
        <Link class="btn" href="/start">
          Get started
        </Link>
      </p>
    </Notice>
  );
}

interface Both {
  now: Overview;
  before: Overview;
}

async function read(range: Range, signal: AbortSignal): Promise<Both> {
  const ask = ({ since, until }: Range, parts: readonly string[]) => {
    const query = new URLSearchParams([["since", since], ["until", until], ...parts.map((part) => ["part", part])]);
    return fetchJson<Overview>(`/v2/overview?${query.toString()}`, { signal });
  };
  const [now, before] = await Promise.all([ask(range, []), ask(rangeBefore(range), ["totals", "days"])]);
  return { now, before };
}

function Tables({ range, of }: { range: Range; of: Overview }) {
  return (
    <>
      <div class="overview-tables">
        <ErrorTable range={range} errors={of.errors} />
        <ModelTable range={range} days={of.models} />
        <AgentTable range={range} agents={of.agents} />
        <TagTable range={range} tags={of.tags} />
      </div>
      <div class="overview-tables">
        <ExpensiveTable sessions={of.expensive} />
        <LatencyTable range={range} latencies={of.latencies} />
      </div>
    </>
  );
}

function Ranges({ range, days, search }: { range: Range; days: number | null; search: string }) {
  return (
    <>
      <nav class="views" aria-label="Range">
        {RANGES_DAYS.map((one) => (
          <Link
            key={one}
            href={hrefWith(search, { days: String(one) })}
            class={one === days ? "on" : ""}
            aria-current={one === days ? "page" : undefined}
          >
            {one === 1 ? "Today" : `${one} days`}
          </Link>
        ))}
      </nav>
      <Menu label={days === null ? "Other time ✓" : "Other time"}>
        <RangeForm key={range.since + range.until} range={range} search={search} />
      </Menu>
    </>
  );
}

function RangeForm({ range, search }: { range: Range; search: string }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const [since, until] = ["since", "until"].map((name) => new Date(readField(event.currentTarget, name)));
    if (since === undefined || until === undefined || !(since < until)) return;
    navigate(hrefWith(search, { since: since.toISOString(), until: until.toISOString() }));
  };
  return (
    <form class="filter-form" onSubmit={submit} data-submit-closes>
      <label>
        <span>From</span>
        <input name="since" type="datetime-local" required defaultValue={asLocal(range.since)} />
      </label>
      <label>
        <span>To</span>
        <input name="until" type="datetime-local" required defaultValue={asLocal(range.until)} />
      </label>
      <button type="submit" class="btn main">
        Show
      </button>
    </form>
  );
}

/** A moment as a field shows it: in the reader's zone. */
function asLocal(time: string): string {
  const moment = new Date(time);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The overview of another range, the other choices as they are. */
export function hrefWith(search: string, changes: Record<string, string>): string {
  const query = new URLSearchParams(search);
  if ("days" in changes || "since" in changes) for (const key of ["days", "since", "until"]) query.delete(key);
  for (const [key, value] of Object.entries(changes)) query.set(key, value);
  return `/overview?${query.toString()}`;
}
