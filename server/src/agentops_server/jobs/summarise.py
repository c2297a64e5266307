"""Keeping the totals of sessions: whenever one got events, its row is made anew from them.

Nothing is counted up, so nothing drifts, whatever was delivered twice, late or corrected, and a kill at any moment
costs no more than to make some rows again. Which ones is known without a look at all events:

- While the process lives, the writer marks a session after its events are in the warehouse; it stays marked until the
  row that has them is stored.
- A row says up to which time of receipt it is complete. That is taken before its events are read, and it is the time
  before which everything that was received is in the warehouse (the writer knows), less a margin for what was received
  and not yet handed to the writer.
- When a turn has taken all that was marked at its beginning, every event received before that same time is in some row:
  this is noted. The next start reads only the events received since, and marks the sessions whose row says less.
- Rows made by the rules of an older version are made anew when nothing else is to be done.
"""

from collections import defaultdict

from agentops_server.domain.clock import NS, now_ns
from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.errors import ServerError
from agentops_server.ingest.changes import Changes
from agentops_server.ingest.work import Work
from agentops_server.ingest.writer import Writer
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.totals import (
    TotalsRow,
    list_outdated,
    list_stale,
    note_summed_until,
    sum_events,
    summed_until_ns,
    totals_row,
)

SESSIONS_AT_ONCE = 500
PAUSE_S = 1.0
# Between the moment that an event carries as its receipt and its way into the journal lies the decoding of one body.
RECEIPT_MARGIN_NS = 60 * NS
# How much later the noted time must be to be noted again.
NOTE_EVERY_NS = 60 * NS
# The part of one core that summing up may take.
SHARE = 0.1


class Summaries:
    """Makes the rows."""

    def __init__(self, warehouse: Warehouse, writer: Writer, changes: Changes) -> None:
        self._warehouse = warehouse
        self._writer = writer
        self._changes = changes
        self._noted_ns: int | None = None
        self._has_outdated = True

    def run(self) -> None:
        """One turn; the first one begins with what an earlier process could not sum up any more."""
        if self._noted_ns is None:
            self._noted_ns = self.find_stale()
        as_of_ns = self._complete_ns()
        if self.summarise(as_of_ns) == SESSIONS_AT_ONCE:
            return
        if as_of_ns >= self._noted_ns + NOTE_EVERY_NS:
            note_summed_until(self._warehouse, as_of_ns)
            self._noted_ns = as_of_ns
        if self._has_outdated:
            self._has_outdated = self.find_outdated()

    def find_stale(self) -> int:
        """Mark every session whose row is missing or may miss an event; returns the time of which that was noted."""
        since_ns = summed_until_ns(self._warehouse)
        for key in list_stale(self._warehouse, since_ns):
            self._changes.add(*key, since_ns)
        self._changes.be_sure()
        return since_ns

    def find_outdated(self) -> bool:
        """Mark some of the sessions whose rows were made by other rules; false when there are none."""
        outdated = list_outdated(self._warehouse, SESSIONS_AT_ONCE)
        self._mark(outdated)
        return bool(outdated)

    def summarise(self, as_of_ns: int | None = None) -> int:
        """Make the rows of up to `SESSIONS_AT_ONCE` sessions that changed; returns how many.

        Args:
            as_of_ns: Everything received before this time is in the warehouse; asked of the writer when it is None.
        """
        complete_ns = self._complete_ns() if as_of_ns is None else as_of_ns
        taken = self._changes.take(SESSIONS_AT_ONCE)
        try:
            if taken:
                self._writer.submit(Work(totals=self._rows(taken, complete_ns))).result()
        except ServerError:
            self._mark(taken)
            raise
        finally:
            self._changes.settle(taken)
        return len(taken)

    def _complete_ns(self) -> int:
        return max(0, self._writer.received_before_ns() - RECEIPT_MARGIN_NS)

    def _mark(self, keys: list[tuple[ProjectId, SessionId]]) -> None:
        for key in keys:
            self._changes.add(*key)

    def _rows(self, keys: list[tuple[ProjectId, SessionId]], as_of_ns: int) -> list[TotalsRow]:
        by_project: dict[ProjectId, list[SessionId]] = defaultdict(list)
        for project_id, session_id in keys:
            by_project[project_id].append(session_id)
        return [
            totals_row(project_id, totals, version=now_ns(), as_of_ns=as_of_ns)
            for project_id, session_ids in by_project.items()
            for totals in sum_events(self._warehouse, project_id, session_ids).values()
        ]
