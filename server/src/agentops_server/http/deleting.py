"""Deleting sessions and the whole project, and for how long the project keeps what it has."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from agentops_server.domain.clock import encode_time, find_time
from agentops_server.domain.ids import ProjectId, SessionId, find_uuid
from agentops_server.domain.project import Principal
from agentops_server.domain.retention import Retention
from agentops_server.errors import Invalid, NotFound
from agentops_server.http.addresses import decode_session_id
from agentops_server.http.bodies import DeletionBody, RetentionBody
from agentops_server.http.credentials import authenticate_reader
from agentops_server.http.openapi import answers, takes
from agentops_server.http.receiving import received
from agentops_server.http.responses import json_response
from agentops_server.http.services import Services, services_of
from agentops_server.http.views import DeletedSessionsView, DeletedSessionView, RetentionView
from agentops_server.wire.body import decode_body

router = APIRouter(prefix="/v2", tags=["deletion"])
Reader = Annotated[Principal, Depends(authenticate_reader)]
SESSIONS_AT_ONCE = 1000


class _Ids(msgspec.Struct):
    session_ids: list[Any]


class _Days(msgspec.Struct):
    payload_days: int | None = None
    facts_days: int | None = None


@router.delete("/sessions/{session_id}", responses=answers(DeletedSessionView))
def delete_session(request: Request, reader: Reader, session_id: str) -> Response:
    """Delete a session with all that it has. Asked again, it says whether its bytes are off the disk by now."""
    known = decode_session_id(session_id)
    deleted, missing = _delete(services_of(request), reader.project_id, [known])
    if missing:
        raise NotFound(f"no session {known} in this project")
    return json_response(deleted[0])


@router.post(
    "/sessions/delete", responses=answers(DeletedSessionsView), openapi_extra=takes(DeletionBody), status_code=200
)
async def delete_sessions(request: Request, reader: Reader) -> Response:
    """Delete several sessions of the project."""
    services = services_of(request)
    async with received(request, services) as body:
        ids = [_session_id(text) for text in decode_body(body, _Ids).session_ids]
    if not 0 < len(ids) <= SESSIONS_AT_ONCE:
        raise Invalid(f"session_ids must hold 1 to {SESSIONS_AT_ONCE} ids")
    deleted, missing = await run_in_threadpool(_delete, services, reader.project_id, ids)
    return json_response(DeletedSessionsView(deleted, [str(session_id) for session_id in missing]))


@router.delete("/project", responses=answers())
def delete_project(
    request: Request, reader: Reader, confirm: Annotated[str, Query(description="The project's name.")]
) -> Response:
    """Delete the project: its keys, its settings, and all sessions. It cannot be undone."""
    services = services_of(request)
    project = services.control.get_project(reader.project_id)
    if confirm != project.name:
        raise Invalid("confirm must be the name of the project, which would be deleted with all that it has")
    services.deletion.delete_project(project.id)
    return json_response({"status": "Success", "project_id": str(project.id)})


@router.get("/retention", responses=answers(RetentionView))
def get_retention(request: Request, reader: Reader) -> Response:
    """For how many days the project keeps payloads and facts; 0 is for ever."""
    return json_response(_view(services_of(request).control.get_retention(reader.project_id)))


@router.put("/retention", responses=answers(RetentionView), openapi_extra=takes(RetentionBody))
async def put_retention(request: Request, reader: Reader) -> Response:
    """Set for how many days the project keeps payloads and facts. What is left out, or null, becomes 0: for ever."""
    services = services_of(request)
    async with received(request, services) as body:
        days = decode_body(body, _Days)
    try:
        policy = Retention(days.payload_days or 0, days.facts_days or 0)
    except ValueError as error:
        raise Invalid(str(error)) from None
    await run_in_threadpool(services.control.set_retention, reader.project_id, policy)
    return json_response(_view(policy))


def _view(policy: Retention) -> RetentionView:
    return RetentionView(policy.payload_days, policy.facts_days)


def _delete(
    services: Services, project_id: ProjectId, session_ids: list[SessionId]
) -> tuple[list[DeletedSessionView], list[SessionId]]:
    """Delete; those that are deleted now, or were before, and those that the project does not have."""
    services.deletion.delete_sessions(project_id, session_ids)
    deleted, missing = [], []
    for session_id in dict.fromkeys(session_ids):
        stone = services.control.find_tombstone(project_id, session_id)
        if stone is None:
            missing.append(session_id)
        else:
            deleted.append(
                DeletedSessionView(str(session_id), encode_time(stone.deleted_ns), find_time(stone.purged_ns))
            )
    return deleted, missing


def _session_id(value: Any) -> SessionId:
    if (found := find_uuid(value)) is None:
        raise Invalid("session_ids must be UUIDs")
    return SessionId(found)
