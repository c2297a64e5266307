import { Link } from "wouter-preact";
import type { Session } from "../api/types";
import { costOf, tokensOf } from "../model/cost";
import { formatDurationExact } from "../model/duration";
import { formatMoney, isZero, subtractMoney } from "../model/money";
import { stateOf } from "../model/state";
import { formatCount, nameOf } from "../model/story";
import { StateBadge } from "../parts/state_badge";
import { When } from "../parts/when";

/** The figures of both, and what the second has more or less. */
export function CompareFacts({ left, right }: { left: Session; right: Session }) {
  const [a, b] = [left.stats, right.stats];
  const rows: [string, string, string, string][] = [
    ["Cost", costOf(a).text, costOf(b).text, costChange(subtractMoney(b.cost, a.cost))],
    [
      "Duration",
      formatDurationExact(a.duration_ms),
      formatDurationExact(b.duration_ms),
      durationChange(b.duration_ms - a.duration_ms),
    ],
    ["Tokens", tokensOf(a).text, tokensOf(b).text, countChange(b.total_tokens - a.total_tokens)],
    ["LLM calls", formatCount(a.llms), formatCount(b.llms), countChange(b.llms - a.llms)],
    ["Tools", formatCount(a.tools), formatCount(b.tools), countChange(b.tools - a.tools)],
    ["Errors", formatCount(a.errors), formatCount(b.errors), countChange(b.errors - a.errors)],
  ];
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Figures of both">
      <table class="figures">
        <thead>
          <tr>
            <th />
            <th class="num">
              <Title session={left} />
            </th>
            <th class="num">
              <Title session={right} />
            </th>
            <th class="num">Difference</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, one, other, difference]) => (
            <tr key={name}>
              <td>{name}</td>
              <td class="num">{one}</td>
              <td class="num">{other}</td>
              <td class="num">{difference}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Title({ session }: { session: Session }) {
  return (
    <>
      <Link class="link" href={`/sessions/${session.session_id}`}>
        {nameOf(session)}
      </Link>{" "}
      <StateBadge state={stateOf(session)} /> <When time={session.init_timestamp} />
    </>
  );
}

function signed(text: string): string {
  return text.startsWith("-") ? `−${text.slice(1)}` : `+${text}`;
}

function costChange(by: string): string {
  return isZero(by) ? "same" : signed(formatMoney(by));
}

function countChange(by: number): string {
  return by === 0 ? "same" : signed(by < 0 ? `-${formatCount(-by)}` : formatCount(by));
}

function durationChange(byMs: number): string {
  return byMs === 0 ? "same" : signed(byMs < 0 ? `-${formatDurationExact(-byMs)}` : formatDurationExact(byMs));
}
