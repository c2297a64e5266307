import type { State } from "../model/state";

const LOOK: Record<State, { tone: string; path: string | null }> = {
  Success: { tone: "ok", path: "M2 6.5l3 3 5-6" },
  Failure: { tone: "bad", path: "M2.2 2.2l7.6 7.6M9.8 2.2l-7.6 7.6" },
  Indeterminate: { tone: "unsure", path: "M3.6 4.1a2.4 2.4 0 1 1 3.4 2.2c-.7.3-1 .8-1 1.5M6 10.3v.1" },
  Running: { tone: "live", path: null },
};

/** A state by shape, word and colour. */
export function StateBadge({ state }: { state: State }) {
  const { tone, path } = LOOK[state];
  return (
    <span class={`state ${tone}`} data-testid="state">
      <svg viewBox="0 0 12 12" aria-hidden="true">
        {path === null ? <circle cx="6" cy="6" r="4" fill="currentColor" /> : <path d={path} />}
      </svg>
      {state}
    </span>
  );
}
