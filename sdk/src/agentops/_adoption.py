"""What dead processes left for this destination: found now and then, delivered window by window, deleted."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ._compaction import compact, delete_replaced, find_run
from ._guard import attempt
from ._segment import FileSegment
from ._totals import add_totals

if TYPE_CHECKING:
    from ._courier import Courier
    from ._spool import Spool

SCAN_SECONDS = 5.0
ADOPTED_AT_ONCE = 16  # each is an open file
ADOPTED_BEHIND = 128  # with those of which only what stayed behind is left


class Adoption:
    """The segments that this process took over. Used on the worker's thread, apart from `next_scan`."""

    def __init__(self, spool: Spool, courier: Courier) -> None:
        self._spool = spool
        self._courier = courier
        self.segments: list[FileSegment] = []
        self.next_scan = 0.0  # monotonic; 0 is at once

    @property
    def is_done(self) -> bool:
        """True when nothing is left of them. Those that were taken at once may all have been settled before."""
        return not self.segments and time.monotonic() < self.next_scan

    def scan(self) -> None:
        """Take over what nobody holds, up to a limit."""
        self.next_scan = time.monotonic() + SCAN_SECONDS
        fresh = sum(segment.cursor.offset < segment.size for segment in self.segments)
        for path in self._spool.list_foreign():
            if fresh >= ADOPTED_AT_ONCE or len(self.segments) >= ADOPTED_BEHIND:
                break
            segment = attempt(lambda path=path: FileSegment.adopt(path), None)
            if segment is not None:
                attempt(delete_replaced, None, segment)
                self.segments.append(segment)
                fresh += 1

    def deliver(self) -> bool:
        """One window; false when there is nothing of it to do now."""
        for at, segment in enumerate(self.segments):
            if segment.cursor.offset < segment.size:
                self._courier.deliver(self.segments, at, segment.size, gives_way=True)
                self._finish()
                return True
        progress = self._courier.catch_up(self.segments, gives_way=True)
        self._finish()
        return progress

    def _finish(self) -> None:
        for segment in [segment for segment in self.segments if segment.is_delivered]:
            self.segments.remove(segment)
            self._courier.forget(segment)
            add_totals(self._spool.directory, segment.cursor)
            segment.delete()
            if not self.segments:
                self.next_scan = 0.0  # there may be more than were taken at once

    def compact(self) -> list[FileSegment]:
        """As `Spool.compact`. OSError: the disk refuses."""
        run = find_run(self.segments)
        fresh = compact(run) if run else None
        if fresh is None:
            return []
        at = self.segments.index(run[0])
        self.segments[at : at + len(run)] = [fresh]
        for segment in run:
            segment.delete()
        return run

    def close(self) -> None:
        """Leave the rest to another process."""
        for segment in self.segments:
            segment.close()
