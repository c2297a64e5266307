"""Rows and domain objects as the views of the API."""

from typing import Any
from uuid import UUID

import msgspec

from agentops_server.domain.clock import NS, encode_time, find_time
from agentops_server.domain.duration import encode_duration
from agentops_server.domain.event import Kind
from agentops_server.domain.money import encode_money
from agentops_server.domain.session import EndState, Session
from agentops_server.http import views
from agentops_server.queries.events import EventSummary
from agentops_server.storage.warehouse.cells import ParticipantTotals
from agentops_server.storage.warehouse.rows import NO_ID, AgentRow, EventRow
from agentops_server.storage.warehouse.totals import Totals


def view_stats(session: Session, totals: Totals) -> views.StatsView:
    end = session.end
    last_ns = max(session.init_ns, totals.last_ns)
    duration_ns = max(0, (end.at_ns if end else last_ns) - session.init_ns)
    counts = {"llms": totals.llms, "tools": totals.tools, "actions": totals.actions, "errors": totals.errors}
    return views.StatsView(
        session_id=str(session.id),
        events=totals.events,
        **counts,
        event_counts=counts,
        prompt_tokens=totals.prompt_tokens,
        completion_tokens=totals.completion_tokens,
        total_tokens=totals.prompt_tokens + totals.completion_tokens,
        cache_read_tokens=totals.cache_read_tokens,
        cost=encode_money(totals.total_cost),
        cost_is_lower_bound=totals.cost_is_lower_bound,
        unpriced_llms=totals.unpriced_llms,
        uncounted_llms=totals.uncounted_llms,
        estimated_llms=totals.estimated_llms,
        refused_events=session.refused_events,
        missing_events=sum(participant.missing for participant in totals.participants),
        participants=list(map(view_participant, totals.participants)),
        init_timestamp=encode_time(session.init_ns),
        end_timestamp=encode_time(end.at_ns) if end else None,
        last_activity=encode_time(last_ns),
        duration=encode_duration(duration_ns),
        duration_ms=duration_ns / 1e6,
        end_state=end.state if end else EndState.INDETERMINATE,
        end_state_reason=end.reason if end else None,
        is_running=end is None,
    )


def view_participant(totals: ParticipantTotals) -> views.ParticipantView:
    return views.ParticipantView(str(totals.participant_id), totals.recorded, totals.received, totals.missing)


def view_session(session: Session, totals: Totals, agents: list[AgentRow] | None = None) -> views.SessionView:
    """A session; with its agents and host environment where agents are given."""
    stats = view_stats(session, totals)
    return views.SessionView(
        session_id=str(session.id),
        project_id=str(session.project_id),
        name=session.display_name,
        init_timestamp=stats.init_timestamp,
        end_timestamp=stats.end_timestamp,
        is_running=stats.is_running,
        end_state=stats.end_state,
        end_state_reason=stats.end_state_reason,
        tags=list(session.tags),
        video=session.video or None,
        host_env=None if agents is None else session.host_env,
        agents=None if agents is None else list(map(view_agent, agents)),
        stats=stats,
        agent_names=totals.agent_names,
        hosts=list(session.hosts),
        external_id=session.external_id or None,
    )


def view_agent(row: AgentRow) -> views.AgentView:
    return views.AgentView(str(row.agent_id), str(row.session_id), row.name, row.logs or None)


def view_summary(row: EventSummary) -> views.EventSummaryView:
    return views.EventSummaryView(
        id=row.event_id,
        kind=row.kind,
        event_type=row.event_type,
        name=row.name,
        init_timestamp=encode_time(row.init_ns),
        end_timestamp=find_time(row.end_ns),
        duration_ms=(row.end_ns - row.init_ns) / 1e6 if row.end_ns else None,
        agent_id=row.agent_id,
        parent_id=row.parent_id,
        participant_id=row.participant_id,
        sequence=row.sequence,
        model=row.model or None,
        first_token_ms=row.first_token_ns / 1e6 if row.first_token_ns else None,
        prompt_tokens=row.input_tokens,
        completion_tokens=row.output_tokens,
        cached_tokens=row.cached_tokens or None,
        cost=row.cost,
        error_type=row.error_type or None,
        details=row.details or None,
        trigger_event_id=row.trigger_event_id,
        has_screenshot=bool(row.has_screenshot),
    )


def export_session(session: Session) -> views.ExportedSession:
    end = session.end
    return views.ExportedSession(
        id=str(session.id),
        project_id=str(session.project_id),
        name=session.display_name,
        init_timestamp=encode_time(session.init_ns),
        end_timestamp=encode_time(end.at_ns) if end else None,
        tags=list(session.tags),
        end_state=end.state if end else EndState.INDETERMINATE,
        end_state_reason=end.reason if end else None,
        video=session.video or None,
        host_env=session.host_env,
    )


def export_event(row: EventRow) -> views.ExportedEvent:
    common = _common(row)
    if row.kind == Kind.LLM:
        return _llm(row, common)
    if row.kind == Kind.TOOL:
        return views.ExportedTool(**common, logs=_payload(row.logs))
    if row.kind == Kind.ERROR:
        return _error(row, common)
    return views.ExportedAction(
        **common, action_type=row.action_type or None, logs=_payload(row.logs), screenshot=row.screenshot or None
    )


def _common(row: EventRow) -> dict[str, Any]:
    return {
        "id": str(row.event_id),
        "session_id": str(row.session_id),
        "agent_id": _find_id(row.agent_id),
        "kind": row.kind,
        "event_type": row.event_type,
        "name": row.name,
        "init_timestamp": encode_time(row.init_ns),
        "end_timestamp": find_time(row.end_ns),
        "parent_id": _find_id(row.parent_id),
        "participant_id": _find_id(row.participant_id),
        "sequence": row.sequence,
        "params": _payload(row.params),
        "returns": _payload(row.returns),
        "attributes": row.attributes,
    }


def _llm(row: EventRow, common: dict[str, Any]) -> views.ExportedLlm:
    return views.ExportedLlm(
        **common,
        thread_id=row.thread_id or None,
        prompt=_payload(row.prompt),
        completion=_payload(row.completion),
        model=row.model or None,
        prompt_tokens=row.input_tokens,
        completion_tokens=row.output_tokens,
        cost=row.cost,
        computed_cost=row.computed_cost,
        reported_cost=row.reported_cost,
        price_version=row.price_version or None,
        provider=row.provider or None,
        usage=row.usage,
        usage_basis=row.usage_basis or None,
        usage_estimated=row.usage_estimated,
        finish_reasons=row.finish_reason or None,
        time_to_first_chunk=row.first_token_ns / NS or None,
        model_params=_payload(row.model_params),
        tool_definitions=_payload(row.tools),
    )


def _error(row: EventRow, common: dict[str, Any]) -> views.ExportedError:
    return views.ExportedError(
        **common,
        timestamp=common["init_timestamp"],
        trigger_event_id=_find_id(row.trigger_event_id),
        trigger_event_type=row.trigger_event_type or None,
        error_type=row.error_type or None,
        code=row.error_code or None,
        details=_payload(row.details),
        logs=_payload(row.logs),
    )


def _find_id(value: UUID) -> str | None:
    return None if value == NO_ID else str(value)


def _payload(text: str) -> msgspec.Raw | None:
    """The recorded JSON, put into the answer as it is."""
    return msgspec.Raw(text.encode()) if text else None
