"""The search of events by words, in a project and in one session."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from agentops_server.http import overview_views as views
from agentops_server.http.addresses import decode_session_id
from agentops_server.http.cursors import decode_cursor, encode_cursor
from agentops_server.http.filtering import decode_attributes, decode_words
from agentops_server.http.openapi import answers
from agentops_server.http.reading import Reader
from agentops_server.http.rendering_overview import view_found
from agentops_server.http.responses import json_response
from agentops_server.http.services import services_of
from agentops_server.queries import search, sessions

router = APIRouter(prefix="/v2", tags=["reading"])

MOST_FOUND = 20_000
"""Ids in one answer: some hundred kilobytes, for whoever looks for a word that nearly every event has."""


@router.get("/search", responses=answers(views.SearchView))
def search_events(
    request: Request,
    reader: Reader,
    q: Annotated[str, Query(description="Words that all are in the text of an event, in any order and case.")] = "",
    attribute: Annotated[
        list[str], Query(description="`name=value`, or `name` for any value; several must all be there.")
    ] = [],  # noqa: B006 - the framework copies it
    session_id: Annotated[str | None, Query(description="Only events of this session.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    cursor: Annotated[str | None, Query(description="`next_cursor` of the page before.")] = None,
) -> Response:
    """Events whose name, payloads, logs or error details have all the words, the latest first.

    `attribute` looks for what was told beside the fields, such as attributes of spans that no dialect knows.
    """
    after = decode_cursor(cursor, search.FoundPlace, search.FIRST_PLACE)
    wanted = decode_attributes(attribute)
    words = decode_words(q) if q or not wanted else ()
    services = services_of(request)
    within = None if session_id is None else decode_session_id(session_id)
    found, last = search.search_events(
        services.warehouse, reader.project_id, words, after, limit, services.asking, wanted, within
    )
    return json_response(views.SearchView(list(map(view_found, found)), None if last is None else encode_cursor(last)))


@router.get("/sessions/{session_id}/search", responses=answers(views.FoundIdsView))
def search_session(
    request: Request,
    reader: Reader,
    session_id: str,
    q: Annotated[str, Query(description="Words that all are in the text of an event, in any order and case.")],
) -> Response:
    """All events of a session whose name, payloads, logs or error details have all the words, by their ids."""
    warehouse, known = services_of(request).warehouse.as_of_now(), decode_session_id(session_id)
    words = decode_words(q)
    sessions.get_listed(warehouse, reader.project_id, known)
    found = search.list_with_words(warehouse, reader.project_id, known, words, MOST_FOUND + 1)
    return json_response(views.FoundIdsView(list(map(str, found[:MOST_FOUND])), len(found) > MOST_FOUND))
