"""The overview of a project."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from agentops_server.domain.clock import LAST_NS, find_time
from agentops_server.errors import Invalid
from agentops_server.http import overview_views as views
from agentops_server.http.filtering import Since, Until, decode_bound, refuse_unknown
from agentops_server.http.openapi import answers
from agentops_server.http.reading import Reader
from agentops_server.http.rendering_overview import PARTS, view_overview
from agentops_server.http.responses import json_response
from agentops_server.http.services import services_of
from agentops_server.queries.overview import Overview, Span

router = APIRouter(prefix="/v2", tags=["reading"])


def _span(_: Annotated[None, Depends(refuse_unknown)], since: Since = None, until: Until = None) -> Span:
    return Span(decode_bound(since, "since", 0), decode_bound(until, "until", LAST_NS))


def _parts(
    part: Annotated[list[str] | None, Query(description=f"Some of {', '.join(PARTS)}; all by default.")] = None,
) -> set[str]:
    if unknown := set(part or ()) - PARTS.keys():
        raise Invalid(f"part must be one of {', '.join(PARTS)}, not {min(unknown)[:100]}")
    return set(part or PARTS)


@router.get("/overview", responses=answers(views.OverviewView))
def get_overview(
    request: Request,
    reader: Reader,
    span: Annotated[Span, Depends(_span)],
    parts: Annotated[set[str], Depends(_parts)],
) -> Response:
    """What the project's sessions that started in this time come to: by day, model, agent, tag and error."""
    services = services_of(request)
    as_of_ns = services.changes.summed_before_ns(services.writer.received_before_ns())
    overview = Overview(services.warehouse, reader.project_id, span)
    return json_response(view_overview(overview, find_time(as_of_ns), parts))
