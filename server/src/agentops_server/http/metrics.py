"""``GET /metrics``: what the write path counts, for Prometheus. It tells nothing of projects, and asks for no key."""

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from agentops_server.http.services import services_of

router = APIRouter(tags=["page"])


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def get_metrics(request: Request) -> Response:
    """Counters of events, drops, bytes and times, in Prometheus' text form."""
    services = services_of(request)
    services.metrics.changed_sessions.set(services.changes.waiting)
    return Response(generate_latest(services.metrics.registry), media_type=CONTENT_TYPE_LATEST)
