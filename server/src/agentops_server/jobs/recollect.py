"""Once after the start: which sessions have events already, so that the write path need not ask for each."""

from agentops_server.ingest.writer import Writer
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.spans import iter_session_ids

PAUSE_S = 2.0
SHARE = 0.1


class Recollection:
    """Tells the writer's `SeenSessions`; until it has, every session is looked up."""

    def __init__(self, warehouse: Warehouse, writer: Writer) -> None:
        self._warehouse = warehouse
        self._writer = writer

    def run(self) -> None:
        """One turn: nothing, where it is done, or where what an earlier process left in the journal is not loaded."""
        seen = self._writer.seen
        if seen.is_sure or not self._writer.received_before_ns():
            return
        seen.add(iter_session_ids(self._warehouse))
        seen.be_sure()
