import { useMemo } from "preact/hooks";
import { type ModelSavings, type SessionSavings, readSavings } from "../api/savings";
import { formatMoney, isZero } from "../model/money";
import { formatCount } from "../model/story";
import { useLoaded } from "../parts/loading";
import type { Scope } from "./scope";

// What the table will take, so that nothing below it jumps when it comes.
const HEAD_PX = 50;
const LINE_PX = 30;

/** What reading from caches saved and what writing to them cost; nothing where no call used one. */
export function Savings({ scope: { session, events } }: { scope: Scope }) {
  const { session_id, stats } = session;
  const { value, error } = useLoaded(
    (abort) => readSavings(session_id, abort),
    `${session_id} ${stats.events} ${stats.cost}`,
  );
  const lines = useMemo(
    () => new Set(events.filter((event) => (event.cached_tokens ?? 0) > 0).map((event) => event.model)).size,
    [events],
  );
  if (error !== null) return <p role="alert">{error.message}</p>;
  if (value === null && lines > 0) return <section aria-busy style={{ minHeight: `${HEAD_PX + lines * LINE_PX}px` }} />;
  if (value === null || value.models.length === 0) return null;
  return (
    <section>
      <h2>
        Caches <span class="dim">{sentenceOf(value)}</span>
      </h2>
      <div class="scroll" tabIndex={0} role="group" aria-label="Caches">
        <table class="figures" data-testid="savings">
          <thead>
            <tr>
              <th>Model</th>
              <th class="num">Calls</th>
              <th class="num">Tokens read</th>
              <th class="num">Tokens written</th>
              <th class="num">Writing cost more</th>
              <th class="num">Reading saved</th>
            </tr>
          </thead>
          <tbody>
            {value.models.map((line) => (
              <Line key={line.model} line={line} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Line({ line }: { line: ModelSavings }) {
  const isUnknown = line.unpriced_calls === line.calls;
  const why =
    line.unpriced_calls > 0 ? `The price of ${formatCount(line.unpriced_calls)} of the calls is not known.` : "";
  const money = (text: string) => (
    <td class="num" title={why === "" ? `$${text}` : why}>
      {isUnknown ? "–" : formatMoney(text, line.unpriced_calls > 0)}
    </td>
  );
  return (
    <tr>
      <td>{line.model ?? "no model named"}</td>
      <td class="num">{formatCount(line.calls)}</td>
      <td class="num">{formatCount(line.cache_read_tokens)}</td>
      <td class="num">{formatCount(line.cache_write_tokens)}</td>
      {money(line.surcharge)}
      {money(line.saved)}
    </tr>
  );
}

/** "saved $0.1620, and writing to them cost $0.0300 more" */
function sentenceOf({ saved, surcharge, unpriced_calls, models }: SessionSavings): string {
  const calls = models.reduce((sum, line) => sum + line.calls, 0);
  if (unpriced_calls === calls) return "saved an unknown sum: the price book does not know these models";
  const isBound = unpriced_calls > 0;
  const more = isZero(surcharge) ? "" : `, and writing to them cost ${formatMoney(surcharge, isBound)} more`;
  return `saved ${formatMoney(saved, isBound)} against the same calls without a cache${more}`;
}
