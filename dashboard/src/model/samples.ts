/** Sessions and events for tests, each with a plain value in every field. */

import type { EventRow, Session, Stats } from "../api/types";

export function makeStats(fields: Partial<Stats> = {}): Stats {
  return {
    session_id: "01939c6e-0000-7000-8000-000000000001",
    events: 0,
    llms: 0,
    tools: 0,
    actions: 0,
    errors: 0,
    event_counts: { llms: 0, tools: 0, actions: 0, errors: 0 },
    prompt_tokens: 0,
    completion_tokens: 0,
    total_tokens: 0,
    cache_read_tokens: 0,
    cost: "0",
    cost_is_lower_bound: false,
    unpriced_llms: 0,
    uncounted_llms: 0,
    estimated_llms: 0,
    refused_events: 0,
    missing_events: 0,
    participants: [],
    init_timestamp: "2026-11-20T10:00:00Z",
    end_timestamp: null,
    last_activity: "2026-11-20T10:00:00Z",
    duration: "0.0s",
    duration_ms: 0,
    end_state: "Indeterminate",
    end_state_reason: null,
    is_running: false,
    ...fields,
  };
}

export function makeSession(fields: Partial<Session> = {}): Session {
  return {
    session_id: "01939c6e-0000-7000-8000-000000000001",
    project_id: "01939c6e-0000-7000-8000-0000000000aa",
    name: "",
    init_timestamp: "2026-11-20T10:00:00Z",
    end_timestamp: "2026-11-20T10:00:10Z",
    is_running: false,
    end_state: "Success",
    end_state_reason: null,
    tags: [],
    video: null,
    host_env: null,
    agents: null,
    agent_names: [],
    hosts: [],
    external_id: null,
    stats: makeStats(),
    ...fields,
  };
}

export function makeEvent(fields: Partial<EventRow> = {}): EventRow {
  return {
    id: "01939c6e-0000-7000-8000-0000000000e1",
    kind: "action",
    event_type: "actions",
    name: "step",
    init_timestamp: "2026-11-20T10:00:00Z",
    end_timestamp: "2026-11-20T10:00:01Z",
    duration_ms: 1_000,
    agent_id: null,
    parent_id: null,
    participant_id: null,
    sequence: 1,
    model: null,
    first_token_ms: null,
    cached_tokens: null,
    prompt_tokens: null,
    completion_tokens: null,
    cost: null,
    error_type: null,
    details: null,
    trigger_event_id: null,
    has_screenshot: false,
    ...fields,
  };
}
