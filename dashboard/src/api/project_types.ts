/** The shapes of the routes about a whole project: its overview, keys, prices, retention. */

export interface Spending {
  cost: string;
  cost_is_lower_bound: boolean;
  unpriced_llms: number;
}

export interface ProjectTotals extends Spending {
  sessions: number;
  events: number;
  llms: number;
  tools: number;
  errors: number;
  prompt_tokens: number;
  completion_tokens: number;
  cache_read_tokens: number;
}

export interface Day {
  day: string;
  end_states: Partial<Record<string, number>>;
  errors: number;
}

export interface DayOfModel extends Spending {
  day: string;
  model: string | null;
  llms: number;
  prompt_tokens: number;
  completion_tokens: number;
  cache_read_tokens: number;
}

export interface Latency {
  model: string | null;
  llms: number;
  p50_ms: number;
  p95_ms: number;
  p99_ms: number;
}

export interface OfAgent extends Spending {
  agent: string | null;
  sessions: number;
  llms: number;
  errors: number;
  tokens: number;
}

export interface OfTag extends Spending {
  tag: string;
  sessions: number;
  failures: number;
}

export interface ErrorsOfType {
  error_type: string | null;
  errors: number;
  sessions: number;
  last_timestamp: string;
  last_session_id: string;
}

export interface ExpensiveSession extends Spending {
  session_id: string;
  name: string;
  init_timestamp: string;
}

export interface Overview {
  as_of: string | null;
  totals: ProjectTotals;
  days: Day[];
  models: DayOfModel[];
  latencies: Latency[];
  agents: OfAgent[];
  tags: OfTag[];
  errors: ErrorsOfType[];
  expensive: ExpensiveSession[];
}

export interface Key {
  id: string;
  label: string;
  hint: string;
  created_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
  is_own: boolean;
}

export interface NewKey {
  api_key: string;
  key: Key;
}

export interface PriceOverride {
  id: string;
  model: string;
  provider: string | null;
  effective_from: string;
  effective_to: string | null;
  prices: Record<string, string>;
}

/** What a model costs from a time of day on, in UTC. */
export interface ListedPrice {
  clock: string;
  price_version: string;
  prices: Record<string, string>;
}

export interface Prices {
  price_list: string;
  overrides: PriceOverride[];
  prices: ListedPrice[];
}

export interface Retention {
  payload_days: number;
  facts_days: number;
}

export interface StatesStep {
  step: number;
  end_states: Partial<Record<string, number>>;
}

export interface SpendingStep extends Spending {
  step: number;
  /** Null for none, and for all the lesser ones together. */
  name: string | null;
  is_rest: boolean;
  sessions: number;
  llms: number;
  tokens: number;
}

export interface ErrorsStep {
  step: number;
  name: string | null;
  is_rest: boolean;
  errors: number;
}

export interface LatencyStep {
  step: number;
  llms: number;
  p50_ms: number;
  p95_ms: number;
  p99_ms: number;
}

/** A part is null that was not asked for. */
export interface Series {
  since: string;
  step_s: number;
  steps: number;
  states: StatesStep[] | null;
  models: SpendingStep[] | null;
  agents: SpendingStep[] | null;
  tags: SpendingStep[] | null;
  errors: ErrorsStep[] | null;
  latencies: LatencyStep[] | null;
}
