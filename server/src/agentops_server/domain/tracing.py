"""Spans as events: what a trace tells beside its events, so that it can be settled once more of it is known."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from uuid import UUID, uuid5

from agentops_server.domain.agent import Agent
from agentops_server.domain.event import Event
from agentops_server.domain.ids import EventId, ProjectId, SessionId, find_uuid

_HALF_BYTES = 8
_DIGITS = 32
_SIGNATURE_CHARACTERS = 300


def event_id_of(trace_id: str, span_id: str) -> EventId:
    """The id of a span's event: the span's id, then a hash of the trace's. The same span has the same one, always.

    Args:
        trace_id: 32 hexadecimal digits.
        span_id: 16 hexadecimal digits.
    """
    digits = span_id + trace_hash(trace_id)
    if len(digits) != _DIGITS:
        raise ValueError(f"{span_id[:40]!r} is no span's id")
    return EventId(UUID(int=int(digits, 16)))


@lru_cache(10_000)
def trace_hash(trace_id: str) -> str:
    """The second half of the ids of all events of a trace: 16 hexadecimal digits."""
    return blake2b(trace_id.encode(), digest_size=_HALF_BYTES).hexdigest()


def session_id_of(project_id: ProjectId, text: str) -> SessionId:
    """The session that a client names: a UUID as it is, anything else as UUIDv5 of project and name."""
    return SessionId(find_uuid(text) or uuid5(project_id, text))


def error_id_of(event_id: EventId, signature: str) -> EventId:
    """The id of an error that a span's event met."""
    return EventId(uuid5(event_id, signature))


_TYPE_IN_FRONT = re.compile(r"[\w.]*(?:Error|Exception|Exit|Interrupt): ")


def signature_of(message: str, error_type: str) -> str:
    """By what an error is known again where it passes through the spans around it: its message without its type."""
    bare = _TYPE_IN_FRONT.sub("", message, count=1) if _TYPE_IN_FRONT.match(message) else message
    return (bare.strip() or error_type)[:_SIGNATURE_CHARACTERS]


@dataclass(slots=True)
class SpanRecord:
    """A span as its event, with the errors that it met and the agent that it is about."""

    trace_id: str
    event: Event
    errors: dict[str, Event] = field(default_factory=dict)
    """By signature."""
    agent: Agent | None = None
    has_failed: bool = False


@dataclass(slots=True)
class ContentRecord:
    """Log records that hold messages of a span's model call; they come before or after the span."""

    trace_id: str
    event: Event
    """A stand-in with the span's event id, as long as the span is not there; its `logs_json` has the records."""
