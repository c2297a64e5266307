"""What the events of sessions add up to."""

from collections.abc import Sequence

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.queries.sql_files import read_sql
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import decode_rows
from agentops_server.storage.warehouse.totals import Totals, sum_events


class KeptTotals(Totals, frozen=True, kw_only=True):
    """Totals as they are kept, without their parts."""

    derivation: int
    agents: list[str]

    @property
    def agent_names(self) -> list[str]:
        """The names of the agents that recorded something, of which a list reads nothing else."""
        return [name for name in self.agents if name]


def list_kept(
    warehouse: Warehouse, project_id: ProjectId, session_ids: Sequence[SessionId]
) -> dict[SessionId, KeptTotals]:
    """The kept totals of those of these sessions that have some."""
    if not session_ids:
        return {}
    parameters: Parameters = {"project_id": project_id, "session_ids": session_ids}
    rows = decode_rows(warehouse.query(read_sql("list_totals"), parameters), KeptTotals)
    return {SessionId(totals.session_id): totals for totals in rows}


def get_totals(warehouse: Warehouse, project_id: ProjectId, session_id: SessionId) -> Totals:
    """The totals of one session, from its events as they are now."""
    return sum_events(warehouse, project_id, [session_id])[session_id]
