"""Events and sessions -> the objects of the v2 protocol.

Explicit lists of fields: an attribute that somebody adds to an event is not sent by accident.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING
from uuid import UUID

from . import _clock
from ._events import ActionEvent, ErrorEvent, Event, EventType, LLMEvent, ToolEvent
from ._ids import find_id, to_id
from ._plain import to_text

if TYPE_CHECKING:
    from ._encoding import Encoder
    from ._session import Session

SHARED_FIELDS = ("params", "returns")
FIELDS: dict[type[Event], tuple[str, ...]] = {
    LLMEvent: ("prompt", "completion", "model", "prompt_tokens", "completion_tokens", "cost", "thread_id"),
    ToolEvent: ("name", "tool_name", "logs"),
    ActionEvent: ("action_type", "name", "logs", "screenshot"),
    ErrorEvent: ("error_type", "code", "details", "logs"),
}
"""What an event of a class has besides, each under the name of its attribute."""


def encode_event(
    event: Event, session_id: UUID, participant_id: str, sequence: int, now_ns: int, encoder: Encoder
) -> bytes:
    """The event object of the protocol, as JSON. What the event holds is copied: later changes to it do not matter."""
    began, ended = event.given_init, event.end_timestamp
    stamp: dict[str, object] = {
        "id": event.id,
        "init_timestamp": _clock.format_ns(event.made_ns) if began is None else _moment(began),
        "end_timestamp": _clock.format_ns(now_ns) if ended is None else _moment(ended),
        "sequence": sequence,
        "session_id": session_id,
        "participant_id": participant_id,
    }
    return encoder.encode(stamp | fields_of(event, session_id))


def fields_of(event: Event, session_id: UUID) -> dict[str, object]:
    """The event object without what a stamp says. What the event holds is not copied yet."""
    kind, agent, parent = event.event_type, event.agent_id, event.parent_id
    if type(kind) is not str:
        kind = name_of(kind)
    if agent is not None:
        agent = to_id(agent, session_id)
    if parent is not None:
        parent = find_id(parent)
    wire: dict[str, object] = {"event_type": kind, "agent_id": agent, "parent_id": parent}
    for name in SHARED_FIELDS:
        wire[name] = getattr(event, name)
    _add_fields(wire, event)
    return wire if event.more is None else wire | event.more


def name_of(kind: EventType | str) -> str:
    """The text of an event type."""
    return kind.value if isinstance(kind, Enum) else kind


def _add_fields(wire: dict[str, object], event: Event) -> None:
    names = next((names for kind, names in FIELDS.items() if isinstance(event, kind)), ())
    if isinstance(event, ErrorEvent):
        wire["timestamp"] = _moment(event.timestamp)
        trigger = event.trigger_event
        if isinstance(trigger, Event):
            wire["trigger_event_id"] = trigger.id
            wire["trigger_event_type"] = name_of(trigger.event_type)
        elif (identity := find_id(trigger)) is not None:
            wire["trigger_event_id"] = identity
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
