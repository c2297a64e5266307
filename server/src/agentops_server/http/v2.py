"""The table of the v2 ingest routes."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from agentops_server.domain.project import Principal
from agentops_server.http import bodies, ingest
from agentops_server.http.credentials import authenticate_key
from agentops_server.http.openapi import answers, takes
from agentops_server.http.responses import json_response
from agentops_server.http.services import services_of

router = APIRouter(prefix="/v2", tags=["ingest"])

ROUTES = (
    (ingest.create_session, bodies.SessionBody),
    (ingest.reauthorize_jwt, bodies.ReauthorizationBody),
    (ingest.update_session, bodies.SessionBody),
    (ingest.create_events, bodies.EventsBody),
    (ingest.update_events, bodies.EventsBody),
    (ingest.create_agent, bodies.AgentBody),
)
for _handler, _body in ROUTES:
    router.add_api_route(
        f"/{_handler.__name__}",
        ingest.ingest_route(_handler),
        methods=["POST"],
        responses=answers(),
        openapi_extra=takes(_body),
    )


def _authenticate(request: Request) -> Principal:
    return authenticate_key(services_of(request), request.headers)


@router.post("/developer_errors", status_code=204)
def developer_errors(sender: Annotated[Principal, Depends(_authenticate)]) -> Response:  # noqa: ARG001
    """Errors of old SDKs themselves; they are of use to nobody here, and not kept."""
    return Response(status_code=204)


@router.get("/ttd/{ttd_id}", responses=answers())
def get_time_travel(ttd_id: str) -> Response:  # noqa: ARG001
    """Branches of a time travel, which old SDKs ask for: there are none here."""
    return json_response([])
