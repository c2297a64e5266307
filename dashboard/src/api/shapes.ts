/**
 * The shapes of the server's answers. Written by `python dashboard/shapes.py` from the server's views; do not edit.
 */

import type { Json } from "./types";

export interface AgentView {
  id: string;
  session_id: string;
  name: string;
  logs: string | null;
}

export interface DayOfModelView {
  cost: string;
  cost_is_lower_bound: boolean;
  unpriced_llms: number;
  estimated_llms: number;
  day: string;
  model: string | null;
  llms: number;
  prompt_tokens: number;
  completion_tokens: number;
  cache_read_tokens: number;
}

export interface DayView {
  day: string;
  end_states: Record<string, number>;
  errors: number;
}

export interface ErrorGroupView {
  error_type: string | null;
  errors: number;
  sessions: number;
  last_timestamp: string;
  last_session_id: string;
}

export interface ErrorView {
  message: string;
  code: string;
  path: string;
  request_id: string;
}

export interface ErrorsStepView {
  step: number;
  name: string | null;
  is_rest: boolean;
  errors: number;
}

export interface EventSummaryView {
  id: string;
  kind: string;
  event_type: string;
  name: string;
  init_timestamp: string;
  end_timestamp: string | null;
  duration_ms: number | null;
  agent_id: string | null;
  parent_id: string | null;
  participant_id: string | null;
  sequence: number;
  model: string | null;
  first_token_ms: number | null;
  prompt_tokens: number | null;
  completion_tokens: number | null;
  cached_tokens: number | null;
  cost: string | null;
  error_type: string | null;
  details: string | null;
  trigger_event_id: string | null;
  has_screenshot: boolean;
}

export interface EventsView {
  events: EventSummaryView[];
  next_cursor: string | null;
}

export interface ExpensiveSessionView {
  cost: string;
  cost_is_lower_bound: boolean;
  unpriced_llms: number;
  estimated_llms: number;
  session_id: string;
  name: string;
  init_timestamp: string;
}

export interface FoundIdsView {
  event_ids: string[];
  is_cut: boolean;
}

export interface KeyView {
  id: string;
  label: string;
  hint: string;
  created_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
  is_own: boolean;
}

export interface KeysView {
  keys: KeyView[];
}

export interface LatencyStepView {
  step: number;
  llms: number;
  p50_ms: number;
  p95_ms: number;
  p99_ms: number;
}

export interface LatencyView {
  model: string | null;
  llms: number;
  p50_ms: number;
  p95_ms: number;
  p99_ms: number;
}

export interface ListedPriceView {
  clock: string;
  price_version: string;
  prices: Record<string, string>;
  tiers: PriceTierView[];
}

export interface ListedProjectView {
  id: string;
  name: string;
  created_at: string;
  is_own: boolean;
  is_fixed: boolean;
}

export interface ModelSavingsView {
  model: string | null;
  calls: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  saved: string;
  surcharge: string;
  unpriced_calls: number;
}

export interface NewKeyView {
  api_key: string;
  key: KeyView;
}

export interface NewProjectView {
  project: ListedProjectView;
  api_key: string;
  key: KeyView;
}

export interface OfAgentView {
  cost: string;
  cost_is_lower_bound: boolean;
  unpriced_llms: number;
  estimated_llms: number;
  agent: string | null;
  sessions: number;
  events: number;
  llms: number;
  errors: number;
  tokens: number;
}

export interface OfTagView {
  cost: string;
  cost_is_lower_bound: boolean;
  unpriced_llms: number;
  estimated_llms: number;
  tag: string;
  sessions: number;
  failures: number;
  llms: number;
  errors: number;
}

export interface OverviewView {
  as_of: string | null;
  totals: ProjectTotalsView | null;
  days: DayView[] | null;
  models: DayOfModelView[] | null;
  latencies: LatencyView[] | null;
  agents: OfAgentView[] | null;
  tags: OfTagView[] | null;
  errors: ErrorGroupView[] | null;
  expensive: ExpensiveSessionView[] | null;
}

export interface ParticipantView {
  participant_id: string;
  recorded: number;
  received: number;
  missing: number;
}

export interface PriceOverrideView {
  id: string;
  model: string;
  provider: string | null;
  effective_from: string;
  effective_to: string | null;
  prices: Record<string, string>;
  tiers: PriceTierView[];
  created_at: string;
}

export interface PriceTierView {
  above_input_tokens: number;
  prices: Record<string, string>;
}

export interface PricesView {
  price_list: string;
  overrides: PriceOverrideView[];
  prices: ListedPriceView[];
}

export interface ProjectTotalsView {
  cost: string;
  cost_is_lower_bound: boolean;
  unpriced_llms: number;
  estimated_llms: number;
  sessions: number;
  events: number;
  llms: number;
  tools: number;
  actions: number;
  errors: number;
  prompt_tokens: number;
  completion_tokens: number;
  cache_read_tokens: number;
  uncounted_llms: number;
}

export interface ProjectView {
  id: string;
  name: string;
}

export interface ProjectsView {
  projects: ListedProjectView[];
  is_operator: boolean;
}

export interface RetentionView {
  payload_days: number;
  facts_days: number;
}

export interface SavingsView {
  saved: string;
  surcharge: string;
  unpriced_calls: number;
  models: ModelSavingsView[];
}

export interface SeriesView {
  since: string;
  step_s: number;
  steps: number;
  states: StatesStepView[] | null;
  models: SpendingStepView[] | null;
  agents: SpendingStepView[] | null;
  tags: SpendingStepView[] | null;
  errors: ErrorsStepView[] | null;
  latencies: LatencyStepView[] | null;
}

export interface SessionView {
  session_id: string;
  project_id: string;
  name: string;
  init_timestamp: string;
  end_timestamp: string | null;
  is_running: boolean;
  end_state: string;
  end_state_reason: string | null;
  tags: string[];
  video: string | null;
  host_env: Record<string, Json> | null;
  agents: AgentView[] | null;
  stats: StatsView;
  agent_names: string[];
  hosts: string[];
  external_id: string | null;
}

export interface SessionsView {
  sessions: SessionView[];
  next_cursor: string | null;
}

export interface SignedInView {
  project: ProjectView;
  is_operator: boolean;
}

export interface SpendingStepView {
  cost: string;
  cost_is_lower_bound: boolean;
  unpriced_llms: number;
  estimated_llms: number;
  step: number;
  name: string | null;
  is_rest: boolean;
  sessions: number;
  llms: number;
  tokens: number;
}

export interface StatesStepView {
  step: number;
  end_states: Record<string, number>;
}

export interface StatsView {
  session_id: string;
  events: number;
  llms: number;
  tools: number;
  actions: number;
  errors: number;
  event_counts: Record<string, number>;
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  cache_read_tokens: number;
  cost: string;
  cost_is_lower_bound: boolean;
  unpriced_llms: number;
  uncounted_llms: number;
  estimated_llms: number;
  refused_events: number;
  missing_events: number;
  participants: ParticipantView[];
  init_timestamp: string;
  end_timestamp: string | null;
  last_activity: string;
  duration: string;
  duration_ms: number;
  end_state: string;
  end_state_reason: string | null;
  is_running: boolean;
}
