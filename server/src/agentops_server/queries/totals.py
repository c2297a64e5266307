"""What the events of sessions add up to.

A request waits once until what was received is in the warehouse, by its first query (see
`agentops_server.ingest.settled`). While events keep coming, each wait would be for a new load; so the later ones call
their parameters ``project`` and ``sessions``, which nobody waits for.
"""

from collections.abc import Sequence

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.queries.sql_files import read_sql
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import decode_rows
from agentops_server.storage.warehouse.totals import DERIVATION, Totals, sum_events

LARGE_EVENTS = 100_000
"""Of sessions that are summed up together: so many that it is shared out among threads of the engine."""


class _Kept(Totals, frozen=True, kw_only=True):
    derivation: int
    agents: list[str]

    @property
    def agent_names(self) -> list[str]:
        """The names of the agents that recorded something, of which a list reads nothing else."""
        return [name for name in self.agents if name]


def get_totals(warehouse: Warehouse, project_id: ProjectId, session_id: SessionId) -> Totals:
    """The totals of one session, from its events as they are now."""
    return sum_events(warehouse, project_id, [session_id])[session_id]


def list_totals(
    warehouse: Warehouse, project_id: ProjectId, session_ids: Sequence[SessionId], changed: Sequence[SessionId]
) -> dict[SessionId, Totals]:
    """The totals of each of these sessions, without their parts by model, agent, tool and error.

    They are the kept ones, but from the events for those that changed since, or were summed up by other rules. It waits
    for nothing: whoever asks has asked for the sessions before.
    """
    if not session_ids:
        return {}
    parameters: Parameters = {"project": project_id, "sessions": session_ids}
    kept = decode_rows(warehouse.query(read_sql("list_totals"), parameters), _Kept)
    found: dict[SessionId, Totals] = {SessionId(totals.session_id): totals for totals in kept}
    outdated = [SessionId(totals.session_id) for totals in kept if totals.derivation != DERIVATION]
    wanted = list({*changed, *outdated})
    are_large = sum(found[session_id].events for session_id in wanted if session_id in found) > LARGE_EVENTS
    found.update(sum_events(warehouse, project_id, wanted, are_large=are_large, waits=False))
    return {session_id: found.get(session_id, Totals(session_id)) for session_id in session_ids}
