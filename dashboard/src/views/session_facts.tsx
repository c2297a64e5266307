import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import type { EventRow, Session, Stats } from "../api/types";
import { boundNote, costOf, tokensOf } from "../model/cost";
import { formatDuration, formatDurationExact } from "../model/duration";
import { latencyMs, modelShare } from "../model/figures";
import { formatCount } from "../model/story";
import { When } from "../parts/when";

const UNKNOWN = { text: "–", title: "" };

interface FactsProps {
  session: Session | null;
  events: readonly EventRow[];
  areLoaded: boolean;
}

/** What a session cost and did, in figures. The frame stands before they are known. */
export function SessionFacts({ session, events, areLoaded }: FactsProps) {
  const stats = session?.stats ?? null;
  const share = useMemo(() => (areLoaded ? modelShare(events, stats?.duration_ms ?? 0) : 0), [events, areLoaded]);
  const p95 = useMemo(() => (areLoaded ? latencyMs(events, 0.95) : null), [events, areLoaded]);
  const count = (pick: (stats: Stats) => number) => (stats === null ? "–" : formatCount(pick(stats)));
  const cost = stats === null ? UNKNOWN : costOf(stats);
  const tokens = stats === null ? UNKNOWN : tokensOf(stats);
  return (
    <dl class="facts" aria-label="Figures">
      <Fact name="Cost" value={cost.text} title={cost.title}>
        {stats !== null && boundNote(stats)}
      </Fact>
      <Fact name="Duration" value={stats === null ? "–" : formatDurationExact(stats.duration_ms)}>
        {session !== null && <Ended session={session} share={share} />}
      </Fact>
      <Fact name="Tokens" value={tokens.text} title={tokens.title}>
        {stats !== null &&
          stats.total_tokens > 0 &&
          `${formatCount(stats.prompt_tokens)} in, ${formatCount(stats.completion_tokens)} out`}
      </Fact>
      <Fact name="LLM calls" value={count((one) => one.llms)}>
        {stats !== null &&
          (stats.unpriced_llms > 0
            ? `${formatCount(stats.unpriced_llms)} without a price`
            : p95 !== null && `p95 ${formatDuration(p95)}`)}
      </Fact>
      <Fact name="Tools" value={count((one) => one.tools)} />
      <Fact name="Actions" value={count((one) => one.actions)} />
      <Fact name="Errors" value={count((one) => one.errors)} isBad={stats !== null && stats.errors > 0} />
    </dl>
  );
}

interface FactProps {
  name: string;
  value: string;
  title?: string;
  isBad?: boolean;
  children?: ComponentChildren;
}

function Fact({ name, value, title = "", isBad = false, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={isBad ? "bad" : ""} title={title}>
        {value}
      </dd>
      <dd class="note">{children}</dd>
    </div>
  );
}

function Ended({ session, share }: { session: Session; share: number }) {
  if (session.is_running || session.end_timestamp === null) return <>so far</>;
  if (share > 0) return <>models {Math.round(share * 100)} %</>;
  return (
    <>
      ended <When time={session.end_timestamp} />
    </>
  );
}
