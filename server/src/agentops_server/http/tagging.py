"""Tags that a person adds to sessions, beside those that their programs gave."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from agentops_server.domain.clock import now_ns
from agentops_server.domain.ids import ParticipantId, SessionId, find_uuid
from agentops_server.domain.project import Principal
from agentops_server.domain.session import Session, SessionUpdate
from agentops_server.errors import Invalid, NotFound
from agentops_server.http.credentials import authenticate_reader
from agentops_server.http.key_views import TaggedView, TaggingBody
from agentops_server.http.openapi import answers, takes
from agentops_server.http.receiving import received
from agentops_server.http.responses import json_response
from agentops_server.http.services import Services, services_of
from agentops_server.ingest.work import Work
from agentops_server.queries.sessions import get_session
from agentops_server.wire.body import decode_body

router = APIRouter(prefix="/v2/sessions", tags=["reading"])

Reader = Annotated[Principal, Depends(authenticate_reader)]
SESSIONS_AT_ONCE = 1000
TAGS_AT_ONCE = 20
LONGEST_TAG = 200
WRITE_TIMEOUT_S = 30.0
# Tags belong to participants, so that no process takes away another's; a person is one more, the same in every session.
PERSON = ParticipantId(UUID("a9e47095-0000-5000-8000-7061676500a6"))


@router.post("/tag", responses=answers(TaggedView), openapi_extra=takes(TaggingBody))
async def tag_sessions(request: Request, reader: Reader) -> Response:
    """Add tags to sessions; those that a session has already change nothing."""
    services = services_of(request)
    async with received(request, services) as data:
        body = decode_body(data, TaggingBody)
    ids, tags = _session_ids(body.session_ids), _tags(body.tags)
    return await run_in_threadpool(_tag, services, reader, ids, tags)


def _tag(services: Services, reader: Principal, ids: list[SessionId], tags: list[str]) -> Response:
    updates, missing = [], []
    for session_id in ids:
        try:
            session = get_session(services.warehouse, reader.project_id, session_id)
        except NotFound:
            missing.append(str(session_id))
        else:
            updates.append(_update(session, tags))
    if updates:
        services.writer.accept(Work(updates=updates)).result(WRITE_TIMEOUT_S)
    return json_response(TaggedView(tagged=len(updates), missing=missing))


def _update(session: Session, tags: list[str]) -> SessionUpdate:
    known = session.participants.get(PERSON)
    added = (*(known.tags if known else ()), *tags)
    update = SessionUpdate(session.project_id, session.id, PERSON, now_ns(), declared=False)
    return replace(update, tags=tuple(dict.fromkeys(added)))


def _session_ids(texts: list[str]) -> list[SessionId]:
    found = [find_uuid(text) for text in texts]
    if None in found or not 0 < len(found) <= SESSIONS_AT_ONCE:
        raise Invalid(f"session_ids must hold 1 to {SESSIONS_AT_ONCE} UUIDs")
    return [SessionId(each) for each in dict.fromkeys(found) if each is not None]


def _tags(texts: list[str]) -> list[str]:
    tags = [text.strip() for text in texts]
    if not 0 < len(tags) <= TAGS_AT_ONCE or not all(0 < len(tag) <= LONGEST_TAG for tag in tags):
        raise Invalid(f"tags must hold 1 to {TAGS_AT_ONCE} texts of 1 to {LONGEST_TAG} characters")
    return tags
