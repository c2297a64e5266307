import type { Session, Stats } from "../api/types";
import { costOf, tokensOf } from "../model/cost";
import { formatDuration, formatDurationExact } from "../model/duration";
import { type SessionFilter, listHref, withTag } from "../model/filter";
import { stateOf } from "../model/state";
import { formatCount, nameOf, summaryOf } from "../model/story";
import { fitTags } from "../model/tags";
import { memo } from "../parts/memo";
import { StateBadge } from "../parts/state_badge";
import { When } from "../parts/when";

interface Row {
  session: Session;
  index: number;
  offsetPx: number;
  filter: SessionFilter;
  isCurrent: boolean;
  isChosen: boolean;
  toggle: (sessionId: string) => void;
  /** How wide the column of tags is. */
  tagsPx: number;
  linkId: string;
  onChoose: (sessionId: string) => void;
}

export const SessionRow = memo(function SessionRow(props: Row) {
  const { session, index, offsetPx, filter, isCurrent, isChosen, toggle, tagsPx, linkId, onChoose } = props;
  const { stats } = session;
  const cost = costOf(stats);
  const tokens = tokensOf(stats);
  const summary = summaryOf(session);
  const look = `row${session.is_running ? " running" : ""}${isCurrent ? " current" : ""}`;
  return (
    <div
      role="row"
      class={look}
      aria-rowindex={index + 2}
      onClick={(event) => openRow(event, linkId)}
      onAuxClick={(event) => openRow(event, linkId)}
      style={{ top: `${offsetPx}px` }}
      data-testid="session-row"
    >
      <span role="cell" class="c-state">
        <input
          type="checkbox"
          aria-label={`Choose ${nameOf(session)}`}
          checked={isChosen}
          tabIndex={-1}
          onClick={(event) => event.stopPropagation()}
          onChange={() => toggle(session.session_id)}
        />
        <StateBadge state={stateOf(session)} />
      </span>
      <span role="cell" class="c-title">
        <a id={linkId} href={`/sessions/${session.session_id}`} onClick={() => onChoose(session.session_id)}>
          {nameOf(session)}
        </a>
        <small class={summary.isGiven ? "" : "ours"} title={summary.isGiven ? (session.end_state_reason ?? "") : ""}>
          {summary.text}
        </small>
      </span>
      <span role="cell" class="c-mix">
        <Mix stats={stats} />
      </span>
      <Count of={stats.llms} column="c-count" />
      <Count of={stats.tools} column="c-count" />
      <Count of={stats.errors} column={stats.errors > 0 ? "c-errors bad" : "c-errors"} />
      <span role="cell" class={`num c-tokens${stats.total_tokens === 0 ? " zero" : ""}`} title={tokens.title}>
        {tokens.text}
      </span>
      <span role="cell" class="num c-cost" title={cost.title}>
        {cost.text}
      </span>
      <span role="cell" class="num c-duration" title={formatDurationExact(stats.duration_ms)}>
        {formatDuration(stats.duration_ms)}
      </span>
      <span role="cell" class="c-agents" title={session.agent_names.join(", ")}>
        <First of={session.agent_names} hrefOf={(agent) => listHref({ ...filter, agent })} />
      </span>
      <span role="cell" class="c-tags" title={session.tags.join(", ")}>
        <Tags tags={session.tags} filter={filter} widthPx={tagsPx} />
      </span>
      <span role="cell" class="c-host" title={session.hosts.join(", ")}>
        <First of={session.hosts} hrefOf={(host) => listHref({ ...filter, host })} />
      </span>
      <span role="cell" class="num c-started dim">
        <When time={session.init_timestamp} />
      </span>
    </div>
  );
});

/** All of a row leads where its link does, and like it beside the page for whoever asks for that. */
function openRow(event: MouseEvent, linkId: string): void {
  const link = document.getElementById(linkId);
  if (!(link instanceof HTMLAnchorElement) || !(event.target instanceof Element)) return;
  const isChoosingText = getSelection()?.isCollapsed === false;
  if (event.target.closest("a, input") !== null || event.button > 1 || isChoosingText) return;
  if (event.button === 1 || event.ctrlKey || event.metaKey || event.shiftKey)
    window.open(link.href, "_blank", "noopener");
  else link.click();
}

function Count({ of, column }: { of: number; column: string }) {
  return (
    <span role="cell" class={`num ${column}${of === 0 ? " zero" : ""}`}>
      {formatCount(of)}
    </span>
  );
}

/** The shares of the four kinds of events as one bar. */
function Mix({ stats }: { stats: Stats }) {
  const { llms, tools, actions, errors } = stats.event_counts;
  const words = `${stats.events} events: ${llms} LLM calls, ${tools} tool calls, ${actions} actions, ${errors} errors`;
  const shares: [string, number][] = [
    ["llm", llms],
    ["tool", tools],
    ["action", actions],
    ["error", errors],
  ];
  return (
    <span class="mix" role="img" aria-label={words} title={words}>
      {shares.map(([kind, count]) => count > 0 && <i key={kind} class={kind} style={{ flexGrow: count }} />)}
    </span>
  );
}

/** One name, and how many more there are; it leads to the sessions that have it too. */
function First({ of: names, hrefOf }: { of: readonly string[]; hrefOf: (name: string) => string }) {
  const [first] = names;
  if (first === undefined) return <span class="zero">–</span>;
  return (
    <>
      <a href={hrefOf(first)} tabIndex={-1}>
        {first}
      </a>
      {names.length > 1 && <span class="dim">+{names.length - 1}</span>}
    </>
  );
}

/** As many as fit. They are for the pointer: by keyboard a row is one stop, and the session's page has its tags again. */
function Tags({ tags, filter, widthPx }: { tags: readonly string[]; filter: SessionFilter; widthPx: number }) {
  const shown = fitTags(tags, widthPx);
  return (
    <>
      {tags.slice(0, shown).map((tag, index) => (
        <a key={index} class="tag" href={listHref(withTag(filter, tag))} tabIndex={-1}>
          {tag}
        </a>
      ))}
      {shown < tags.length && <span class="more-tags dim">+{tags.length - shown}</span>}
    </>
  );
}
