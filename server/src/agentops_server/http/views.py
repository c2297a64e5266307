"""The JSON that the reading routes answer with: one structure per shape, documented once, here and at ``/docs``."""

from typing import Any

import msgspec


class ParticipantView(msgspec.Struct):
    """A process that numbers its events: the highest number that came, how many came, how many below it did not."""

    participant_id: str
    recorded: int
    received: int
    missing: int


class StatsView(msgspec.Struct):
    """The figures of one session, over all its participants."""

    session_id: str
    events: int
    llms: int
    tools: int
    actions: int
    errors: int
    event_counts: dict[str, int]
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    cache_read_tokens: int
    cost: str
    cost_is_lower_bound: bool
    unpriced_llms: int
    uncounted_llms: int
    estimated_llms: int
    refused_events: int
    missing_events: int
    participants: list[ParticipantView]
    init_timestamp: str
    end_timestamp: str | None
    last_activity: str
    duration: str
    duration_ms: float
    end_state: str
    end_state_reason: str | None
    is_running: bool


class AgentView(msgspec.Struct):
    """An agent of a session."""

    id: str
    session_id: str
    name: str
    logs: str | None


class SessionView(msgspec.Struct):
    """A session with its figures. In a list, `host_env` and `agents` are null."""

    session_id: str
    project_id: str
    name: str
    init_timestamp: str
    end_timestamp: str | None
    is_running: bool
    end_state: str
    end_state_reason: str | None
    tags: list[str]
    video: str | None
    host_env: dict[str, Any] | None
    agents: list[AgentView] | None
    stats: StatsView
    agent_names: list[str]
    """Of the agents that recorded something; in a list too."""
    hosts: list[str]
    """The names of the hosts that its processes ran on."""
    external_id: str | None = None
    """The id that the client gave, where that is no UUID and `session_id` was derived from it."""


class SessionsView(msgspec.Struct):
    """A page of sessions; `next_cursor` leads to the next one, null ends the list."""

    sessions: list[SessionView]
    next_cursor: str | None


class EventSummaryView(msgspec.Struct):
    """An event without its payloads."""

    id: str
    kind: str
    event_type: str
    name: str
    init_timestamp: str
    end_timestamp: str | None
    duration_ms: float | None
    agent_id: str | None
    parent_id: str | None
    participant_id: str | None
    sequence: int
    model: str | None
    first_token_ms: float | None
    """From the call to the first token of its answer."""
    prompt_tokens: int | None
    completion_tokens: int | None
    cached_tokens: int | None
    """The part of `prompt_tokens` that the provider read from a cache."""
    cost: str | None
    error_type: str | None
    details: str | None
    trigger_event_id: str | None
    has_screenshot: bool


class EventsView(msgspec.Struct):
    """A page of a session's events in time order."""

    events: list[EventSummaryView]
    next_cursor: str | None


class ModelSavingsView(msgspec.Struct):
    """What a provider's cache saved on the calls of one model."""

    model: str | None
    calls: int
    """That read from a cache or wrote to it."""
    cache_read_tokens: int
    cache_write_tokens: int
    saved: str
    """What the tokens that were read would have cost as ordinary input, less what they cost."""
    surcharge: str
    """What the tokens that were written cost, less what they would have cost as ordinary input."""
    unpriced_calls: int
    """Calls of which the price is not known; the amounts are without them."""


class SavingsView(msgspec.Struct):
    """What providers' caches saved a session, by the price book, in US dollars."""

    saved: str
    surcharge: str
    unpriced_calls: int
    models: list[ModelSavingsView]


class ExportedSession(msgspec.Struct):
    """The session itself, in an export."""

    id: str
    project_id: str
    name: str
    init_timestamp: str
    end_timestamp: str | None
    tags: list[str]
    end_state: str
    end_state_reason: str | None
    video: str | None
    host_env: dict[str, Any] | None
    project_id_secondary: str | None = None
    """A column of the existing AgentOps: a second project that a session is shown in. Here it is in one."""


class ExportedEvent(msgspec.Struct, kw_only=True):
    """What every event of an export has; payloads are the JSON that was recorded."""

    id: str
    session_id: str
    agent_id: str | None
    kind: str
    event_type: str
    name: str
    init_timestamp: str
    end_timestamp: str | None
    parent_id: str | None
    participant_id: str | None
    sequence: int
    params: Any
    returns: Any
    attributes: dict[str, str]
    """What the sender told beside all this."""


class ExportedAction(ExportedEvent, kw_only=True):
    """An action, or an event of any other kind."""

    action_type: str | None
    logs: Any
    screenshot: str | None


class ExportedTool(ExportedEvent, kw_only=True):
    """A tool call."""

    logs: Any


class ExportedLlm(ExportedEvent, kw_only=True):
    """An LLM call. `cost` is what the client reported, else the price of its tokens, else null: not known."""

    thread_id: str | None
    prompt: Any
    completion: Any
    model: str | None
    prompt_tokens: int | None
    completion_tokens: int | None
    cost: str | None
    computed_cost: str | None
    """The price of the tokens; it stands where the client reported none."""
    reported_cost: str | None
    price_version: str | None
    provider: str | None
    usage: dict[str, int]
    """Finer token counts: cached, written to a cache, reasoning …"""
    usage_basis: str | None
    """How the client counted: inclusive or exclusive of caches. The counts here are inclusive."""
    usage_estimated: bool
    """Whether a count was estimated because nobody reported one."""
    finish_reasons: str | None
    time_to_first_chunk: float | None
    """In seconds."""
    model_params: Any
    tool_definitions: Any
    promptarmor_flag: bool | None = None


class ExportedError(ExportedEvent, kw_only=True):
    """An error, and the event that it happened in."""

    timestamp: str
    trigger_event_id: str | None
    trigger_event_type: str | None
    error_type: str | None
    code: str | None
    details: Any
    logs: Any


class ExportView(msgspec.Struct):
    """A whole session. The lists are in time order."""

    session: ExportedSession
    stats: StatsView
    agents: list[AgentView]
    actions: list[ExportedAction]
    llms: list[ExportedLlm]
    tools: list[ExportedTool]
    errors: list[ExportedError]


class ProjectView(msgspec.Struct):
    """A project."""

    id: str
    name: str


class SignedInView(msgspec.Struct):
    """Who is signed in to the page. `is_operator`: by a link of the server, so that every project is open to them."""

    project: ProjectView
    is_operator: bool


class ErrorView(msgspec.Struct):
    """Every error."""

    message: str
    code: str
    path: str
    request_id: str


class RejectedLineView(msgspec.Struct):
    """Something in a line of an import that was not taken."""

    line: int
    reason: str
    message: str


class ImportView(msgspec.Struct):
    """What came of an import. The first hundred problems are told."""

    status: str
    sessions: int
    agents: int
    events: int
    rejected_count: int
    rejected: list[RejectedLineView]


class DeletedSessionView(msgspec.Struct):
    """A session that was deleted. While `purged_at` is null its bytes may still be on the server's disk."""

    session_id: str
    deleted_at: str
    purged_at: str | None


class DeletedSessionsView(msgspec.Struct):
    """What came of deleting several sessions."""

    deleted: list[DeletedSessionView]
    not_found: list[str]


class RetentionView(msgspec.Struct):
    """For how many days a project keeps its data; 0 is for ever."""

    payload_days: int
    facts_days: int


class PriceTierView(msgspec.Struct):
    """Prices of calls whose input is longer than so many tokens."""

    above_input_tokens: int
    prices: dict[str, str]


class PriceOverrideView(msgspec.Struct):
    """A price that the project set for itself: US dollars per million tokens, or per thousand requests or searches."""

    id: str
    model: str
    provider: str | None
    effective_from: str
    effective_to: str | None
    prices: dict[str, str]
    tiers: list[PriceTierView]
    created_at: str


class ListedPriceView(msgspec.Struct):
    """What a model costs from a time of day on, in UTC, and where that is from."""

    clock: str
    price_version: str
    prices: dict[str, str]
    tiers: list[PriceTierView]


class PricesView(msgspec.Struct):
    """The price list in force, the project's own prices, and what the model costs that was asked for."""

    price_list: str
    overrides: list[PriceOverrideView]
    prices: list[ListedPriceView]


class DoneView(msgspec.Struct):
    """It was done."""

    status: str


SHAPES = (
    PriceOverrideView,
    PricesView,
    DoneView,
    StatsView,
    SessionView,
    SessionsView,
    EventSummaryView,
    EventsView,
    ModelSavingsView,
    SavingsView,
    ExportView,
    ExportedAction,
    ExportedTool,
    ExportedLlm,
    ExportedError,
    SignedInView,
    ImportView,
    DeletedSessionView,
    DeletedSessionsView,
    RetentionView,
    ErrorView,
)
