import { useMemo } from "preact/hooks";
import { type CostLine, costByAgent, costByModel, costByStep } from "../model/breakdown";
import { costOf } from "../model/cost";
import { NO_FILTER } from "../model/event_filter";
import { formatMoney, isZero, shareOf } from "../model/money";
import { formatCount } from "../model/story";
import { Notice } from "../parts/notice";
import { Pending } from "./pending";
import { Savings } from "./savings";
import type { Scope } from "./scope";

const MOST_LINES = 30;

/** Where the money went: by model, agent and step; each line leads to its events. */
export function CostView({ scope }: { scope: Scope }) {
  const { events, session, tree, go, choose } = scope;
  const byModel = useMemo(() => costByModel(events), [events]);
  const byAgent = useMemo(() => costByAgent(events, session.agents ?? []), [events, session.agents]);
  const byStep = useMemo(() => costByStep(events, tree), [events, tree]);
  const cached = session.stats.cache_read_tokens;
  if (byModel.length === 0 && !scope.areLoaded) return <Pending />;
  if (byModel.length === 0)
    return <Notice title="No LLM calls">{<p>Nothing in this session cost anything.</p>}</Notice>;
  const total = costOf(session.stats);
  return (
    <div class="pane cost" data-testid="cost">
      <p class="lead">
        <strong title={total.title}>{total.text}</strong> <span class="dim">{total.title}</span>
        {cached > 0 && <span class="dim"> {formatCount(cached)} input tokens were read from a cache.</span>}
      </p>
      <Lines
        title="By model"
        lines={byModel}
        total={session.stats.cost}
        open={(key) => go({ tab: "waterfall", filter: { ...NO_FILTER, kinds: ["llm"], text: key } })}
      />
      <Lines
        title="By agent"
        lines={byAgent}
        total={session.stats.cost}
        open={(key) => go({ tab: "waterfall", filter: { ...NO_FILTER, kinds: ["llm"], agentId: key || null } })}
      />
      <Savings scope={scope} />
      <Lines title="By step" lines={byStep} total={session.stats.cost} open={choose} />
    </div>
  );
}

interface LinesProps {
  title: string;
  lines: readonly CostLine[];
  total: string;
  open: (key: string) => void;
}

function Lines({ title, lines, total, open }: LinesProps) {
  const left = lines.length - MOST_LINES;
  return (
    <section>
      <h2>{title}</h2>
      <div class="scroll" tabIndex={0} role="group" aria-label={title}>
        <table class="figures">
          <thead>
            <tr>
              <th>{title.replace("By ", "").replace(/^./, (letter) => letter.toUpperCase())}</th>
              <th class="num">Calls</th>
              <th class="num">Tokens in</th>
              <th class="num">Tokens out</th>
              <th class="num">Cost</th>
            </tr>
          </thead>
          <tbody>
            {lines.slice(0, MOST_LINES).map((line) => (
              <Line key={line.key} line={line} total={total} open={open} />
            ))}
          </tbody>
        </table>
      </div>
      {left > 0 && <p class="dim">and {formatCount(left)} more that cost less</p>}
    </section>
  );
}

function Line({ line, total, open }: { line: CostLine; total: string; open: (key: string) => void }) {
  const { key, name, cost, unpriced, calls, inputTokens, outputTokens } = line;
  const isUnknown = unpriced > 0 && isZero(cost);
  const why =
    unpriced > 0 ? `The price or the token count of ${formatCount(unpriced)} of them is missing.` : `$${cost}`;
  return (
    <tr>
      <td>
        <button type="button" class="link" onClick={() => open(key)}>
          {name}
        </button>
      </td>
      <td class="num">{formatCount(calls)}</td>
      <td class="num">{formatCount(inputTokens)}</td>
      <td class="num">{formatCount(outputTokens)}</td>
      <td class="num bar" style={{ "--share": shareOf(cost, total) }} title={why}>
        {isUnknown ? "–" : formatMoney(cost, unpriced > 0)}
      </td>
    </tr>
  );
}
