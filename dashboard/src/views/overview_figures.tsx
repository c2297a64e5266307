import type { ComponentChildren } from "preact";
import { Link } from "wouter-preact";
import type { Day, Overview } from "../api/project_types";
import { costOf } from "../model/cost";
import { NO_SESSION_FILTER, listHref } from "../model/filter";
import { formatChange } from "../model/overview";
import type { Range } from "../model/range";
import { formatCount } from "../model/story";

interface Figures {
  range: Range;
  /** Null while they are read: the frame is there at once. */
  now: Overview | null;
  before: Overview | null;
}

const NAMES = ["Sessions", "Failed", "Cost", "Tokens", "LLM calls", "Tools", "Errors"];

/** What all sessions of the range come to, and how that changed against the range before. */
export function OverviewFigures({ range, now, before }: Figures) {
  if (now === null || before === null) {
    return (
      <dl class="facts" aria-label="Figures">
        {NAMES.map((name) => (
          <Fact key={name} name={name} href="" change="">
            …
          </Fact>
        ))}
      </dl>
    );
  }
  const [is, was] = [now.totals, before.totals];
  const cost = costOf(is);
  const list = { ...NO_SESSION_FILTER, ...range };
  const [failed, failedBefore] = [countFailed(now.days), countFailed(before.days)];
  const [tokens, tokensBefore] = [is, was].map((totals) => totals.prompt_tokens + totals.completion_tokens);
  const by = (sort: "cost" | "tokens" | "llms" | "tools" | "errors") => listHref({ ...list, sort });
  return (
    <dl class="facts" aria-label="Figures">
      <Fact name="Sessions" href={listHref(list)} change={formatChange(is.sessions, was.sessions)}>
        {formatCount(is.sessions)}
      </Fact>
      <Fact
        name="Failed"
        href={listHref({ ...list, state: "Failure" })}
        change={formatChange(failed, failedBefore)}
        title={`${shareText(failed, is.sessions)} of all sessions`}
      >
        {formatCount(failed)} <small>{shareText(failed, is.sessions)}</small>
      </Fact>
      <Fact name="Cost" href={by("cost")} title={cost.title} change={formatChange(Number(is.cost), Number(was.cost))}>
        {cost.text}
      </Fact>
      <Fact name="Tokens" href={by("tokens")} change={formatChange(tokens ?? 0, tokensBefore ?? 0)}>
        {formatCount(tokens ?? 0)}
      </Fact>
      <Fact name="LLM calls" href={by("llms")} change={formatChange(is.llms, was.llms)}>
        {formatCount(is.llms)}
      </Fact>
      <Fact name="Tools" href={by("tools")} change={formatChange(is.tools, was.tools)}>
        {formatCount(is.tools)}
      </Fact>
      <Fact
        name="Errors"
        href={listHref({ ...list, hasErrors: "true", sort: "errors" })}
        change={formatChange(is.errors, was.errors)}
      >
        {formatCount(is.errors)}
      </Fact>
    </dl>
  );
}

function countFailed(days: readonly Day[]): number {
  return days.reduce((sum, day) => sum + (day.end_states.Failure ?? 0), 0);
}

function shareText(part: number, whole: number): string {
  return whole === 0 ? "" : `${((part / whole) * 100).toFixed(1)} %`;
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
      <dd title={title}>{href === "" ? <span class="dim">{children}</span> : <Link href={href}>{children}</Link>}</dd>
      <dd class="note">{change}</dd>
    </div>
  );
}
