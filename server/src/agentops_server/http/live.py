"""``GET /v2/live``: a stream that says which sessions changed, as server-sent events."""

from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
from fastapi import APIRouter, Header, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from agentops_server.errors import Unauthorized
from agentops_server.http.addresses import decode_session_id
from agentops_server.http.credentials import authenticate_reader
from agentops_server.http.openapi import answers
from agentops_server.http.services import Services, services_of
from agentops_server.live.hub import News, Subscription
from agentops_server.queries import sessions

router = APIRouter(prefix="/v2", tags=["reading"])

HEARTBEAT_S = 15.0
RETRY_MS = 1_000


@router.get(
    "/live",
    response_class=StreamingResponse,
    responses=answers() | {200: {"description": "Server-sent events", "content": {"text/event-stream": {}}}},
)
async def follow_sessions(
    request: Request,
    session_id: Annotated[str | None, Query(description="Only of this session.")] = None,
    last_event_id: Annotated[str, Header(description="The last id that was received.", max_length=100)] = "",
) -> Response:
    """Which of the project's sessions changed, from now on, or from the last event on that the reader got."""
    services = services_of(request)
    reader = await run_in_threadpool(authenticate_reader, request)
    wanted = None if session_id is None else decode_session_id(session_id)
    if wanted is not None:
        await run_in_threadpool(sessions.get_session, services.warehouse, reader.project_id, wanted)
    subscription = services.live.subscribe(reader.project_id, wanted, last_event_id)
    stream = _stream(request, services, subscription)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _stream(request: Request, services: Services, subscription: Subscription) -> AsyncIterator[bytes]:
    hub = services.live
    try:
        # Who comes back keeps the id that it has until it got what it missed.
        first_id = "" if subscription.first is None else f"id: {hub.event_id(subscription.first)}\n"
        yield f"retry: {RETRY_MS}\n{first_id}event: ready\ndata: {{}}\n\n".encode()
        while not subscription.is_closed:
            news = await subscription.wait(HEARTBEAT_S)
            if news is not None:
                yield _encode(hub.event_id(news.number), news)
            elif not await _may_read_on(request):
                return
            else:
                yield b": still here\n\n"
    finally:
        hub.unsubscribe(subscription)


async def _may_read_on(request: Request) -> bool:
    """Whether the credential still opens the project: a key that is revoked ends the stream."""
    try:
        await run_in_threadpool(authenticate_reader, request)
    except Unauthorized:
        return False
    return True


def _encode(event_id: str, news: News) -> bytes:
    name = "reset" if news.missed else "changed"
    data = msgspec.json.encode({"session_ids": [str(session_id) for session_id in news.session_ids]})
    return f"id: {event_id}\nevent: {name}\ndata: ".encode() + data + b"\n\n"
