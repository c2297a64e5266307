"""Events that are stored already, for the write path: what a trace has so far, and events that are to be corrected."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from importlib.resources import files
from uuid import UUID

import msgspec

from agentops_server.domain.event import Event, Usage
from agentops_server.domain.ids import AgentId, EventId, ParticipantId, ProjectId, SessionId
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import NO_ID, EventRow, decode_rows

_SQL = files(__package__).joinpath("sql")
_TRACE_EVENTS = _SQL.joinpath("trace_events.sql").read_text("utf-8")
_SESSIONS_WITH_EVENTS = _SQL.joinpath("sessions_with_events.sql").read_text("utf-8")
_LIST_SESSION_IDS = _SQL.joinpath("list_session_ids.sql").read_text("utf-8")
_EVENTS_BY_ID = _SQL.joinpath("events_by_id.sql").read_text("utf-8")


class _SessionId(msgspec.Struct):
    session_id: UUID


class TraceEvent(msgspec.Struct):
    """An event of a trace as settling needs it."""

    session_id: UUID
    event_id: UUID
    parent_id: UUID
    agent_id: UUID
    kind: str
    has_usage: int
    is_provisional: int
    trigger_event_id: UUID
    error_type: str
    message: str
    logs: str


def list_trace_events(
    warehouse: Warehouse, project_id: ProjectId, session_ids: Iterable[SessionId], trace_hashes: Iterable[str]
) -> list[TraceEvent]:
    """The events of these traces that are stored in these sessions, with their errors."""
    asked: Parameters = {"project_id": project_id, "session_ids": sorted(set(session_ids))}
    known = [row.session_id for row in decode_rows(warehouse.query(_SESSIONS_WITH_EVENTS, asked), _SessionId)]
    if not known:
        return []  # as nearly always: a trace that begins
    parameters: Parameters = {
        "project_id": project_id,
        "session_ids": known,
        "trace_hashes": sorted(set(trace_hashes)),
    }
    return decode_rows(warehouse.query(_TRACE_EVENTS, parameters), TraceEvent)


def iter_session_ids(warehouse: Warehouse) -> Iterator[SessionId]:
    """The sessions of all projects that have events."""
    for block in warehouse.stream(_LIST_SESSION_IDS, {}):
        yield from (SessionId(row.session_id) for row in decode_rows(block, _SessionId))


def list_events_by_id(
    warehouse: Warehouse, project_id: ProjectId, session_id: SessionId, event_ids: Sequence[EventId]
) -> list[Event]:
    """Those of these events that are stored, whole."""
    parameters: Parameters = {"project_id": project_id, "session_id": session_id, "event_ids": list(event_ids)}
    return [event_from_row(row) for row in decode_rows(warehouse.query(_EVENTS_BY_ID, parameters), EventRow)]


def event_from_row(row: EventRow) -> Event:
    """The event of a row. Which of several rows stands is no matter of the event: it is one that was sent first."""
    usage = Usage(row.input_tokens, row.output_tokens, row.usage, row.usage_basis, row.usage_estimated)
    told = row.input_tokens is not None or row.output_tokens is not None or row.usage
    return Event(
        project_id=ProjectId(row.project_id),
        session_id=SessionId(row.session_id),
        id=EventId(row.event_id),
        kind=row.kind,
        event_type=row.event_type,
        init_ns=row.init_ns,
        end_ns=row.end_ns,
        received_ns=row.received_ns,
        name=row.name,
        action_type=row.action_type,
        agent_id=AgentId(row.agent_id) if row.agent_id != NO_ID else None,
        parent_id=EventId(row.parent_id) if row.parent_id != NO_ID else None,
        participant_id=ParticipantId(row.participant_id) if row.participant_id != NO_ID else None,
        sequence=row.sequence,
        params_json=row.params,
        returns_json=row.returns,
        logs_json=row.logs,
        screenshot=row.screenshot,
        model=row.model,
        provider=row.provider,
        finish_reason=row.finish_reason,
        first_token_ns=row.first_token_ns,
        model_params_json=row.model_params,
        tools_json=row.tools,
        thread_id=row.thread_id,
        prompt_json=row.prompt,
        completion_json=row.completion,
        usage=usage if told or row.kind == "llm" else None,
        cost=_money(row.cost),
        computed_cost=_money(row.computed_cost),
        reported_cost=_money(row.reported_cost),
        price_version=row.price_version,
        error_type=row.error_type,
        error_code=row.error_code,
        details_json=row.details,
        trigger_event_id=EventId(row.trigger_event_id) if row.trigger_event_id != NO_ID else None,
        trigger_event_type=row.trigger_event_type,
        attributes=row.attributes,
        objects=row.objects,
    )


def _money(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
