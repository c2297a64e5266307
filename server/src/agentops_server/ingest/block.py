"""Records of the journal as rows of the warehouse, one insert a table."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.errors import ServerError
from agentops_server.ingest.changes import Changes
from agentops_server.ingest.entry import Entry, SessionKey, decode_entry, entry_keys, entry_updates
from agentops_server.ingest.folding import Folding
from agentops_server.storage.warehouse.growing import Stored, Summed
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.rows import encode_rows, session_row

logger = logging.getLogger(__name__)

Filter: TypeAlias = Callable[[Iterable[Entry]], Iterable[Entry]]
Publish: TypeAlias = Callable[[Iterable[SessionKey]], None]


class Block:
    """Stores the records of one turn."""

    def __init__(
        self, warehouse: Warehouse, changes: Changes, living: Filter = iter, publish: Publish = lambda _keys: None
    ) -> None:
        self._warehouse = warehouse
        self._publish = publish
        self._living = living
        self._changes = changes
        self._folding = Folding(warehouse)

    def store(self, records: Sequence[bytes]) -> None:
        """Make the records durable in the warehouse. Events come first: whoever finds a session finds its events.

        Raises:
            Unavailable: The warehouse does not take them; some may be there, and doing it again does no harm.
        """
        entries = list(self._living(decode_entry(record) for record in records))
        self._insert("events", (entry.events for entry in entries))
        self._insert("agents", (entry.agents for entry in entries))
        self._mark(entries)
        changed = self._folding.fold(update for entry in entries for update in entry_updates(entry))
        self._insert("sessions", [memoryview(encode_rows(map(session_row, changed.values())))])
        self._folding.remember(changed)
        self._changes.rows.mark(changed)
        self._publish(key for entry in entries for key in entry_keys(entry))

    def _mark(self, entries: Iterable[Entry]) -> None:
        """After events and the names of their agents are stored, so that sums made from now on have them."""
        stored = [(_changed(entry), entry) for entry in entries]
        grown = self._grow(Stored(keys, entry.events, bool(entry.agents)) for keys, entry in stored)
        for keys, entry in stored:
            for project_id, session_id in keys:
                self._changes.add(project_id, session_id, entry.received_ns)
        self._changes.sums.keep_grown(grown)

    def _grow(self, stored: Iterable[Stored]) -> Mapping[SessionKey, Summed]:
        try:
            return self._changes.sums.grow(stored)
        except Exception:  # what is stored is stored, and readers can ask the warehouse
            logger.exception("sums of sessions could not be added to")
            return {}

    def _insert(self, table: str, blocks: Iterable[memoryview]) -> None:
        if rows := b"\n".join(block for block in blocks if block):
            self._warehouse.insert(table, rows)

    def forget(self) -> None:
        """Something failed, or others changed the warehouse: trust nothing that is remembered."""
        self._folding.forget()
        self._changes.forget()

    def warehouse_answers(self) -> bool:
        """Whether it is there at all."""
        try:
            self._warehouse.query("SELECT 1", {})
        except ServerError:
            return False
        return True


def _changed(entry: Entry) -> list[SessionKey]:
    return [(ProjectId(project_id), SessionId(session_id)) for project_id, session_id in entry.changed]
