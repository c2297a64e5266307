"""Domain objects for tests: everything that a test does not name has a value that nothing depends on."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from agentops_server.domain.clock import NS
from agentops_server.domain.event import Event
from agentops_server.domain.ids import EventId, ParticipantId, ProjectId, SessionId
from agentops_server.domain.session import End, EndState, SessionUpdate
from agentops_server.wire.origin import Origin

NOON_NS = 1_795_176_000 * NS
"""2026-11-20T12:00:00+00:00."""
ASKING = ThreadPoolExecutor(2)
"""For queries that ask two questions at once."""


def make_origin(**given: Any) -> Origin:
    facts = {
        "project_id": ProjectId(uuid.uuid4()),
        "session_id": SessionId(uuid.uuid4()),
        "participant_id": ParticipantId(uuid.uuid4()),
        "received_ns": NOON_NS,
    }
    return Origin(**{**facts, **given})


def make_event(origin: Origin, **given: Any) -> Event:
    facts: dict[str, Any] = {
        "id": EventId(uuid.uuid4()),
        "kind": "action",
        "event_type": "actions",
        "init_ns": NOON_NS,
        "end_ns": NOON_NS + NS,
        "received_ns": origin.received_ns,
    }
    return Event(origin.project_id, origin.session_id, **{**facts, **given})


def make_update(origin: Origin, **given: Any) -> SessionUpdate:
    facts: dict[str, Any] = {"participant_id": origin.participant_id, "received_ns": origin.received_ns}
    return SessionUpdate(origin.project_id, origin.session_id, **{**facts, **given})


def make_end(state: EndState, at_s: int = 0, reason: str | None = None) -> End:
    """An end so many seconds after noon; like clients do it, exactly Indeterminate is implicit."""
    return End(NOON_NS + at_s * NS, state, reason, implicit=state is EndState.INDETERMINATE)
