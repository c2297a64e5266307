"""The reading routes: every query takes its project from the credential."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from agentops_server.domain.ids import EventId, SessionId, find_uuid
from agentops_server.domain.project import Principal
from agentops_server.errors import Invalid
from agentops_server.http import views
from agentops_server.http.addresses import decode_session_id as _session_id
from agentops_server.http.credentials import authenticate_reader
from agentops_server.http.cursors import decode_cursor, encode_cursor
from agentops_server.http.filtering import session_filter
from agentops_server.http.openapi import answers
from agentops_server.http.rendering import view_session, view_stats, view_summary
from agentops_server.http.rendering_savings import view_savings
from agentops_server.http.responses import json_response
from agentops_server.http.services import services_of
from agentops_server.queries import events, sessions
from agentops_server.queries.documents import get_document
from agentops_server.queries.filters import SessionFilter
from agentops_server.queries.savings import list_savings
from agentops_server.storage.objects.restoring import restore_json
from agentops_server.storage.warehouse.port import Warehouse

router = APIRouter(prefix="/v2/sessions", tags=["reading"])

MOST_SESSIONS = 1000
"""On one page: a request costs as much as several hundred rows of it."""
MOST_EVENTS = 25_000
"""On one page: each costs a look at all events of the session, so that many small pages would take long."""

Reader = Annotated[Principal, Depends(authenticate_reader)]


@router.get("", responses=answers(views.SessionsView))
def list_sessions(
    request: Request,
    reader: Reader,
    wanted: Annotated[SessionFilter, Depends(session_filter)],
    limit: Annotated[int, Query(ge=1, le=MOST_SESSIONS)] = 50,
    cursor: Annotated[str | None, Query(description="`next_cursor` of the page before.")] = None,
) -> Response:
    """The project's sessions, newest first unless another order is asked for, each with its figures."""
    services = services_of(request)
    after = decode_cursor(cursor, sessions.SessionPlace, sessions.FIRST_PLACE)
    listing, project_id = services.listing, reader.project_id

    def ask(warehouse: Warehouse) -> tuple[list[SessionId], sessions.SessionPlace | None]:
        return sessions.list_places(warehouse, project_id, wanted, after, limit)

    ids, last = listing.places(project_id, ask, depends_on_events=bool(wanted.words))
    shown = [view_session(*found) for found in listing.find(project_id, ids)]
    return json_response(views.SessionsView(shown, None if last is None else encode_cursor(last)))


@router.get("/{session_id}", responses=answers(views.SessionView))
def get_session(request: Request, reader: Reader, session_id: str) -> Response:
    """One session with its agents, its host environment and its figures."""
    services, known = services_of(request), _session_id(session_id)
    warehouse = services.warehouse.as_of_now()
    session = sessions.get_session(warehouse, reader.project_id, known)
    agents = sessions.list_agents(warehouse, reader.project_id, known)
    sums = services.listing.sum_up(reader.project_id, [known])
    return json_response(view_session(session, sums[known], agents))


@router.get("/{session_id}/stats", responses=answers(views.StatsView))
def get_stats(request: Request, reader: Reader, session_id: str) -> Response:
    """The figures of one session, over all its participants."""
    services, known = services_of(request), _session_id(session_id)
    return json_response(view_stats(*services.listing.get(reader.project_id, known)))


@router.get("/{session_id}/events", responses=answers(views.EventsView))
def list_events(
    request: Request,
    reader: Reader,
    session_id: str,
    limit: Annotated[int, Query(ge=1, le=MOST_EVENTS)] = 1000,
    cursor: Annotated[str | None, Query(description="`next_cursor` of the page before.")] = None,
) -> Response:
    """The session's events in time order, without their payloads."""
    warehouse, known = services_of(request).warehouse.as_of_now(), _session_id(session_id)
    sessions.get_listed(warehouse, reader.project_id, known)
    after = decode_cursor(cursor, events.EventPlace, events.FIRST_PLACE)
    rows = events.list_events(warehouse, reader.project_id, known, after, limit + 1)
    page = rows[:limit]
    more = len(rows) > limit
    last = events.EventPlace(page[-1].init_ns, page[-1].sequence, page[-1].event_id) if more else None
    return json_response(views.EventsView(list(map(view_summary, page)), None if last is None else encode_cursor(last)))


@router.get("/{session_id}/savings", responses=answers(views.SavingsView))
def get_savings(request: Request, reader: Reader, session_id: str) -> Response:
    """What providers' caches saved the session, by model."""
    services, known = services_of(request), _session_id(session_id)
    warehouse = services.warehouse.as_of_now()
    sessions.get_listed(warehouse, reader.project_id, known)
    prices = services.book.of(reader.project_id)
    return json_response(view_savings(list_savings(warehouse, prices, reader.project_id, known)))


@router.get(
    "/{session_id}/events/{event_id}",
    responses=answers(views.ExportedLlm, views.ExportedTool, views.ExportedAction, views.ExportedError),
)
def get_event(request: Request, reader: Reader, session_id: str, event_id: str) -> Response:
    """One event whole."""
    services, known = services_of(request), _session_id(session_id)
    if (found := find_uuid(event_id)) is None:
        raise Invalid("the event id in the address must be a UUID")
    event = get_document(services.warehouse, reader.project_id, known, EventId(found))
    whole = restore_json(services.objects, reader.project_id, event.objects, event.json)
    return Response(whole, media_type="application/json")
