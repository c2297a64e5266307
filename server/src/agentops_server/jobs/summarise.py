"""Keeping the totals of sessions: whenever one got events, its row is made anew from them.

Nothing is counted up, so nothing drifts, whatever was delivered twice, late or corrected, and a kill at any moment
costs no more than to make some rows again.
"""

from collections import defaultdict

from agentops_server.domain.clock import NS, now_ns
from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.errors import ServerError
from agentops_server.ingest.changes import Changes
from agentops_server.ingest.work import Work
from agentops_server.ingest.writer import Writer
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.totals import Totals, TotalsRow, list_stale, sum_events

SESSIONS_AT_ONCE = 500
PAUSE_S = 0.5
# Between the receipt of an event and its commit may lie the whole queue; what is older than this is committed.
COMMIT_MARGIN_NS = 60 * NS
# The part of one core that summing up may take.
SHARE = 0.2


class Summaries:
    """Makes the rows."""

    def __init__(self, warehouse: Warehouse, writer: Writer, changes: Changes) -> None:
        self._warehouse = warehouse
        self._writer = writer
        self._changes = changes
        self._has_started = False

    def run(self) -> None:
        """One turn; the first one begins with what an earlier process could not sum up any more."""
        if not self._has_started:
            self.find_stale()
            self._has_started = True
        self.summarise()

    def find_stale(self) -> None:
        """Mark every session whose row is missing or may miss an event."""
        for project_id, session_id in list_stale(self._warehouse):
            self._changes.add(project_id, session_id)

    def summarise(self) -> int:
        """Make the rows of sessions that changed; returns how many."""
        as_of_ns = now_ns() - COMMIT_MARGIN_NS
        taken = self._changes.take(SESSIONS_AT_ONCE)
        try:
            rows = self._rows(taken, as_of_ns)
            if rows:
                self._writer.submit(Work(totals=rows)).result()
        except ServerError:
            for key in taken:
                self._changes.add(*key)
            raise
        return len(rows)

    def _rows(self, keys: list[tuple[ProjectId, SessionId]], as_of_ns: int) -> list[TotalsRow]:
        by_project: dict[ProjectId, list[SessionId]] = defaultdict(list)
        for project_id, session_id in keys:
            by_project[project_id].append(session_id)
        return [
            _row(project_id, totals, as_of_ns)
            for project_id, session_ids in by_project.items()
            for totals in sum_events(self._warehouse, project_id, session_ids).values()
        ]


def _row(project_id: ProjectId, totals: Totals, as_of_ns: int) -> TotalsRow:
    sums = {name: getattr(totals, name) for name in Totals.__struct_fields__}
    return TotalsRow(project_id=project_id, version=now_ns(), as_of_ns=as_of_ns, **sums)
