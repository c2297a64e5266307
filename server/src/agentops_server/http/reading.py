"""The reading routes: every query takes its project from the credential."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from agentops_server.domain.clock import LAST_NS, decode_time
from agentops_server.domain.ids import EventId, SessionId, find_uuid
from agentops_server.domain.project import Principal
from agentops_server.domain.session import EndState, find_end_state
from agentops_server.errors import Invalid
from agentops_server.http import views
from agentops_server.http.credentials import authenticate_reader
from agentops_server.http.cursors import decode_cursor, encode_cursor
from agentops_server.http.exporting import iter_export
from agentops_server.http.openapi import answers
from agentops_server.http.rendering import export_event, view_session, view_stats, view_summary
from agentops_server.http.responses import json_response
from agentops_server.http.services import services_of
from agentops_server.queries import events, sessions, totals
from agentops_server.storage.warehouse.rows import session_from_row

router = APIRouter(prefix="/v2/sessions", tags=["reading"])

Reader = Annotated[Principal, Depends(authenticate_reader)]
RUNNING = "Running"


@router.get("", responses=answers(views.SessionsView))
def list_sessions(
    request: Request,
    reader: Reader,
    tag: Annotated[list[str] | None, Query(description="A tag; repeated, all of them must be there.")] = None,
    end_state: Annotated[str | None, Query(description="Success, Failure, Indeterminate or Running.")] = None,
    since: Annotated[str | None, Query(description="Started at or after this ISO 8601 time.")] = None,
    until: Annotated[str | None, Query(description="Started before this ISO 8601 time.")] = None,
    sort: Annotated[str, Query(description=f"One of {', '.join(sessions.SORTS)}.")] = "started",
    order: Annotated[str, Query(pattern="^(asc|desc)$")] = "desc",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(description="`next_cursor` of the page before.")] = None,
) -> Response:
    """The project's sessions, newest first unless another order is asked for, each with its figures."""
    services = services_of(request)
    wanted = sessions.SessionFilter(
        tags=tuple(tag or ()),
        end_state=_end_state(end_state),
        since_ns=_time(since, "since", 0),
        until_ns=_time(until, "until", LAST_NS),
        sort=_sort(sort),
        ascending=order == "asc",
    )
    after = decode_cursor(cursor, sessions.SessionPlace, sessions.FIRST_PLACE)
    rows = sessions.list_sessions(services.warehouse, reader.project_id, wanted, after, limit + 1)
    page = [session_from_row(row) for row in rows[:limit]]
    ids = [session.id for session in page]
    changed = services.changes.among(reader.project_id, ids)
    sums = totals.list_totals(services.warehouse, reader.project_id, ids, changed)
    more = len(rows) > limit
    last = sessions.SessionPlace(Decimal(rows[limit - 1].place), str(page[-1].id)) if more else None
    return json_response(
        views.SessionsView(
            [view_session(session, sums[session.id]) for session in page],
            None if last is None else encode_cursor(last),
        )
    )


@router.get("/{session_id}", responses=answers(views.SessionView))
def get_session(request: Request, reader: Reader, session_id: str) -> Response:
    """One session with its agents, its host environment and its figures."""
    warehouse, known = services_of(request).warehouse, _session_id(session_id)
    session = sessions.get_session(warehouse, reader.project_id, known)
    agents = sessions.list_agents(warehouse, reader.project_id, known)
    return json_response(view_session(session, totals.get_totals(warehouse, reader.project_id, known), agents))


@router.get("/{session_id}/stats", responses=answers(views.StatsView))
def get_stats(request: Request, reader: Reader, session_id: str) -> Response:
    """The figures of one session, over all its participants."""
    warehouse, known = services_of(request).warehouse, _session_id(session_id)
    session = sessions.get_session(warehouse, reader.project_id, known)
    return json_response(view_stats(session, totals.get_totals(warehouse, reader.project_id, known)))


@router.get("/{session_id}/events", responses=answers(views.EventsView))
def list_events(
    request: Request,
    reader: Reader,
    session_id: str,
    limit: Annotated[int, Query(ge=1, le=5000)] = 1000,
    cursor: Annotated[str | None, Query(description="`next_cursor` of the page before.")] = None,
) -> Response:
    """The session's events in time order, without their payloads."""
    warehouse, known = services_of(request).warehouse, _session_id(session_id)
    sessions.get_session(warehouse, reader.project_id, known)
    after = decode_cursor(cursor, events.EventPlace, events.FIRST_PLACE)
    rows = events.list_events(warehouse, reader.project_id, known, after, limit + 1)
    page = rows[:limit]
    more = len(rows) > limit
    last = events.EventPlace(page[-1].init_ns, page[-1].sequence, str(page[-1].event_id)) if more else None
    return json_response(views.EventsView(list(map(view_summary, page)), None if last is None else encode_cursor(last)))


@router.get(
    "/{session_id}/events/{event_id}",
    responses=answers(views.ExportedLlm, views.ExportedTool, views.ExportedAction, views.ExportedError),
)
def get_event(request: Request, reader: Reader, session_id: str, event_id: str) -> Response:
    """One event whole."""
    warehouse, known = services_of(request).warehouse, _session_id(session_id)
    if (found := find_uuid(event_id)) is None:
        raise Invalid("the event id in the address must be a UUID")
    return json_response(export_event(events.get_event(warehouse, reader.project_id, known, EventId(found))))


@router.get("/{session_id}/export", responses=answers(views.ExportView))
def export_session(request: Request, reader: Reader, session_id: str) -> Response:
    """The whole session, streamed: metadata, figures, and its events in time order."""
    warehouse, known = services_of(request).warehouse, _session_id(session_id)
    session = sessions.get_session(warehouse, reader.project_id, known)
    blocks: Iterator[bytes] = iter_export(warehouse, session)
    return StreamingResponse(blocks, media_type="application/json")


def _session_id(text: str) -> SessionId:
    if (found := find_uuid(text)) is None:
        raise Invalid("the session id in the address must be a UUID")
    return SessionId(found)


def _end_state(text: str | None) -> str:
    if text is None:
        return ""
    if text.lower() == RUNNING.lower():
        return RUNNING
    if (found := find_end_state(text)) is None:
        raise Invalid(f"end_state must be one of {', '.join([*EndState, RUNNING])}")
    return found


def _sort(text: str) -> str:
    if text not in sessions.SORTS:
        raise Invalid(f"sort must be one of {', '.join(sessions.SORTS)}")
    return text


def _time(text: str | None, field: str, default_ns: int) -> int:
    try:
        return default_ns if text is None else decode_time(text)
    except ValueError as error:
        raise Invalid(f"{field}: {error}") from None
