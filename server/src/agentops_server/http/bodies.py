"""What the ingest routes take, for the API's description. Decoding is more tolerant, see `agentops_server.wire.v2`."""

from typing import Any

import msgspec


class SessionObject(msgspec.Struct):
    """A session as its participant sees it. Unknown keys are ignored."""

    session_id: str
    init_timestamp: str | None = None
    end_timestamp: str | None = None
    end_state: str | None = None
    end_state_reason: str | None = None
    end_is_implicit: bool | None = None
    is_running: bool | None = None
    tags: list[str] | None = None
    host_env: dict[str, Any] | None = None
    video: str | None = None
    participant_id: str | None = None
    name: str | None = None


class SessionBody(msgspec.Struct):
    """The body of create_session and update_session."""

    session: SessionObject


class ReauthorizationBody(msgspec.Struct):
    """The body of reauthorize_jwt."""

    session_id: str
    participant_id: str | None = None


class EventObject(msgspec.Struct):
    """An event of any type. Unknown keys are ignored."""

    id: str
    event_type: str
    init_timestamp: str | None = None
    end_timestamp: str | None = None
    agent_id: str | None = None
    parent_id: str | None = None
    participant_id: str | None = None
    sequence: int | None = None
    params: Any = None
    returns: Any = None
    name: str | None = None
    action_type: str | None = None
    tool_name: str | None = None
    logs: Any = None
    screenshot: str | None = None
    model: str | None = None
    thread_id: str | None = None
    prompt: Any = None
    completion: Any = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    usage: dict[str, Any] | None = None
    usage_basis: str | None = None
    cache_hit: bool | None = None
    service_tier: str | None = None
    provider: str | None = None
    finish_reasons: list[str] | str | None = None
    time_to_first_chunk: float | None = None
    model_params: Any = None
    tool_definitions: Any = None
    attributes: dict[str, Any] | None = None
    cost: float | str | None = None
    error_type: str | None = None
    code: str | None = None
    details: Any = None
    timestamp: str | None = None
    trigger_event_id: str | None = None
    trigger_event_type: str | None = None


class EventsBody(msgspec.Struct):
    """The body of create_events and update_events."""

    events: list[EventObject]


class AgentBody(msgspec.Struct):
    """The body of create_agent."""

    id: str
    name: str | None = None
    logs: str | None = None


class SignInBody(msgspec.Struct):
    """The body of sign_in."""

    api_key: str


class DeletionBody(msgspec.Struct):
    """The body of delete_sessions."""

    session_ids: list[str]


class RetentionBody(msgspec.Struct):
    """The body of put_retention; null and 0 are for ever."""

    payload_days: int | None = None
    facts_days: int | None = None


class TierBody(msgspec.Struct):
    """Prices of calls whose input is longer."""

    above_input_tokens: int
    prices: dict[str, str | int | float]


class PriceBody(msgspec.Struct):
    """A price to set. Prices are US dollars per million tokens, per thousand for requests and web_searches."""

    model: str
    prices: dict[str, str | int | float]
    provider: str = ""
    effective_from: str = "1970-01-01"
    effective_to: str | None = None
    tiers: list[TierBody] = []


BODIES = (PriceBody, SessionBody, ReauthorizationBody, EventsBody, AgentBody, SignInBody, DeletionBody, RetentionBody)
