"""What the events of sessions add up to."""

from collections.abc import Collection, Sequence
from concurrent.futures import Executor

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.queries.sql_files import read_sql
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import decode_rows
from agentops_server.storage.warehouse.totals import DERIVATION, Totals, sum_events


class _Kept(Totals, frozen=True, kw_only=True):
    derivation: int
    agents: list[str]

    @property
    def agent_names(self) -> list[str]:
        """The names of the agents that recorded something, of which a list reads nothing else."""
        return [name for name in self.agents if name]


def _list_kept(warehouse: Warehouse, project_id: ProjectId, session_ids: Sequence[SessionId]) -> list[_Kept]:
    if not session_ids:
        return []
    parameters: Parameters = {"project_id": project_id, "session_ids": session_ids}
    return decode_rows(warehouse.query(read_sql("list_totals"), parameters), _Kept)


def get_totals(warehouse: Warehouse, project_id: ProjectId, session_id: SessionId) -> Totals:
    """The totals of one session, from its events as they are now."""
    return sum_events(warehouse, project_id, [session_id])[session_id]


def list_totals(
    warehouse: Warehouse,
    project_id: ProjectId,
    session_ids: Sequence[SessionId],
    changed: Collection[SessionId],
    asking: Executor,
    *,
    are_large: bool = False,
) -> dict[SessionId, Totals]:
    """The totals of each of these sessions, of whose parts those by model, tool and error may be missing.

    They are the kept ones, but from the events for those that changed since, or were summed up by other rules.

    Args:
        warehouse: Where to ask.
        project_id: Whose sessions.
        session_ids: Which ones.
        changed: Those that changed since (`agentops_server.ingest.changes`).
        asking: Where one question is asked while another one is.
        are_large: Whether the changed ones have very many events, see `sum_events`.
    """
    wanted = [each for each in session_ids if each in changed]
    asked = asking.submit(_list_kept, warehouse, project_id, [each for each in session_ids if each not in changed])
    sums = sum_events(warehouse, project_id, wanted, are_large=are_large)
    kept = asked.result()
    outdated = [SessionId(totals.session_id) for totals in kept if totals.derivation != DERIVATION]
    found: dict[SessionId, Totals] = {SessionId(totals.session_id): totals for totals in kept}
    found |= sums | sum_events(warehouse, project_id, outdated)
    return {session_id: found.get(session_id, Totals(session_id)) for session_id in session_ids}
