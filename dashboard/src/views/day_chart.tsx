import { navigate } from "wouter-preact/use-browser-location";
import type { Day } from "../api/project_types";
import { NO_SESSION_FILTER, listHref } from "../model/filter";
import { type Range, fillDays, rangeOfDay } from "../model/overview";
import type { State } from "../model/state";
import { formatCount } from "../model/story";

const HEIGHT_PX = 90;
const STACK: readonly { state: State; look: string }[] = [
  { state: "Success", look: "ok" },
  { state: "Indeterminate", look: "unsure" },
  { state: "Running", look: "live" },
  { state: "Failure", look: "bad" },
];

/** How the sessions of each day ended. A bar leads to the day's sessions. */
export function DayChart({ range, days }: { range: Range; days: readonly Day[] }) {
  const filled = fillDays(range, days);
  const most = Math.max(1, ...filled.map(countOf));
  return (
    <section class="day-chart" aria-label="End states by day">
      <h2>End states by day</h2>
      <div class="bars">
        {filled.map((day) => (
          <Bar key={day.day} day={day} most={most} />
        ))}
      </div>
      <p class="legend dim">
        {STACK.map(({ state, look }) => (
          <span key={state}>
            <i class={look} /> {state}
          </span>
        ))}
      </p>
    </section>
  );
}

function countOf(day: Day): number {
  return Object.values(day.end_states).reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

function Bar({ day, most }: { day: Day; most: number }) {
  const count = countOf(day);
  const parts = STACK.filter(({ state }) => (day.end_states[state] ?? 0) > 0);
  const words = parts.map(({ state }) => `${formatCount(day.end_states[state] ?? 0)} ${state}`).join(", ");
  const label = `${day.day}: ${count === 0 ? "no sessions" : words}`;
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      onClick={() => navigate(listHref({ ...NO_SESSION_FILTER, ...rangeOfDay(day.day) }))}
    >
      {parts.map(({ state, look }) => (
        <i key={state} class={look} style={{ height: `${((day.end_states[state] ?? 0) / most) * HEIGHT_PX}px` }} />
      ))}
    </button>
  );
}
