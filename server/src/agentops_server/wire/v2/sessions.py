"""The session, agent and token requests of v2 to domain objects."""

from collections.abc import Iterable
from typing import Any

import msgspec

from agentops_server.domain.agent import Agent
from agentops_server.domain.clock import decode_time
from agentops_server.domain.ids import AgentId, ParticipantId, SessionId, find_uuid
from agentops_server.domain.session import End, EndState, SessionUpdate, find_end_state
from agentops_server.errors import BadRequest
from agentops_server.wire.body import as_text, decode_body, refuse_too_deep
from agentops_server.wire.origin import Origin

MOST_LEVELS = 100
LARGEST_BODY_BYTES = 4 << 20


class _WireSession(msgspec.Struct):
    session_id: Any = None
    init_timestamp: Any = None
    end_timestamp: Any = None
    end_state: Any = None
    end_state_reason: Any = None
    end_is_implicit: Any = None
    is_running: Any = None
    tags: Any = None
    host_env: Any = None
    video: Any = None
    name: Any = None
    participant_id: Any = None
    refused_events: Any = None


class _SessionBody(msgspec.Struct):
    session: _WireSession


class _ReauthorizationBody(msgspec.Struct):
    session_id: Any = None
    participant_id: Any = None


class _AgentBody(msgspec.Struct):
    id: Any = None
    name: Any = None
    logs: Any = None


class SessionMessage:
    """A decoded create or update body: whom it is about, and what it says once its origin is known."""

    def __init__(self, wire: _WireSession) -> None:
        self._wire = wire
        self.session_id = SessionId(_session_id(wire.session_id))

    @property
    def participant_id(self) -> ParticipantId | None:
        """The process that speaks, where it says so."""
        return _participant(self._wire.participant_id)

    def update(self, origin: Origin) -> SessionUpdate:
        """What the participant says of the session.

        Raises:
            BadRequest: A field that it needs cannot be read.
        """
        with refuse_too_deep():
            return self._update(self._wire, origin)

    def _update(self, wire: _WireSession, origin: Origin) -> SessionUpdate:
        return SessionUpdate(
            project_id=origin.project_id,
            session_id=origin.session_id,
            participant_id=self.participant_id or origin.participant_id,
            received_ns=origin.received_ns,
            declared=self.participant_id is not None,
            init_ns=_time(wire.init_timestamp, "init_timestamp"),
            tags=_tags(wire.tags),
            host_env=_host_env(wire.host_env),
            video=as_text(wire.video) or None,
            name=as_text(wire.name) or None,
            end=_end(wire),
            alive=wire.is_running is True,
            refused_events=_count(wire.refused_events),
        )


def decode_session(body: bytes) -> SessionMessage:
    """A ``create_session`` or ``update_session`` body.

    Raises:
        BadRequest: It cannot be read, or names no session.
    """
    return SessionMessage(decode_body(body, _SessionBody, LARGEST_BODY_BYTES).session)


def decode_reauthorization(body: bytes) -> tuple[SessionId, ParticipantId | None]:
    """The session of a ``reauthorize_jwt`` body, and the process that asks where it says so.

    Raises:
        BadRequest: It cannot be read, or names no session.
    """
    wire = decode_body(body, _ReauthorizationBody, LARGEST_BODY_BYTES)
    return SessionId(_session_id(wire.session_id)), _participant(wire.participant_id)


def decode_agent(body: bytes, origin: Origin) -> Agent:
    """The agent of a ``create_agent`` body.

    Raises:
        BadRequest: It cannot be read, or its id is not a UUID.
    """
    wire = decode_body(body, _AgentBody, LARGEST_BODY_BYTES)
    agent_id = find_uuid(wire.id)
    if agent_id is None:
        raise BadRequest("id must be a UUID")
    with refuse_too_deep():
        name, logs = as_text(wire.name), as_text(wire.logs)
    return Agent(origin.project_id, origin.session_id, AgentId(agent_id), name, logs, origin.received_ns)


def _session_id(value: Any) -> Any:
    if (found := find_uuid(value)) is None:
        raise BadRequest("session_id must be a UUID")
    return found


def _participant(value: Any) -> ParticipantId | None:
    found = find_uuid(value)
    return None if found is None else ParticipantId(found)


def _time(value: Any, field: str) -> int | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise BadRequest(f"{field} must be an ISO 8601 string or null")
    try:
        return decode_time(value)
    except ValueError as error:
        raise BadRequest(f"{field}: {error}") from None


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**53 else 0


def _tags(value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list):
        raise BadRequest("tags must be a list of strings")
    return tuple(dict.fromkeys(text for item in items if (text := as_text(item))))


def _host_env(value: Any) -> dict[str, Any] | None:
    """The host environment, if it is one. It is stored with the session, which every reader must be able to decode."""
    if not isinstance(value, dict):
        return None
    layer: list[Any] = [value]
    for _ in range(MOST_LEVELS):
        layer = [inner for outer in layer if isinstance(outer, dict | list) for inner in _inside(outer)]
    if layer:
        raise BadRequest(f"host_env is nested too deeply; send values of less than {MOST_LEVELS} levels")
    return value


def _inside(value: "dict[str, Any] | list[Any]") -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value


def _end(wire: _WireSession) -> End | None:
    """The end, if it is one: SDK 0.3 also stamps ``end_timestamp`` when it reads analytics, and says ``is_running``."""
    at_ns = _time(wire.end_timestamp, "end_timestamp")
    if at_ns is None or wire.is_running is True:
        return None
    state = EndState.INDETERMINATE if wire.end_state is None else find_end_state(as_text(wire.end_state))
    if state is None:
        raise BadRequest(f"end_state {as_text(wire.end_state)[:40]!r} is not Success, Failure or Indeterminate")
    implicit = state is EndState.INDETERMINATE if wire.end_is_implicit is None else wire.end_is_implicit is True
    return End(at_ns, state, as_text(wire.end_state_reason) or None, implicit)
