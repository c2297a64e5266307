import type { ComponentChildren } from "preact";
import type { Session, Stats } from "../api/types";
import { costOf, tokensOf } from "../model/cost";
import { formatDurationExact } from "../model/duration";
import { formatCount } from "../model/story";
import { When } from "../parts/when";

const UNKNOWN = { text: "–", title: "" };

/** What a session cost and did, in figures. The frame stands before they are known. */
export function SessionFacts({ session }: { session: Session | null }) {
  const stats = session?.stats ?? null;
  const count = (pick: (stats: Stats) => number) => (stats === null ? "–" : formatCount(pick(stats)));
  const cost = stats === null ? UNKNOWN : costOf(stats);
  const tokens = stats === null ? UNKNOWN : tokensOf(stats);
  return (
    <dl class="facts" aria-label="Figures">
      <Fact name="Cost" value={cost.text} title={cost.title}>
        {stats !== null && stats.cost_is_lower_bound && "a price is missing"}
      </Fact>
      <Fact name="Duration" value={stats === null ? "–" : formatDurationExact(stats.duration_ms)}>
        {session !== null && <Ended session={session} />}
      </Fact>
      <Fact name="Tokens" value={tokens.text} title={tokens.title}>
        {stats !== null &&
          stats.total_tokens > 0 &&
          `${formatCount(stats.prompt_tokens)} in, ${formatCount(stats.completion_tokens)} out`}
      </Fact>
      <Fact name="LLM calls" value={count((one) => one.llms)}>
        {stats !== null && stats.unpriced_llms > 0 && `${formatCount(stats.unpriced_llms)} without a price`}
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

function Ended({ session }: { session: Session }) {
  if (session.is_running || session.end_timestamp === null) return <>so far</>;
  return (
    <>
      ended <When time={session.end_timestamp} />
    </>
  );
}
