/** How a session stands: its end state, or that it has none yet. */

import type { EndState } from "../api/types";

export type State = EndState | "Running";

export const STATES: readonly State[] = ["Running", "Success", "Failure", "Indeterminate"];

interface Ending {
  end_state: EndState;
  is_running: boolean;
}

/** What to show: a session that runs is Running, whatever end state it carries so far. */
export function stateOf({ end_state, is_running }: Ending): State {
  return is_running ? "Running" : end_state;
}

/** A state as a query names it, in any letter case; null for anything else. */
export function findState(text: string | null): State | null {
  return STATES.find((state) => state.toLowerCase() === text?.toLowerCase()) ?? null;
}
