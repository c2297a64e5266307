"""An event: anything recorded in a session."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from agentops_server.domain.ids import AgentId, EventId, ParticipantId, ProjectId, SessionId


class Kind(StrEnum):
    """The four kinds that every client knows. An event may carry any other word; it then counts as an action."""

    LLM = "llm"
    TOOL = "tool"
    ACTION = "action"
    ERROR = "error"


@dataclass(slots=True)
class Usage:
    """Token counts of an LLM call; None where nobody reported one."""

    input_tokens: int | None = None
    output_tokens: int | None = None


@dataclass(slots=True)
class Event:
    """One event of a session. Payloads (`…_json`) are JSON text as the client sent it, never decoded here."""

    project_id: ProjectId
    session_id: SessionId
    id: EventId
    kind: str
    event_type: str
    init_ns: int
    end_ns: int
    received_ns: int
    name: str = ""
    action_type: str = ""
    agent_id: AgentId | None = None
    parent_id: EventId | None = None
    participant_id: ParticipantId | None = None
    sequence: int = 0
    params_json: str = ""
    returns_json: str = ""
    logs_json: str = ""
    screenshot: str = ""
    model: str = ""
    thread_id: str = ""
    prompt_json: str = ""
    completion_json: str = ""
    usage: Usage | None = None
    cost: Decimal | None = None
    reported_cost: Decimal | None = None
    price_version: str = ""
    error_type: str = ""
    error_code: str = ""
    details_json: str = ""
    trigger_event_id: EventId | None = None
    trigger_event_type: str = ""
    replaces: bool = False
    """True: the client corrects an event that it sent before. False: the first one with this id stands."""
