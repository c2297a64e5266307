"""Sessions with their figures, as a list and statistics show them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from msgspec import structs

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.domain.session import Session
from agentops_server.ingest.changes import Changes
from agentops_server.ingest.settled import SettledWarehouse
from agentops_server.queries.sessions import find_listed, get_listed
from agentops_server.queries.totals import list_totals
from agentops_server.storage.warehouse.remembered import Remembered
from agentops_server.storage.warehouse.totals import Totals

LARGE_EVENTS = 100_000
"""Of sessions that are summed up together: so many that it is shared out among threads of the engine."""
QUESTIONS_AT_ONCE = 8


class Listing:
    """Asks for what it does not remember, and for the parts of an answer at the same time.

    Whoever asks for sums has waited until what was received is in the warehouse.
    """

    def __init__(self, warehouse: SettledWarehouse, changes: Changes) -> None:
        self._settled = warehouse
        self._warehouse = warehouse.unsettled
        self._changes = changes
        self._rows: Remembered[Session] = Remembered(changes.rows)
        self._sums: Remembered[Totals] = Remembered(changes.sums)
        self._asking = ThreadPoolExecutor(QUESTIONS_AT_ONCE, "agentops-asking")

    def close(self) -> None:
        """Wait for the questions that are asked."""
        self._asking.shutdown()

    def find(self, project_id: ProjectId, session_ids: Sequence[SessionId]) -> list[tuple[Session, Totals]]:
        """Those of these sessions that there are, in this order, each with what it adds up to."""
        asked = self._asking.submit(self._find_rows, project_id, session_ids)
        sums = self.sum_up(project_id, session_ids)
        rows = asked.result()
        return [(rows[session_id], sums[session_id]) for session_id in session_ids if session_id in rows]

    def get(self, project_id: ProjectId, session_id: SessionId) -> tuple[Session, Totals]:
        """One session with what it adds up to, once what was received of it is there.

        Raises:
            NotFound: The project has no such session.
            Unavailable: The warehouse is behind.
        """
        self._settled.settle(project_id, [session_id])
        asked = self._asking.submit(get_listed, self._warehouse, project_id, session_id)
        sums = self.sum_up(project_id, [session_id])
        return asked.result(), sums[session_id]

    def _find_rows(self, project_id: ProjectId, session_ids: Sequence[SessionId]) -> dict[SessionId, Session]:
        since = self._changes.rows.now
        known = self._rows.find(project_id, session_ids)
        found = find_listed(self._warehouse, project_id, [each for each in session_ids if each not in known])
        self._rows.keep(project_id, found, since)
        return known | found

    def sum_up(self, project_id: ProjectId, session_ids: Sequence[SessionId]) -> dict[SessionId, Totals]:
        """What each of these sessions adds up to, without its parts by model, tool and error."""
        since = self._changes.sums.now  # first of all, or a change could be overlooked for ever
        known = self._sums.find(project_id, session_ids)
        unknown = [each for each in session_ids if each not in known]
        if not unknown:
            return known
        changed = self._changes.among(project_id, unknown)
        are_large = sum(totals.events for totals in self._sums.find_old(project_id, changed)) > LARGE_EVENTS
        asked = list_totals(self._warehouse, project_id, unknown, changed, self._asking, are_large=are_large)
        found = {session_id: _without_parts(totals) for session_id, totals in asked.items()}
        self._sums.keep(project_id, found, since)
        return known | found


def _without_parts(totals: Totals) -> Totals:
    """Of a large session the parts are large."""
    return structs.replace(totals, by_model=[], by_tool=[], by_error=[])
