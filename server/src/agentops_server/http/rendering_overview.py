"""The answers to the questions of an overview as its view."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict

from agentops_server.domain.clock import encode_time
from agentops_server.domain.money import encode_money
from agentops_server.http import overview_views as views
from agentops_server.queries import overview as rows
from agentops_server.queries.search import FoundEvent

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Spending(TypedDict):
    cost: str
    cost_is_lower_bound: bool
    unpriced_llms: int
    estimated_llms: int


def view_overview(overview: rows.Overview, as_of: str | None, parts: Iterable[str]) -> views.OverviewView:
    """Ask the questions of these of the `PARTS`."""
    answers: dict[str, Any] = {part: PARTS[part](overview) for part in parts}
    return views.OverviewView(as_of=as_of, **answers)


def view_found(row: FoundEvent) -> views.FoundView:
    """An event that was found."""
    return views.FoundView(
        str(row.session_id), str(row.event_id), row.kind, row.name, encode_time(row.init_ns), row.snippet
    )


def _spending(row: rows.Spending) -> _Spending:
    return {
        "cost": encode_money(row.total_cost),
        "cost_is_lower_bound": row.cost_is_lower_bound,
        "unpriced_llms": row.unpriced_llms,
        "estimated_llms": row.estimated_llms,
    }


def _totals(row: rows.ProjectTotals) -> views.ProjectTotalsView:
    return views.ProjectTotalsView(
        **_spending(row),
        sessions=row.sessions,
        events=row.events,
        llms=row.llms,
        tools=row.tools,
        actions=row.actions,
        errors=row.errors,
        prompt_tokens=row.prompt_tokens,
        completion_tokens=row.completion_tokens,
        cache_read_tokens=row.cache_read_tokens,
        uncounted_llms=row.uncounted_llms,
    )


def _day(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).date().isoformat()


def _days(states: list[rows.DayOfStates], errors: list[rows.DayOfErrors]) -> list[views.DayView]:
    by_state = {row.day: row.states for row in states}
    by_error = {row.day: row.errors for row in errors}
    days = sorted(by_state.keys() | by_error.keys())
    return [views.DayView(_day(day), by_state.get(day, {}), by_error.get(day, 0)) for day in days]


def _model(row: rows.DayOfModel) -> views.DayOfModelView:
    return views.DayOfModelView(
        **_spending(row),
        day=_day(row.day),
        model=row.model or None,
        llms=row.llms,
        prompt_tokens=row.prompt_tokens,
        completion_tokens=row.completion_tokens,
        cache_read_tokens=row.cache_read_tokens,
    )


def _latency(row: rows.Latency) -> views.LatencyView:
    p50_ms, p95_ms, p99_ms = row.quantiles
    return views.LatencyView(row.of_model, row.llms, p50_ms, p95_ms, p99_ms)


def _agent(row: rows.OfAgent) -> views.OfAgentView:
    return views.OfAgentView(
        **_spending(row),
        agent=row.agent or None,
        sessions=row.sessions,
        events=row.events,
        llms=row.llms,
        errors=row.errors,
        tokens=row.tokens,
    )


def _tag(row: rows.OfTag) -> views.OfTagView:
    return views.OfTagView(
        **_spending(row),
        tag=row.tag,
        sessions=row.sessions,
        failures=row.failures,
        llms=row.llms,
        errors=row.errors,
    )


def _error_group(row: rows.ErrorGroup) -> views.ErrorGroupView:
    return views.ErrorGroupView(
        row.error_type or None, row.errors, row.sessions, encode_time(row.last_ns), str(row.last_session_id)
    )


def _expensive(row: rows.ExpensiveSession) -> views.ExpensiveSessionView:
    return views.ExpensiveSessionView(
        **_spending(row), session_id=str(row.session_id), name=row.name, init_timestamp=encode_time(row.init_ns)
    )


PARTS: dict[str, Callable[[rows.Overview], object]] = {
    "totals": lambda overview: _totals(overview.total()),
    "days": lambda overview: _days(overview.list_states(), overview.list_error_days()),
    "models": lambda overview: list(map(_model, overview.list_models())),
    "latencies": lambda overview: list(map(_latency, overview.list_latencies())),
    "agents": lambda overview: list(map(_agent, overview.list_agents())),
    "tags": lambda overview: list(map(_tag, overview.list_tags())),
    "errors": lambda overview: list(map(_error_group, overview.list_errors())),
    "expensive": lambda overview: list(map(_expensive, overview.list_expensive())),
}
