/** The shapes of the read side, as docs/reference/http-api.md names them. */

export type EndState = "Success" | "Failure" | "Indeterminate";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = Record<string, Json>;

export interface EventCounts {
  llms: number;
  tools: number;
  actions: number;
  errors: number;
}

export interface Stats {
  session_id: string;
  events: number;
  llms: number;
  tools: number;
  actions: number;
  errors: number;
  event_counts: EventCounts;
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  /** A decimal string in US dollars. */
  cost: string;
  cost_is_lower_bound: boolean;
  /** LLM calls without a cost, and those of which a token count is missing. */
  unpriced_llms: number;
  uncounted_llms: number;
  /** Input tokens that were read from a cache of the provider. */
  cache_read_tokens?: number;
  /** Events that the session's processes recorded but could not keep. */
  refused_events?: number;
  /** ISO 8601 in UTC, up to nine digits of a second; so is every time below. */
  init_timestamp: string;
  end_timestamp: string | null;
  last_activity: string;
  duration: string;
  duration_ms: number;
  end_state: EndState;
  end_state_reason: string | null;
  is_running: boolean;
}

export interface Agent {
  id: string;
  session_id: string;
  name: string;
  logs: string | null;
}

export interface Session {
  session_id: string;
  project_id: string;
  name: string;
  init_timestamp: string;
  end_timestamp: string | null;
  is_running: boolean;
  end_state: EndState;
  end_state_reason: string | null;
  tags: string[];
  video: string | null;
  /** Null in a list, as are the agents. */
  host_env: JsonObject | null;
  agents: Agent[] | null;
  /** The agents that recorded something, and the hosts that the processes ran on; in a list too. */
  agent_names: string[];
  hosts: string[];
  stats: Stats;
}

export interface SessionPage {
  sessions: Session[];
  next_cursor: string | null;
}

export interface EventRow {
  id: string;
  /** llm, tool, action, error, or what the sender called it. */
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
  /** From the call to its first token, in milliseconds; of calls that streamed. */
  first_token_ms?: number | null;
  /** Input tokens that were read from the provider's cache. */
  cached_tokens?: number | null;
  prompt_tokens: number | null;
  completion_tokens: number | null;
  cost: string | null;
  error_type: string | null;
  details: string | null;
  trigger_event_id: string | null;
  has_screenshot?: boolean;
}

export interface EventPage {
  events: EventRow[];
  next_cursor: string | null;
}

/** One event whole: the export's row of its type. Which keys there are depends on the type, so it is read by key. */
export type EventContent = JsonObject;

export interface Project {
  id: string;
  name: string;
}

export interface Me {
  project: Project;
}

export interface ErrorBody {
  message: string;
  code?: string;
  path?: string;
  request_id?: string;
}
