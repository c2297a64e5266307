"""Rows and domain objects as the views of the API."""

from agentops_server.domain.clock import encode_time, find_time
from agentops_server.domain.duration import encode_duration
from agentops_server.domain.money import encode_money
from agentops_server.domain.session import EndState, Session
from agentops_server.http import views
from agentops_server.queries.events import EventSummary
from agentops_server.storage.warehouse.cells import ParticipantTotals
from agentops_server.storage.warehouse.rows import AgentRow
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
        cost_is_lower_bound=totals.cost_is_lower_bound or session.refused_events > 0,
        unpriced_llms=totals.unpriced_llms,
        uncounted_llms=totals.uncounted_llms,
        estimated_llms=totals.estimated_llms,
        refused_events=session.refused_events,
        missing_events=totals.missing_events,
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
