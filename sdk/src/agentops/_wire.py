"""Events and sessions -> the objects of the v2 protocol.

Explicit lists of fields: an attribute that somebody adds to an event is not sent by accident.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING
from uuid import UUID

from . import _clock, _encoding
from ._events import ActionEvent, ErrorEvent, Event, LLMEvent, ToolEvent
from ._ids import find_id, to_id
from ._ids import to_text as to_text_id
from ._plain import to_text

if TYPE_CHECKING:
    from ._encoding import Encoder
    from ._session import Session


def encode_event(
    event: Event, session_id: UUID, participant_id: str, sequence: int, now_ns: int, encoder: Encoder
) -> bytes:
    """The event object of the protocol, as JSON. What the event holds is copied: later changes to it do not matter."""
    if not _encoding.has_looked:
        _encoding.load_fast_encoder()
    kind, identity, began, ended = event.event_type, event.given_id, event.given_init, event.end_timestamp
    agent, parent = event.agent_id, event.parent_id
    wire: dict[str, object] = {
        "id": to_text_id(identity) if type(identity) is int else identity,
        "event_type": kind.value if isinstance(kind, Enum) else kind,
        "init_timestamp": _clock.format_ns(event.made_ns) if began is None else _moment(began),
        "end_timestamp": _clock.format_ns(now_ns) if ended is None else _moment(ended),
        "agent_id": agent if agent is None else to_id(agent, session_id),
        "parent_id": parent if parent is None else find_id(parent),
        "session_id": session_id,
        "participant_id": participant_id,
        "sequence": sequence,
        "params": event.params,
        "returns": event.returns,
    }
    if isinstance(event, LLMEvent):
        wire["prompt"] = event.prompt
        wire["completion"] = event.completion
        wire["model"] = event.model
        wire["prompt_tokens"] = event.prompt_tokens
        wire["completion_tokens"] = event.completion_tokens
        wire["cost"] = event.cost
        wire["thread_id"] = event.thread_id
    else:
        _add_fields(wire, event)
    return encoder.encode(wire)


def _add_fields(wire: dict[str, object], event: Event) -> None:
    names: tuple[str, ...] = ()
    if isinstance(event, ToolEvent):
        names = ("name", "tool_name", "logs")
    elif isinstance(event, ActionEvent):
        names = ("action_type", "name", "logs", "screenshot")
    elif isinstance(event, ErrorEvent):
        names = ("error_type", "code", "details", "logs")
        wire["timestamp"] = _moment(event.timestamp)
        trigger = event.trigger_event
        if trigger is not None:
            kind = trigger.event_type
            wire["trigger_event_id"] = trigger.id
            wire["trigger_event_type"] = kind.value if isinstance(kind, Enum) else kind
    for name in names:
        wire[name] = getattr(event, name)


def _moment(value: object) -> object:
    return value if type(value) is str else _clock.to_text(value)


def encode_session(session: Session, participant_id: str) -> bytes:
    """The session object with which a participant introduces itself."""
    named = {} if session.name is None else {"name": session.name}
    return _encode_session(session, participant_id, {"tags": session.tags, **named})


def encode_tags(session: Session, participant_id: str) -> bytes:
    return _encode_session(session, participant_id, {"tags": session.tags})


def encode_video(session: Session, participant_id: str) -> bytes:
    return _encode_session(session, participant_id, {"video": session.video_url})


def encode_host_env(session: Session, participant_id: str, host_env: object) -> bytes:
    return _encode_session(session, participant_id, {"host_env": host_env})


def encode_refused(session: Session, participant_id: str) -> bytes:
    """How many events of this process could not be kept, which every message of the session says from then on."""
    return _encode_session(session, participant_id, {})


def encode_sign(session: Session, participant_id: str) -> bytes:
    """A sign of life."""
    return _encode_session(session, participant_id, {"is_running": True})


def encode_end(session: Session, participant_id: str, is_implicit: bool) -> bytes:
    """The end of a session: state, reason, whether somebody said so, and all that the end settles."""
    facts: dict[str, object] = {
        "end_timestamp": session.end_timestamp,
        "end_state": session.end_state,
        "end_state_reason": session.end_state_reason,
        "end_is_implicit": is_implicit,
        "is_running": False,
        "tags": session.tags,
        "video": session.video_url,
    }
    return _encode_session(session, participant_id, facts)


def encode_agent(agent_id: UUID, name: object, encoder: Encoder) -> bytes:
    return encoder.encode({"id": agent_id, "name": to_text(name), "logs": None})


def _encode_session(session: Session, participant_id: str, facts: dict[str, object]) -> bytes:
    identity = {
        "session_id": str(session.session_id),
        "init_timestamp": session.init_timestamp,
        "participant_id": participant_id,
    }
    refused = {"refused_events": session.events_refused} if session.events_refused else {}
    return session.encoder.encode({**identity, **refused, **facts})
