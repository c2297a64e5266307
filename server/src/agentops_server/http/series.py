"""The overview of a project over time."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from agentops_server.domain.clock import LAST_NS, NS, encode_time
from agentops_server.domain.money import encode_money
from agentops_server.errors import Invalid
from agentops_server.http import series_views as views
from agentops_server.http.filtering import session_filter
from agentops_server.http.openapi import answers
from agentops_server.http.reading import Reader
from agentops_server.http.responses import json_response
from agentops_server.http.services import services_of
from agentops_server.queries import series as rows
from agentops_server.queries.filters import SessionFilter

router = APIRouter(prefix="/v2", tags=["reading"])

MOST_STEPS = 1000
_LONGEST_STEP_S = 366 * 86_400


def _states(row: rows.StepOfStates) -> views.StatesStepView:
    return views.StatesStepView(row.step, row.states)


def _spending(row: rows.StepOfName) -> views.SpendingStepView:
    return views.SpendingStepView(
        step=row.step,
        name=row.shown or None,
        is_rest=row.is_rest,
        sessions=row.sessions,
        llms=row.llms,
        tokens=row.tokens,
        cost=encode_money(row.total_cost),
        cost_is_lower_bound=row.cost_is_lower_bound,
        unpriced_llms=row.unpriced_llms,
        estimated_llms=row.estimated_llms,
    )


def _errors(row: rows.StepOfErrors) -> views.ErrorsStepView:
    return views.ErrorsStepView(row.step, row.shown or None, row.is_rest, row.errors)


def _latency(row: rows.StepOfLatency) -> views.LatencyStepView:
    p50_ms, p95_ms, p99_ms = row.quantiles
    return views.LatencyStepView(row.step, row.llms, p50_ms, p95_ms, p99_ms)


PARTS: dict[str, Callable[[rows.Series], object]] = {
    "states": lambda series: list(map(_states, series.list_states())),
    "models": lambda series: list(map(_spending, series.list_models())),
    "agents": lambda series: list(map(_spending, series.list_agents())),
    "tags": lambda series: list(map(_spending, series.list_tags())),
    "errors": lambda series: list(map(_errors, series.list_errors())),
    "latencies": lambda series: list(map(_latency, series.list_latencies())),
}


@router.get("/overview/series", responses=answers(views.SeriesView))
def get_series(
    request: Request,
    reader: Reader,
    wanted: Annotated[SessionFilter, Depends(session_filter)],
    step_s: Annotated[int, Query(ge=60, le=_LONGEST_STEP_S, description="How long a step is, in seconds.")] = 86_400,
    part: Annotated[list[str] | None, Query(description=f"Some of {', '.join(PARTS)}; all by default.")] = None,
) -> Response:
    """What the sessions come to over time, each in the step that it started in. It takes the filters of the list."""
    if unknown := set(part or ()) - PARTS.keys():
        raise Invalid(f"part must be one of {', '.join(PARTS)}, not {min(unknown)[:100]}")
    steps = _count_steps(wanted, step_s)
    series = rows.Series(services_of(request).warehouse, reader.project_id, wanted, step_s * NS)
    told: dict[str, Any] = {name: ask(series) for name, ask in PARTS.items() if part is None or name in part}
    return json_response(views.SeriesView(since=encode_time(wanted.since_ns), step_s=step_s, steps=steps, **told))


def _count_steps(wanted: SessionFilter, step_s: int) -> int:
    """How many steps there are; raises `Invalid` for a time without bounds, and for too many."""
    if wanted.since_ns == 0 or wanted.until_ns == LAST_NS or wanted.until_ns <= wanted.since_ns:
        raise Invalid("since and until must bound the time, until after since")
    steps = -(-(wanted.until_ns - wanted.since_ns) // (step_s * NS))
    if steps > MOST_STEPS:
        raise Invalid(f"step_s must be long enough for {MOST_STEPS} steps at most, not {steps}")
    return steps
