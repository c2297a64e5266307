"""The routes of SDK 0.4 beside OTLP: its token, the text that its program printed, and what validates a trace.

Keys that nobody reads are left out.
"""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from agentops_server.domain.batch import Batch
from agentops_server.domain.clock import encode_time
from agentops_server.domain.event import Bucket
from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.domain.project import Principal
from agentops_server.errors import Invalid
from agentops_server.http.ingest import Accepted, Message, ingest_route
from agentops_server.http.responses import json_response
from agentops_server.http.senders import authenticate_bearer, authenticate_sender
from agentops_server.http.services import Services, services_of
from agentops_server.queries.events import FIRST_PLACE, EventSummary, list_events
from agentops_server.queries.sessions import get_session
from agentops_server.queries.spans import get_span
from agentops_server.queries.totals import get_totals
from agentops_server.storage.warehouse.rows import EventRow
from agentops_server.wire.body import decode_body
from agentops_server.wire.printed import decode_printed, decode_trace_id

router = APIRouter(tags=["sdk 0.4"])

MOST_SPANS = 10_000


class KeyBody(msgspec.Struct):
    """The body of the token routes."""

    api_key: str = ""


def create_token(message: Message) -> Accepted:
    """A token of the API key's project, for everything that SDK 0.4 sends."""
    principal = message.services.keys.authenticate(decode_body(message.body, KeyBody).api_key)
    token = message.services.project_tokens.issue(principal)
    # Below "pro" the SDK prints an advertisement.
    answer = {"token": token, "project_id": str(principal.project_id), "project_prem_status": "pro"}
    return Accepted(None, answer)


def create_access_token(message: Message) -> Accepted:
    """The same token, as the routes that only read call it."""
    return Accepted(None, {"bearer": create_token(message).answer["token"]})


def upload_logs(message: Message) -> Accepted:
    """Keep what the program printed as an event of its trace's session."""
    sender = authenticate_sender(message.services, message.headers)
    session_id = sender.session_id or decode_trace_id(message.headers.get("Trace-Id", ""))
    event, size_bytes = decode_printed(message.body, session_id, sender)
    answer = {"url": message.services.session_url(message.request, session_id), "size": size_bytes}
    return Accepted(message.services.pipeline.run(Batch([event])), answer)


for _path, _handler in (
    ("/v3/auth/token", create_token),
    ("/public/v1/auth/access_token", create_access_token),
    ("/v4/logs/upload/", upload_logs),
):
    router.add_api_route(_path, ingest_route(_handler), methods=["POST"])


def _authenticate(request: Request) -> Principal:
    return authenticate_bearer(services_of(request), request.headers)


Bearer = Annotated[Principal, Depends(_authenticate)]


@router.get("/v3/auth/token")
def check_token(bearer: Bearer) -> Response:
    """Whether a token is valid, and whose it is."""
    return json_response({"message": "JWT token is valid", "payload": {"project_id": str(bearer.project_id)}})


@router.get("/public/v1/project")
def get_project(request: Request, bearer: Bearer) -> Response:
    """The token's project."""
    project = services_of(request).control.get_project(bearer.project_id)
    return json_response({"id": str(project.id), "name": project.name, "environment": "production"})


@router.get("/public/v1/traces/{trace_id}")
def get_trace(request: Request, bearer: Bearer, trace_id: str) -> Response:
    """A session by its trace id, with its spans in short."""
    services, session_id = services_of(request), _session_id(trace_id)
    warehouse = services.warehouse.as_of_now()
    session = get_session(warehouse, bearer.project_id, session_id)
    events = list_events(warehouse, bearer.project_id, session_id, FIRST_PLACE, MOST_SPANS)
    facts = {"trace_id": session_id.hex, "project_id": str(bearer.project_id), "tags": list(session.tags)}
    return json_response({**facts, "spans": [_summary(event) for event in events if event.kind != "error"]})


@router.get("/public/v1/traces/{trace_id}/metrics")
def get_trace_metrics(request: Request, bearer: Bearer, trace_id: str) -> Response:
    """What the spans of a session add up to."""
    services, session_id = services_of(request), _session_id(trace_id)
    get_session(services.warehouse, bearer.project_id, session_id)
    return json_response(_trace_metrics(services, bearer.project_id, session_id))


@router.get("/public/v1/spans/{span_id}")
def get_one_span(request: Request, bearer: Bearer, span_id: str) -> Response:
    """One span with its attributes."""
    row = get_span(services_of(request).warehouse, bearer.project_id, span_id)
    facts = {"span_id": row.event_id.hex[:16], "trace_id": row.session_id.hex, "span_name": row.name}
    told = {"gen_ai.request.model": row.model} if row.model else {}
    return json_response({**facts, "span_kind": row.kind, "span_attributes": {**row.attributes, **told}})


@router.get("/public/v1/spans/{span_id}/metrics")
def get_span_metrics(request: Request, bearer: Bearer, span_id: str) -> Response:
    """Tokens and cost of one span."""
    return json_response(_span_metrics(get_span(services_of(request).warehouse, bearer.project_id, span_id)))


def _session_id(trace_id: str) -> SessionId:
    try:
        return SessionId(UUID(hex=trace_id))
    except ValueError:
        raise Invalid("trace_id must be 32 hexadecimal digits") from None


def _summary(event: EventSummary) -> dict[str, Any]:
    return {
        "span_id": _span_id(event.event_id),
        "parent_span_id": None if event.parent_id is None else _span_id(event.parent_id),
        "span_name": event.name,
        "span_kind": event.kind,
        "start_time": encode_time(event.init_ns),
        "end_time": encode_time(event.end_ns) if event.end_ns else None,
        "duration": max(event.end_ns - event.init_ns, 0),
    }


def _span_id(event_id: str) -> str:
    return event_id.replace("-", "")[:16]


def _trace_metrics(services: Services, project_id: ProjectId, session_id: SessionId) -> dict[str, Any]:
    totals = get_totals(services.warehouse, project_id, session_id)
    return {
        "span_count": totals.events - totals.errors,
        "prompt_tokens": totals.prompt_tokens,
        "completion_tokens": totals.completion_tokens,
        "total_tokens": totals.prompt_tokens + totals.completion_tokens,
        "total_cost": f"{totals.total_cost:.7f}",
    }


def _span_metrics(row: EventRow) -> dict[str, Any]:
    prompt, completion = row.input_tokens or 0, row.output_tokens or 0
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "cache_read_input_tokens": row.usage.get(Bucket.CACHE_READ, 0),
        "reasoning_tokens": row.usage.get(Bucket.REASONING, 0),
        "total_tokens": prompt + completion,
        "total_cost": row.cost,
    }
