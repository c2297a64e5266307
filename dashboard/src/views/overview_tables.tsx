import type { ComponentChildren } from "preact";
import { Link } from "wouter-preact";
import type {
  DayOfModel,
  ErrorsOfType,
  ExpensiveSession,
  Latency,
  OfAgent,
  OfTag,
  Spending,
} from "../api/project_types";
import { formatDuration } from "../model/duration";
import { NO_SESSION_FILTER, type SessionFilter, listHref } from "../model/filter";
import { addMoney, formatMoney, isZero, shareOf } from "../model/money";
import { sumModels } from "../model/overview";
import type { Range } from "../model/range";
import { formatCount, nameOf } from "../model/story";
import { When } from "../parts/when";

const MOST_ROWS = 12;

interface TableProps {
  title: string;
  columns: readonly string[];
  children: ComponentChildren;
}

function Table({ title, columns, children }: TableProps) {
  const [first, ...rest] = columns;
  return (
    <section>
      <h2>{title}</h2>
      <div class="scroll" tabIndex={0} role="group" aria-label={title}>
        <table class="figures">
          <thead>
            <tr>
              <th>{first}</th>
              {rest.map((name) => (
                <th key={name} class="num">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
    </section>
  );
}

function Cost({ of, total }: { of: Spending; total: string }) {
  const isUnknown = of.cost_is_lower_bound && isZero(of.cost);
  return (
    <td class="num bar" style={{ "--share": shareOf(of.cost, total) }} title={`$${of.cost}`}>
      {isUnknown ? "–" : formatMoney(of.cost, of.cost_is_lower_bound)}
    </td>
  );
}

function to(range: Range, some: Partial<SessionFilter>): string {
  return listHref({ ...NO_SESSION_FILTER, ...range, ...some });
}

/** A name that leads to its sessions; what has none is no filter. */
function Lead({ href, name, none }: { href: string; name: string | null; none: string }) {
  return (
    <td>
      {name === null || name === "" ? (
        <span class="dim">{none}</span>
      ) : (
        <Link class="link" href={href}>
          {name}
        </Link>
      )}
    </td>
  );
}

export function ModelTable({ range, days }: { range: Range; days: readonly DayOfModel[] }) {
  const models = sumModels(days);
  if (models.length === 0) return null;
  const total = addMoney(models.map((one) => one.cost));
  return (
    <Table title="Cost and tokens by model" columns={["Model", "Calls", "Tokens", "Cost"]}>
      {models.slice(0, MOST_ROWS).map((one) => (
        <tr key={one.model}>
          <Lead href={to(range, { model: one.model ?? "" })} name={one.model} none="no model named" />
          <td class="num">{formatCount(one.llms)}</td>
          <td class="num">{formatCount(one.tokens)}</td>
          <Cost of={one} total={total} />
        </tr>
      ))}
    </Table>
  );
}

export function LatencyTable({ range, latencies }: { range: Range; latencies: readonly Latency[] }) {
  if (latencies.length === 0) return null;
  return (
    <Table title="Latency of LLM calls" columns={["Model", "Calls", "p50", "p95", "p99"]}>
      {latencies.slice(0, MOST_ROWS).map((one) => (
        <tr key={one.model}>
          <Lead href={to(range, { model: one.model ?? "" })} name={one.model} none="all models" />
          <td class="num">{formatCount(one.llms)}</td>
          <td class="num">{formatDuration(one.p50_ms)}</td>
          <td class="num">{formatDuration(one.p95_ms)}</td>
          <td class="num">{formatDuration(one.p99_ms)}</td>
        </tr>
      ))}
    </Table>
  );
}

export function ErrorTable({ range, errors }: { range: Range; errors: readonly ErrorsOfType[] }) {
  if (errors.length === 0) return null;
  return (
    <Table title="Errors" columns={["Type", "Errors", "Sessions", "Last"]}>
      {errors.slice(0, MOST_ROWS).map((one) => (
        <tr key={one.error_type}>
          <Lead href={to(range, { error: one.error_type ?? "" })} name={one.error_type} none="no type given" />
          <td class="num">{formatCount(one.errors)}</td>
          <td class="num">{formatCount(one.sessions)}</td>
          <td class="num">
            <Link class="link" href={`/sessions/${one.last_session_id}?view=errors`}>
              <When time={one.last_timestamp} />
            </Link>
          </td>
        </tr>
      ))}
    </Table>
  );
}

export function ExpensiveTable({ sessions }: { sessions: readonly ExpensiveSession[] }) {
  if (sessions.length === 0) return null;
  return (
    <Table title="Most expensive sessions" columns={["Session", "Started", "Cost"]}>
      {sessions.slice(0, MOST_ROWS).map((one) => (
        <tr key={one.session_id}>
          <Lead href={`/sessions/${one.session_id}?view=cost`} name={nameOf(one)} none="" />
          <td class="num">
            <When time={one.init_timestamp} />
          </td>
          <Cost of={one} total={sessions[0]?.cost ?? "0"} />
        </tr>
      ))}
    </Table>
  );
}

export function AgentTable({ range, agents }: { range: Range; agents: readonly OfAgent[] }) {
  if (agents.length === 0) return null;
  const total = addMoney(agents.map((one) => one.cost));
  return (
    <Table title="Agents" columns={["Agent", "Sessions", "Calls", "Errors", "Tokens", "Cost"]}>
      {agents.slice(0, MOST_ROWS).map((one) => (
        <tr key={one.agent}>
          <Lead href={to(range, { agent: one.agent ?? "" })} name={one.agent} none="no agent" />
          <td class="num">{formatCount(one.sessions)}</td>
          <td class="num">{formatCount(one.llms)}</td>
          <td class="num">{formatCount(one.errors)}</td>
          <td class="num">{formatCount(one.tokens)}</td>
          <Cost of={one} total={total} />
        </tr>
      ))}
    </Table>
  );
}

export function TagTable({ range, tags }: { range: Range; tags: readonly OfTag[] }) {
  if (tags.length === 0) return null;
  return (
    <Table title="Tags" columns={["Tag", "Sessions", "Failed", "Cost"]}>
      {tags.slice(0, MOST_ROWS).map((one) => (
        <tr key={one.tag}>
          <Lead href={to(range, { tags: [one.tag] })} name={one.tag} none="" />
          <td class="num">{formatCount(one.sessions)}</td>
          <td class="num">{formatCount(one.failures)}</td>
          <Cost of={one} total={tags[0]?.cost ?? "0"} />
        </tr>
      ))}
    </Table>
  );
}
