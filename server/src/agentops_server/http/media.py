"""Videos and other media of a session: uploaded in parts with its token, served with its permissions."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from agentops_server.auth.tokens import SessionClaims
from agentops_server.domain.media import MediaName, decode_media_name
from agentops_server.domain.project import Principal
from agentops_server.errors import Invalid, NotFound
from agentops_server.http.addresses import decode_session_id
from agentops_server.http.credentials import authenticate_reader, authenticate_token
from agentops_server.http.openapi import answers
from agentops_server.http.receiving import received
from agentops_server.http.responses import json_response
from agentops_server.http.services import services_of
from agentops_server.queries.sessions import get_listed

router = APIRouter(prefix="/v2", tags=["media"])

Size = Annotated[int, Query(ge=1, description="The size of the whole, in bytes.")]


def _sender(request: Request) -> SessionClaims:
    return authenticate_token(services_of(request), request.headers)


Sender = Annotated[SessionClaims, Depends(_sender)]
Reader = Annotated[Principal, Depends(authenticate_reader)]
_SERVED: dict[int | str, dict[str, Any]] = {200: {"content": {"*/*": {}}}, 206: {"description": "The range"}}


@router.get("/uploads/{name}", responses=answers())
def get_upload(request: Request, sender: Sender, name: str, size: Size) -> Response:
    """How far the upload of an object is: send the rest from `offset` on."""
    media = _name(name)
    offset = services_of(request).uploads.get_offset(sender.project_id, sender.session_id, media, size)
    return json_response(_progress(sender, media, offset, size))


@router.put("/uploads/{name}", responses=answers())
async def put_upload(
    request: Request,
    sender: Sender,
    name: str,
    size: Size,
    offset: Annotated[int, Query(ge=0, description="Where these bytes belong.")],
) -> Response:
    """Add the body's bytes at `offset`. When the object is whole it can be read at `url`."""
    services, media = services_of(request), _name(name)
    async with received(request, services) as data:
        place = (sender.project_id, sender.session_id, media, size, offset, data)
        reached = await run_in_threadpool(services.uploads.append, *place)
    return json_response(_progress(sender, media, reached, size))


def _progress(sender: SessionClaims, media: MediaName, offset: int, size: int) -> dict[str, Any]:
    url = f"/v2/sessions/{sender.session_id}/objects/{media}"
    return {"status": "Success", "offset": offset, "complete": offset == size, "url": url}


@router.get("/sessions/{session_id}/objects/{name}", responses=_SERVED)
def get_session_object(request: Request, reader: Reader, session_id: str, name: str) -> Response:
    """An object of the session, whole or the range that is asked for, so that a player can seek."""
    get_listed(services_of(request).warehouse, reader.project_id, decode_session_id(session_id))
    return get_object(request, reader, name)


@router.get("/objects/{name}", responses=_SERVED)
def get_object(request: Request, reader: Reader, name: str) -> Response:
    """An object of the project, such as a payload that was too large for its row; whole, or the range asked for."""
    services, media = services_of(request), _name(name)
    size = services.objects.find_size(reader.project_id, media)
    if size is None:
        raise NotFound("no such object in this project")
    start, end = _range(request.headers.get("Range", ""), size)
    headers = {"Accept-Ranges": "bytes", "Content-Length": str(end - start), "Cache-Control": "private, max-age=86400"}
    if (start, end) != (0, size):
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    blocks = services.objects.iter_bytes(reader.project_id, media, start, end)
    status = 206 if "Content-Range" in headers else 200
    return StreamingResponse(blocks, status, headers, media_type=media.content_type)


def _name(text: str) -> MediaName:
    try:
        return decode_media_name(text)
    except ValueError as error:
        raise Invalid(str(error)) from None


def _range(header: str, size: int) -> tuple[int, int]:
    """Start and end of the one range that the header asks for; the whole for anything else (RFC 9110, 14.2)."""
    unit, _, wanted = header.partition("=")
    first, dash, last = wanted.strip().partition("-")
    digits = first + last
    if unit.strip() != "bytes" or not dash or not digits.isascii() or not digits.isdigit():
        return 0, size
    if not first:
        return max(0, size - int(last)), size
    start, end = int(first), min(int(last) + 1 if last else size, size)
    return (start, end) if start < end else (0, size)
