import type { ComponentChildren } from "preact";
import { Link, useSearch } from "wouter-preact";
import { fetchJson } from "../api/client";
import type { Overview } from "../api/project_types";
import { costOf } from "../model/cost";
import { NO_SESSION_FILTER, listHref } from "../model/filter";
import { RANGES_DAYS, type Range, formatChange, rangeBefore, rangeOf } from "../model/overview";
import { formatCount } from "../model/story";
import { useLoaded } from "../parts/loading";
import { Failure, Notice } from "../parts/notice";
import { useTitle } from "../parts/view_state";
import { DayChart } from "./day_chart";
import { AgentTable, ErrorTable, ExpensiveTable, LatencyTable, ModelTable, TagTable } from "./overview_tables";

const DEFAULT_DAYS = 7;

/** What the project's sessions come to: every figure leads to the sessions behind it. */
export function OverviewView() {
  const wanted = Number(new URLSearchParams(useSearch()).get("days"));
  const days = RANGES_DAYS.find((one) => one === wanted) ?? DEFAULT_DAYS;
  const range = rangeOf(days, Date.now());
  useTitle("Overview");
  const { value, error, reload } = useLoaded((signal) => read(range, signal), `${range.since} ${range.until}`);
  return (
    <main class="overview-page">
      <div class="top">
        <h1>Overview</h1>
        <nav class="views" aria-label="Range">
          {RANGES_DAYS.map((one) => (
            <Link
              key={one}
              href={`/overview?days=${one}`}
              class={one === days ? "on" : ""}
              aria-current={one === days ? "page" : undefined}
            >
              {one === 1 ? "Today" : `${one} days`}
            </Link>
          ))}
        </nav>
        <span class="spring" />
        <span class="dim">days in UTC, beside the {days === 1 ? "day" : `${days} days`} before</span>
      </div>
      {value === null ? (
        error === null ? (
          <div class="overview-body" aria-busy="true" />
        ) : (
          <Failure error={error} retry={reload} />
        )
      ) : (
        <Body range={range} now={value.now} before={value.before} />
      )}
    </main>
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

function Body({ range, now, before }: Both & { range: Range }) {
  if (now.totals.sessions === 0) {
    return (
      <Notice title="No sessions in this time">
        <Link class="btn" href="/">
          All sessions
        </Link>
      </Notice>
    );
  }
  return (
    <div class="overview-body" data-testid="overview">
      <Figures range={range} now={now} before={before} />
      <DayChart range={range} days={now.days} />
      <ModelTable range={range} days={now.models} />
      <LatencyTable range={range} latencies={now.latencies} />
      <ErrorTable range={range} errors={now.errors} />
      <ExpensiveTable sessions={now.expensive} />
      <AgentTable range={range} agents={now.agents} />
      <TagTable range={range} tags={now.tags} />
    </div>
  );
}

function Figures({
  range,
  now: { totals: now, days },
  before: { totals: before, days: daysBefore },
}: Both & { range: Range }) {
  const cost = costOf(now);
  const failed = (list: Overview["days"]) => list.reduce((sum, day) => sum + (day.end_states.Failure ?? 0), 0);
  const tokens = (totals: Overview["totals"]) => totals.prompt_tokens + totals.completion_tokens;
  const list = { ...NO_SESSION_FILTER, ...range };
  return (
    <dl class="facts" aria-label="Figures">
      <Fact name="Sessions" href={listHref(list)} change={formatChange(now.sessions, before.sessions)}>
        {formatCount(now.sessions)}
      </Fact>
      <Fact
        name="Failed"
        href={listHref({ ...list, state: "Failure" })}
        change={formatChange(failed(days), failed(daysBefore))}
      >
        {formatCount(failed(days))}
      </Fact>
      <Fact
        name="Cost"
        href={listHref({ ...list, sort: "cost" })}
        title={cost.title}
        change={formatChange(Number(now.cost), Number(before.cost))}
      >
        {cost.text}
      </Fact>
      <Fact
        name="Tokens"
        href={listHref({ ...list, sort: "tokens" })}
        change={formatChange(tokens(now), tokens(before))}
      >
        {formatCount(tokens(now))}
      </Fact>
      <Fact name="LLM calls" href={listHref({ ...list, sort: "llms" })} change={formatChange(now.llms, before.llms)}>
        {formatCount(now.llms)}
      </Fact>
      <Fact name="Tools" href={listHref({ ...list, sort: "tools" })} change={formatChange(now.tools, before.tools)}>
        {formatCount(now.tools)}
      </Fact>
      <Fact name="Errors" href={listHref({ ...list, sort: "errors" })} change={formatChange(now.errors, before.errors)}>
        {formatCount(now.errors)}
      </Fact>
    </dl>
  );
}

interface FactProps {
  name: string;
  href: string;
  change: string;
  title?: string;
  children: ComponentChildren;
}

function Fact({ name, href, change, title = "", children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd title={title}>
        <Link href={href}>{children}</Link>
      </dd>
      <dd class="note">{change}</dd>
    </div>
  );
}
