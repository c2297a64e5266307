"""What an import reads: lines of our own interchange format, whole exports of a session, and AgentOps' own of those.

Values that may come in several forms are `Any` here and read by the decoders beside this module.
"""

from typing import Any

import msgspec

_NONE = msgspec.Raw()


class EventLine(msgspec.Struct):
    """An event, in a line or in a list of an export."""

    id: Any = None
    session_id: Any = None
    kind: Any = None
    event_type: Any = None
    name: Any = None
    init_timestamp: Any = None
    end_timestamp: Any = None
    timestamp: Any = None
    agent_id: Any = None
    parent_id: Any = None
    participant_id: Any = None
    sequence: Any = None
    action_type: Any = None
    screenshot: Any = None
    model: Any = None
    provider: Any = None
    finish_reason: Any = None
    first_token_ns: Any = None
    thread_id: Any = None
    prompt_tokens: Any = None
    completion_tokens: Any = None
    usage: Any = None
    usage_basis: Any = None
    usage_estimated: Any = None
    cost: Any = None
    computed_cost: Any = None
    reported_cost: Any = None
    price_version: Any = None
    error_type: Any = None
    code: Any = None
    trigger_event_id: Any = None
    trigger_event_type: Any = None
    attributes: Any = None
    params: msgspec.Raw = _NONE
    returns: msgspec.Raw = _NONE
    logs: msgspec.Raw = _NONE
    model_params: msgspec.Raw = _NONE
    tools: msgspec.Raw = _NONE
    prompt: msgspec.Raw = _NONE
    completion: msgspec.Raw = _NONE
    details: msgspec.Raw = _NONE


class EndLine(msgspec.Struct):
    """How a session ended, or one participant's part of it."""

    end_timestamp: Any = None
    end_state: Any = None
    end_state_reason: Any = None
    end_is_implicit: Any = None


class ParticipantLine(EndLine):
    """A process that took part."""

    id: Any = None
    declared: Any = True
    tags: Any = None
    host_env: Any = None
    refused_events: Any = 0


class Stats(msgspec.Struct):
    """What an import takes of the figures: what cannot be counted again."""

    refused_events: Any = 0


class SessionLine(ParticipantLine):
    """A session; without participants, what is said of it is one participant's word."""

    name: Any = None
    external_id: Any = None
    video: Any = None
    init_timestamp: Any = None
    participants: list[ParticipantLine] | None = None
    stats: Stats | None = None


class AgentLine(msgspec.Struct):
    """An agent."""

    id: Any = None
    session_id: Any = None
    name: Any = None
    logs: Any = None


class Document(msgspec.Struct):
    """A whole session."""

    session: SessionLine
    stats: Stats | None = None
    agents: list[msgspec.Raw] = []
    actions: list[msgspec.Raw] = []
    llms: list[msgspec.Raw] = []
    tools: list[msgspec.Raw] = []
    errors: list[msgspec.Raw] = []


class AnyLine(msgspec.Struct):
    """Enough of a line to know what it is."""

    type: str = ""
    version: int = 1
    session: msgspec.Raw = _NONE
