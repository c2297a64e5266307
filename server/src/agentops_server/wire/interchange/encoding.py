"""Rows as lines of the interchange format: NDJSON with all that is known of sessions, which an import reads back.

Each line is an object with a ``type``: ``export`` (the first one), ``session``, ``agent``, ``event`` and ``cursor``.
What is not known is left out. Names are those of the v2 protocol and of a session's export.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from agentops_server.domain.clock import encode_time, find_time
from agentops_server.domain.session import End, Participant, Session
from agentops_server.storage.warehouse.rows import NO_ID, AgentRow, EventRow

VERSION = 1

# Names in a line and columns of a row, by how their values are written.
TEXTS = {
    "kind": "kind",
    "event_type": "event_type",
    "name": "name",
    "action_type": "action_type",
    "screenshot": "screenshot",
    "model": "model",
    "provider": "provider",
    "finish_reason": "finish_reason",
    "thread_id": "thread_id",
    "usage_basis": "usage_basis",
    "price_version": "price_version",
    "error_type": "error_type",
    "code": "error_code",
    "trigger_event_type": "trigger_event_type",
}
PAYLOADS = {
    "params": "params",
    "returns": "returns",
    "logs": "logs",
    "model_params": "model_params",
    "tools": "tools",
    "prompt": "prompt",
    "completion": "completion",
    "details": "details",
}
IDS = ("agent_id", "parent_id", "participant_id", "trigger_event_id")
NUMBERS = {"sequence": "sequence", "first_token_ns": "first_token_ns"}
# Null is "not known", and 0 is a number that can be meant.
KNOWN = {"prompt_tokens": "input_tokens", "completion_tokens": "output_tokens"}
MONEY = ("cost", "computed_cost", "reported_cost")

_encode = msgspec.json.Encoder(decimal_format="string").encode


def encode_line(kind: str, facts: dict[str, Any]) -> bytes:
    """A line, with its end."""
    return _encode({"type": kind, **facts}) + b"\n"


def encode_head(facts: dict[str, Any]) -> bytes:
    """The first line."""
    return encode_line("export", {"version": VERSION, **facts})


def encode_session(session: Session, stats: Any) -> bytes:
    """A session with its figures, which are for readers: an import counts for itself."""
    end = session.end
    return encode_line(
        "session",
        {
            "id": str(session.id),
            "project_id": str(session.project_id),
            **_present({"name": session.name, "external_id": session.external_id, "video": session.video}),
            "init_timestamp": encode_time(session.init_ns),
            **({} if end is None else _encode_end(end)),
            "tags": list(session.tags),
            "participants": [_encode_participant(each) for each in session.participants.values()],
            "stats": stats,
        },
    )


def _encode_participant(participant: Participant) -> dict[str, Any]:
    return {
        "id": str(participant.id),
        "declared": participant.declared,
        "tags": list(participant.tags),
        "host_env": participant.host_env,
        "refused_events": participant.refused_events,
        **({} if participant.end is None else _encode_end(participant.end)),
    }


def _encode_end(end: End) -> dict[str, Any]:
    return {
        "end_timestamp": encode_time(end.at_ns),
        "end_state": end.state,
        "end_state_reason": end.reason,
        "end_is_implicit": end.implicit,
    }


def encode_agent(row: AgentRow) -> bytes:
    """An agent of a session."""
    facts = {"id": str(row.agent_id), "session_id": str(row.session_id), "name": row.name}
    return encode_line("agent", {**facts, **_present({"logs": row.logs})})


def encode_event(row: EventRow) -> bytes:
    """An event with all that is known of it."""
    facts: dict[str, Any] = {
        "id": str(row.event_id),
        "session_id": str(row.session_id),
        "init_timestamp": encode_time(row.init_ns),
        "end_timestamp": find_time(row.end_ns),
        **_columns(row, TEXTS.items()),
        **_columns(row, NUMBERS.items()),
        **{name: str(value) for name in IDS if (value := getattr(row, name)) != NO_ID},
        **{name: value for name, column in KNOWN.items() if (value := getattr(row, column)) is not None},
        **{name: value for name in MONEY if (value := getattr(row, name)) is not None},
        **_present({"usage": row.usage, "attributes": row.attributes, "usage_estimated": row.usage_estimated}),
        **{name: msgspec.Raw(text.encode()) for name, column in PAYLOADS.items() if (text := getattr(row, column))},
    }
    return encode_line("event", facts)


def encode_cursor_line(cursor: str) -> bytes:
    """Where to go on after everything before this line."""
    return encode_line("cursor", {"cursor": cursor})


def _columns(row: EventRow, names: Iterable[tuple[str, str]]) -> dict[str, Any]:
    return {name: value for name, column in names if (value := getattr(row, column))}


def _present(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value}
