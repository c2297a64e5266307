"""Traces as they are stored, for when they are not in memory."""

from collections.abc import Sequence

import msgspec

from agentops_server.domain.event import Kind
from agentops_server.domain.ids import AgentId, EventId, SessionId
from agentops_server.domain.tracing import signature_of
from agentops_server.ingest.trace import Node, Trace
from agentops_server.storage.warehouse.rows import NO_ID
from agentops_server.storage.warehouse.spans import TraceEvent

_HASH_DIGITS = 16
_PART = '"body":'


def recall_traces(rows: Sequence[TraceEvent]) -> dict[str, Trace]:
    """The traces of some stored events, by their hash."""
    traces: dict[str, Trace] = {}
    for row in rows:
        if row.kind != Kind.ERROR:
            _add_event(traces.setdefault(_hash_of(row.event_id.hex), Trace()), row)
    for row in rows:
        if row.kind == Kind.ERROR:
            trace = traces.setdefault(_hash_of(row.trigger_event_id.hex), Trace())
            if (node := trace.nodes.get(EventId(row.trigger_event_id))) is not None:
                node.errors[signature_of(_plain(row.message), row.error_type)] = EventId(row.event_id)
                node.has_failed = True
    for trace in traces.values():
        trace.settle()
    return traces


def _add_event(trace: Trace, row: TraceEvent) -> None:
    event_id = EventId(row.event_id)
    if _PART in row.logs:
        trace.parts[event_id] = row.logs
    if row.is_provisional:
        if _PART in row.logs:
            trace.stand_ins[event_id] = SessionId(row.session_id)
        return
    trace.nodes[event_id] = Node(
        event_id,
        SessionId(row.session_id),
        EventId(row.parent_id) if row.parent_id != NO_ID else None,
        is_llm=row.kind == Kind.LLM,
        has_usage=bool(row.has_usage),
        own_agent_id=AgentId(row.agent_id) if row.agent_id != NO_ID else None,
        is_stored=True,
    )


def _hash_of(digits: str) -> str:
    return digits[-_HASH_DIGITS:]


def _plain(details: str) -> str:
    """The text of an error's details, which are JSON and may be cut."""
    try:
        value = msgspec.json.decode(details)
    except msgspec.MsgspecError:
        value = details.removeprefix('"')
    return value if isinstance(value, str) else details
