"""What the events of sessions add up to."""

from collections.abc import Sequence

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.queries.sql_files import read_sql
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import decode_rows
from agentops_server.storage.warehouse.totals import Totals, sum_events


def get_totals(warehouse: Warehouse, project_id: ProjectId, session_id: SessionId) -> Totals:
    """The totals of one session, from its events as they are now."""
    return sum_events(warehouse, project_id, [session_id])[session_id]


def list_totals(
    warehouse: Warehouse, project_id: ProjectId, session_ids: Sequence[SessionId], changed: Sequence[SessionId]
) -> dict[SessionId, Totals]:
    """The totals of each of these sessions: the kept ones, but from the events for those that changed since."""
    if not session_ids:
        return {}
    parameters: Parameters = {"project_id": project_id, "session_ids": session_ids}
    kept = decode_rows(warehouse.query(read_sql("list_totals"), parameters), Totals)
    found = {SessionId(totals.session_id): totals for totals in kept}
    found.update(sum_events(warehouse, project_id, changed))
    return {session_id: found.get(session_id, Totals(session_id)) for session_id in session_ids}
