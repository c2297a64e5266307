"""The purge: takes what was deleted off the disk, step by step, and notes when nothing of it is left.

The engine rewrites parts and removes the replaced ones in its own time (about 40 seconds in chDB, eight minutes on a
ClickHouse server), so a turn only looks how far it is, and never waits.
"""

from collections.abc import Iterator

from agentops_server.domain.clock import now_ns
from agentops_server.ingest.deletion import Deletion
from agentops_server.storage.control.store import ControlStore
from agentops_server.storage.warehouse.erasing import apply_masks, list_replaced, list_undone

PAUSE_S = 2.0
SHARE = 0.2
STONES_AT_ONCE = 2000


class Purge:
    """Goes through the tombstones of what may still be on the disk."""

    def __init__(self, control: ControlStore, deletion: Deletion) -> None:
        self._control = control
        self._deletion = deletion
        self._turns = self._purge()

    def run(self) -> None:
        """One turn, now."""
        turns, self._turns = self._turns, self._purge()
        for _ in turns:
            self._turns = turns
            return

    def _purge(self) -> Iterator[None]:
        """Purge what is there to be purged; yields where there is nothing to do but to look again later."""
        warehouse = self._deletion.warehouse
        self._deletion.tombstones.refresh()
        stones = self._control.list_unpurged(STONES_AT_ONCE)
        if not stones:
            return
        self._deletion.erase_again(stones)
        journal_begun = self._deletion.writer.begin_segment()
        apply_masks(warehouse)
        mutations = list_undone(warehouse)
        while mutations or not journal_begun.done():
            yield
            mutations &= list_undone(warehouse)
        journal_begun.result()
        replaced = list_replaced(warehouse)
        while replaced:
            yield
            replaced &= list_replaced(warehouse)
        self._control.mark_purged(stones, now_ns())
