"""The v2 ingest routes: read the body, work in a thread, wait until it is durable, answer."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from agentops_server.auth.tokens import SessionClaims
from agentops_server.domain.clock import now_ns
from agentops_server.domain.ids import ParticipantId, SessionId, new_uuid7
from agentops_server.domain.money import encode_money
from agentops_server.domain.project import Principal
from agentops_server.domain.session import SessionUpdate
from agentops_server.errors import BadRequest, Unavailable
from agentops_server.http.credentials import authenticate_key, authenticate_token
from agentops_server.http.receiving import process, received
from agentops_server.http.responses import json_response
from agentops_server.http.services import Services, services_of
from agentops_server.ingest.work import Work
from agentops_server.queries.totals import get_totals
from agentops_server.storage.warehouse.sessions import find_session
from agentops_server.storage.warehouse.totals import Totals
from agentops_server.wire.origin import Origin
from agentops_server.wire.v2.events import decode_events
from agentops_server.wire.v2.sessions import decode_agent, decode_reauthorization, decode_session


@dataclass(frozen=True, slots=True)
class Message:
    """A request with its whole body."""

    request: Request
    services: Services
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Accepted:
    """Work that was handed to the writer, and the answer to give once it is durable."""

    durable: "Future[None] | None"
    answer: Any = None
    read: Callable[[], Any] | None = None
    """What makes the answer, where the warehouse has to be asked for it."""


_Handler = Callable[[Message], Accepted]


def ingest_route(handler: _Handler) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint around a blocking handler."""

    async def endpoint(request: Request) -> Response:
        services = services_of(request)
        async with received(request, services) as body:
            start = time.monotonic()
            message = Message(request, services, request.headers, body)
            accepted = await process(lambda: handler(message))
            if accepted.durable is not None:
                await asyncio.wrap_future(accepted.durable)
                services.metrics.ack_seconds.observe(time.monotonic() - start)
        if accepted.read is None:
            return json_response(accepted.answer)
        return json_response(await run_in_threadpool(accepted.read))

    endpoint.__name__ = handler.__name__
    endpoint.__doc__ = handler.__doc__
    return endpoint


def create_session(message: Message) -> Accepted:
    """Create a session, or join the one that the project has already."""
    principal = authenticate_key(message.services, message.headers)
    session = decode_session(message.body)
    claims = _claims(principal, session.session_id, session.participant_id)
    message.services.tombstones.refuse(claims.project_id, claims.session_id)
    update = session.update(_origin(claims))

    answer = {
        "status": "Success",
        "jwt": message.services.tokens.issue(claims),
        "session_url": message.services.session_url(message.request, claims.session_id),
        "project_id": str(claims.project_id),
    }
    return Accepted(message.services.writer.accept(Work(updates=[update])), answer)


def reauthorize_jwt(message: Message) -> Accepted:
    """A new token for a session that the project has."""
    principal = authenticate_key(message.services, message.headers)
    session_id, participant_id = decode_reauthorization(message.body)
    services = message.services
    if (
        not services.writer.pending.has(principal.project_id, session_id)
        and find_session(services.warehouse, principal.project_id, session_id) is None
    ):
        raise BadRequest(f"Invalid Session Id: no session {session_id} in this project")
    token = message.services.tokens.issue(_claims(principal, session_id, participant_id))
    return Accepted(None, {"status": "Success", "jwt": token, "project_id": str(principal.project_id)})


def update_session(message: Message) -> Accepted:
    """Tags, host environment, video or end of a session; the answer has the figures of the whole session."""
    claims = authenticate_token(message.services, message.headers)
    session = decode_session(message.body)
    if session.session_id != claims.session_id:
        raise BadRequest("session_id is not the session that the token was issued for")
    message.services.tombstones.refuse(claims.project_id, claims.session_id)
    update = session.update(_origin(claims))
    durable = message.services.writer.accept(Work(updates=[update]))
    return Accepted(durable, read=lambda: _figures(message, claims, update))


def _figures(message: Message, claims: SessionClaims, update: SessionUpdate) -> dict[str, Any]:
    """What the session adds up to. What the client sent is safe already: no answer of the warehouse is no failure."""
    try:
        totals, is_known = get_totals(message.services.warehouse, update.project_id, update.session_id), True
    except Unavailable:
        totals, is_known = Totals(update.session_id), False
    return {
        "status": "success",
        "token_cost": encode_money(totals.total_cost),
        "cost_is_lower_bound": totals.cost_is_lower_bound or not is_known or update.refused_events > 0,
        "unpriced_llms": totals.unpriced_llms,
        "estimated_llms": totals.estimated_llms,
        "missing_events": totals.missing_events,
        "refused_events": update.refused_events,
        "event_counts": {
            "llms": totals.llms,
            "tools": totals.tools,
            "actions": totals.actions,
            "errors": totals.errors,
        },
        "session_url": message.services.session_url(message.request, claims.session_id),
    }


def create_events(message: Message) -> Accepted:
    """Store events; an event whose id the session has already changes nothing."""
    return _store_events(message, replaces=False)


def update_events(message: Message) -> Accepted:
    """Replace events of the session by their ids."""
    return _store_events(message, replaces=True)


def _store_events(message: Message, *, replaces: bool) -> Accepted:
    claims = authenticate_token(message.services, message.headers)
    batch = decode_events(message.body, _origin(claims), replaces=replaces)
    durable = message.services.pipeline.run(batch)
    rejected = [
        {"index": drop.index, "id": drop.id, "reason": drop.reason, "message": drop.message}
        for drop in sorted(batch.drops, key=lambda drop: drop.index)
    ]
    return Accepted(durable, {"status": "Success", "accepted": len(batch.events), "rejected": rejected})


def create_agent(message: Message) -> Accepted:
    """Create or rename an agent of the session."""
    claims = authenticate_token(message.services, message.headers)
    message.services.tombstones.refuse(claims.project_id, claims.session_id)
    agent = decode_agent(message.body, _origin(claims))
    return Accepted(message.services.writer.accept(Work(agents=[agent])), "Success")


def _claims(principal: Principal, session_id: SessionId, participant_id: ParticipantId | None) -> SessionClaims:
    if principal.key_id is None:
        raise BadRequest("a token is issued for an API key only")
    return SessionClaims(
        principal.project_id, session_id, participant_id or ParticipantId(new_uuid7()), principal.key_id
    )


def _origin(claims: SessionClaims) -> Origin:
    return Origin(claims.project_id, claims.session_id, claims.participant_id, now_ns())
