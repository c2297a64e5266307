"""Sessions with their figures, as a list and statistics show them."""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor
from typing import TypeVar

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.domain.session import Session
from agentops_server.ingest.changes import Changes
from agentops_server.ingest.settled import SettledWarehouse
from agentops_server.queries.sessions import find_listed, found_in
from agentops_server.queries.totals import list_kept
from agentops_server.storage.warehouse.growing import MOST_IDS, Summed, summed_up
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.remembered import Remembered
from agentops_server.storage.warehouse.totals import DERIVATION, Totals, add_up, list_cells

LARGE_EVENTS = 100_000
"""Of sessions that are summed up together: so many that it is shared out among threads of the engine."""

_T = TypeVar("_T")


class Listing:
    """Asks for what it does not remember, and for the parts of an answer at the same time.

    What was received must be in the warehouse before it is asked for sums. While events keep coming, there is always
    something to wait for; so a request waits once, and its other questions go to the warehouse as it is.
    """

    def __init__(self, warehouse: SettledWarehouse, changes: Changes, asking: Executor) -> None:
        self._settled = warehouse
        self._warehouse = warehouse.unsettled
        self._changes = changes
        self._rows: Remembered[Session] = Remembered(changes.rows)
        self._asking = asking

    def places(self, project_id: ProjectId, ask: Callable[[Warehouse], _T], *, depends_on_events: bool) -> _T:
        """The answer to a question about a project's sessions, as of now.

        Whatever waits to be loaded is nearly always events of sessions that are known. So it is asked while they are
        loaded, and once more if that brought another session or changed one.

        Args:
            project_id: The project.
            ask: Asks.
            depends_on_events: Whether events that are loaded change the answer.

        Raises:
            Unavailable: The warehouse is behind.
        """
        if depends_on_events:
            self._settled.settle(project_id)
            return ask(self._warehouse)
        changes = self._changes.rows
        return self._ask_meanwhile(project_id, None, ask, lambda: changes.last_of(project_id))

    def find(self, project_id: ProjectId, session_ids: Sequence[SessionId]) -> list[tuple[Session, Totals]]:
        """Those of these sessions that there are, in this order, each with what it adds up to."""
        asked = self._asking.submit(self._find_rows, project_id, session_ids)
        sums = self.sum_up(project_id, session_ids)
        rows = asked.result()
        return [(rows[session_id], sums[session_id]) for session_id in session_ids if session_id in rows]

    def get(self, project_id: ProjectId, session_id: SessionId) -> tuple[Session, Totals]:
        """One session with what it adds up to, as of now.

        Raises:
            NotFound: The project has no such session.
            Unavailable: The warehouse is behind.
        """
        ids, key = [session_id], (project_id, session_id)
        changes = self._changes.rows
        # It is not remembered: one that is being deleted shall be gone when it is gone from the warehouse.
        found = self._ask_meanwhile(
            project_id, ids, lambda warehouse: find_listed(warehouse, project_id, ids), lambda: changes.last(key)
        )
        return found_in(found, session_id), self.sum_up(project_id, ids)[session_id]

    def _ask_meanwhile(
        self,
        project_id: ProjectId,
        session_ids: list[SessionId] | None,
        ask: Callable[[Warehouse], _T],
        version: Callable[[], int],
    ) -> _T:
        before = version()
        asked = self._asking.submit(ask, self._warehouse)
        self._settled.settle(project_id, session_ids)
        found = asked.result()
        return found if version() == before else ask(self._warehouse)

    def _find_rows(self, project_id: ProjectId, session_ids: Sequence[SessionId]) -> dict[SessionId, Session]:
        since = self._changes.rows.now
        known = self._rows.find(project_id, session_ids)
        found = find_listed(self._warehouse, project_id, [each for each in session_ids if each not in known])
        self._rows.keep(project_id, found, since)
        return known | found

    def sum_up(self, project_id: ProjectId, session_ids: Sequence[SessionId]) -> dict[SessionId, Totals]:
        """What each of these sessions adds up to, without its parts by model, tool and error.

        The sums are the kept ones, but from the events for those that changed since, or were summed up by other rules.
        """
        sums, since = self._changes.sums, self._changes.sums.now  # before what changed, or a change could be overlooked
        known = sums.find(project_id, session_ids)
        unknown = [each for each in session_ids if each not in known]
        if not unknown:
            return {session_id: summed.totals for session_id, summed in known.items()}
        changed = self._changes.among(project_id, unknown)
        asked = self._asking.submit(list_kept, self._warehouse, project_id, [i for i in unknown if i not in changed])
        found = self._sum_events(project_id, changed)
        kept = asked.result()
        found |= {session_id: Summed(totals) for session_id, totals in kept.items()}
        outdated = {session_id for session_id, totals in kept.items() if totals.derivation != DERIVATION}
        found |= self._sum_events(project_id, outdated)
        found |= {each: Summed(Totals(each), set()) for each in unknown if each not in found}  # without an event so far
        sums.keep(project_id, found, since)
        known |= found
        return {session_id: known[session_id].totals for session_id in session_ids}

    def _sum_events(self, project_id: ProjectId, session_ids: Collection[SessionId]) -> dict[SessionId, Summed]:
        if not session_ids:
            return {}
        before = self._changes.sums.find_old(project_id, session_ids)
        are_large = sum(summed.totals.events for summed in before) > LARGE_EVENTS
        most_ids = 0 if are_large else MOST_IDS
        ids = list(session_ids)
        cells = list_cells(self._warehouse, project_id, ids, are_large=are_large, most_ids=most_ids)
        totals = add_up(self._warehouse, project_id, cells)
        return {session_id: summed_up(totals[session_id], own) for session_id, own in cells.items()}
