"""What the events of sessions add up to.

A request waits once until what was received is in the warehouse, by its first query (see
`agentops_server.ingest.settled`). While events keep coming, each wait would be for a new load; so the later ones call
their parameters ``project`` and ``sessions``, which nobody waits for.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.queries.sql_files import read_sql
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import decode_rows
from agentops_server.storage.warehouse.totals import DERIVATION, Totals, sum_events

LARGE_EVENTS = 100_000
"""Of sessions that are summed up together: so many that it is shared out among threads of the engine."""
MOST_RECENT = 500
"""Sums that are remembered."""


class _Kept(Totals, frozen=True, kw_only=True):
    derivation: int
    agents: list[str]

    @property
    def agent_names(self) -> list[str]:
        """The names of the agents that recorded something, of which a list reads nothing else."""
        return [name for name in self.agents if name]


class RecentSums:
    """What sessions that changed lately add up to: it is summed once, however many ask before they change again."""

    def __init__(self) -> None:
        self._sums: OrderedDict[tuple[ProjectId, SessionId], tuple[int, Totals]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, project_id: ProjectId, changed: Mapping[SessionId, int]) -> dict[SessionId, Totals]:
        """Of those of these sessions, by the numbers of their last changes, that did not change since."""
        with self._lock:
            kept = {session_id: self._sums.get((project_id, session_id), (0, None)) for session_id in changed}
        return {
            session_id: totals
            for session_id, (number, totals) in kept.items()
            if totals is not None and number == changed[session_id]
        }

    def count_events(self, project_id: ProjectId, session_ids: Iterable[SessionId]) -> int:
        """How many events these sessions had when they were summed up last; 0 for those of which that is long ago."""
        with self._lock:
            kept = [self._sums.get((project_id, session_id)) for session_id in session_ids]
        return sum(entry[1].events for entry in kept if entry is not None)

    def keep(self, project_id: ProjectId, changed: Mapping[SessionId, int], sums: Mapping[SessionId, Totals]) -> None:
        """These were asked of the events after the changes with these numbers."""
        with self._lock:
            for session_id in sums.keys() & changed.keys():
                if number := changed[session_id]:
                    self._sums[project_id, session_id] = (number, sums[session_id])
                    self._sums.move_to_end((project_id, session_id))
            while len(self._sums) > MOST_RECENT:
                self._sums.popitem(last=False)


def _list_kept(warehouse: Warehouse, project_id: ProjectId, session_ids: Sequence[SessionId]) -> list[_Kept]:
    if not session_ids:
        return []
    parameters: Parameters = {"project": project_id, "sessions": session_ids}
    return decode_rows(warehouse.query(read_sql("list_totals"), parameters), _Kept)


def get_totals(warehouse: Warehouse, project_id: ProjectId, session_id: SessionId) -> Totals:
    """The totals of one session, from its events as they are now."""
    return sum_events(warehouse, project_id, [session_id])[session_id]


def list_totals(
    warehouse: Warehouse,
    project_id: ProjectId,
    session_ids: Sequence[SessionId],
    changed: Mapping[SessionId, int],
    recent: RecentSums,
) -> dict[SessionId, Totals]:
    """The totals of each of these sessions, without their parts by model, agent, tool and error.

    They are the kept ones, but from the events for those that changed since, or were summed up by other rules. It waits
    for nothing: whoever asks has asked for the sessions before.

    Args:
        warehouse: Where to ask.
        project_id: Whose sessions.
        session_ids: Which ones.
        changed: Those that changed since, with the numbers of their last changes (`agentops_server.ingest.changes`).
        recent: What was summed up for others who asked.
    """
    if not session_ids:
        return {}
    kept = _list_kept(warehouse, project_id, [each for each in session_ids if each not in changed])
    found: dict[SessionId, Totals] = {SessionId(totals.session_id): totals for totals in kept}
    outdated = [SessionId(totals.session_id) for totals in kept if totals.derivation != DERIVATION]
    summed = recent.find(project_id, changed)
    wanted = list({*changed, *outdated} - summed.keys())
    are_large = recent.count_events(project_id, wanted) > LARGE_EVENTS
    sums = sum_events(warehouse, project_id, wanted, are_large=are_large, waits=False)
    recent.keep(project_id, changed, sums)
    found.update(summed | sums)
    return {session_id: found.get(session_id, Totals(session_id)) for session_id in session_ids}
