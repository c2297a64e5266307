"""The queue is a file: what `append` returned from survives the process, however it ends.

Each process writes its own segments, one after the other, under `<spool>/<hash of endpoint and key>/`. Every segment
can be delivered alone: a session is introduced (a CREATE record) in each segment before anything else of it. So a new
segment, a forked process and a process that joins a session need no special case.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ._compaction import compact, find_run
from ._guard import attempt
from ._locking import delete_unfinished
from ._log import Notices
from ._records import CREATE, EVENT, REFUSED, pack
from ._segment import SUFFIX, FileSegment, MemorySegment
from ._totals import add_refused, add_totals
from .exceptions import SpoolError

if TYPE_CHECKING:
    from ._segment import Segment

SEGMENT_BYTES = 16 * 1024 * 1024
_SEGMENTS_IN_QUOTA = 8
_SMALLEST_SEGMENT_BYTES = 64 * 1024
_DISK_RETRY_SECONDS = 5.0
_DISK_RETRY_CAP_SECONDS = 300.0
_FORK_PATIENCE_SECONDS = 0.05


class Spool:
    """The segments of this process for one destination.

    The lock is reentrant because a signal handler may append while its own thread is inside `append`; a record has its
    place before it has its bytes, so whichever comes first, both are whole.

    Attributes:
        stores: by session, what stores a record without the lock, see `FileSegment`. A session has one while the last
            segment knows it, and the worker and the thread that syncs know that there is something for them: both
            withdraw all stores before they look for what there is.
    """

    def __init__(self, directory: Path, quota_bytes: int, notices: Notices) -> None:
        self.directory = directory
        self.quota_bytes = quota_bytes
        self.foreign_bytes: int = 0  # what other processes keep here; the worker looks from time to time
        self.stores: dict[bytes, Callable[[bytes], int]] = {}
        self._notices = notices
        self.reset()

    def reset(self) -> None:
        """Begin anew, without the segments so far. In a forked child they are the parent's."""
        self.lock: threading.RLock = threading.RLock()
        self.pid: int = os.getpid()
        self.stores.clear()
        self.segments: list[Segment] = []
        self.refused_events: int = 0
        self._noted_refused = 0
        self._earlier_bytes = 0
        self._segment_bytes = SEGMENT_BYTES
        self.free_bytes: int = 0  # so long the last segment may get by what takes the fast path
        self._disk_failed_at = 0.0  # 0: it has not, since something was written to it
        self._retry_seconds = _DISK_RETRY_SECONDS / 2  # twice as long with each failure

    def _count_free(self) -> None:
        """Count again what other segments leave to the last one. Beyond that, and in memory, one looks closer first."""
        self.withdraw_stores()
        if self.segments and isinstance(self.segments[-1], FileSegment):
            self.free_bytes = min(self._segment_bytes, self.quota_bytes - self.foreign_bytes - self._earlier_bytes)
        else:
            self.free_bytes = 0

    def append(
        self,
        kind: int,
        session: bytes,
        sequence: int,
        payload: bytes,
        introduce: Callable[[], bytes],
    ) -> bool:
        """Keep one record; false if it was refused. `introduce` gives the CREATE payload of a session new here."""
        record = pack(kind, session, sequence, payload)
        with self.lock:
            try:
                if not self._make_room(kind, len(record)):
                    return self._refuse(EVENT, f"the spool's quota of {self.quota_bytes} bytes")
                self._put(kind, session, record, introduce)
            except OSError as error:
                return self._put_in_memory(kind, session, record, introduce, error)
            if self._disk_failed_at and isinstance(self.segments[-1], FileSegment):
                self._disk_failed_at = 0.0
                self._notices.clear("memory")
            return True

    def append_here(self, session: bytes, record: bytes) -> bool:
        """Keep a record if the segment knows its session and has room, and give it a store for the next one.

        False: nothing was done. Whoever calls this announces it afterwards: who has a store is announced.
        """
        with self.lock:
            segment = self.segments[-1] if self.segments else None
            # In a forked child, until it has begun anew, the segment is the parent's.
            if segment is None or session not in segment.introduced or self.pid != os.getpid():
                return False
            if segment.written_bytes + len(record) > self.free_bytes:
                return False
            try:
                segment.append(record)
            except OSError:
                return False
            if (store := segment.find_store(self.free_bytes)) is not None:
                self.stores[session] = store
        return True

    def prepare_fork(self) -> None:
        """Withdraw the stores; none is given until the process has forked.

        With the lock, so that nobody is just giving one; but that may be held by a thread that logs, and waits for a
        lock of the host's with which this one forks.
        """
        is_held = self.lock.acquire(timeout=_FORK_PATIENCE_SECONDS)
        self.withdraw_stores()
        if is_held:
            self.lock.release()

    def withdraw_stores(self) -> None:
        """Have every session come by `append_here` again, whose caller announces it."""
        self.stores.clear()

    def _make_room(self, kind: int, size: int) -> bool:
        """Begin a segment if there is none, or the last one is full; false if the quota has no room for the record."""
        segment = self.segments[-1] if self.segments else None
        if segment is None or segment.written_bytes >= self._segment_bytes or isinstance(segment, MemorySegment):
            segment = self._open()  # from memory back to the disk as soon as that takes something
        if kind not in REFUSED:
            return True
        # What is settled goes when a segment is full.
        used_bytes = self.foreign_bytes + self._earlier_bytes + segment.written_bytes - segment.cursor.settled
        return used_bytes + size <= self.quota_bytes

    def _put(self, kind: int, session: bytes, record: bytes, introduce: Callable[[], bytes]) -> None:
        segment = self.segments[-1]
        if kind != CREATE and session not in segment.introduced:
            segment.append(pack(CREATE, session, 0, introduce()))
        segment.append(record)
        segment.introduced.add(session)

    def _put_in_memory(
        self, kind: int, session: bytes, record: bytes, introduce: Callable[[], bytes], error: OSError
    ) -> bool:
        last = self.segments[-1]
        if not isinstance(last, MemorySegment):
            self._say_memory(error)
            if last.written_bytes == 0 and len(self.segments) > 1:  # it was tried again, in vain
                self.segments.remove(last)
                attempt(last.delete, None)
                self._count_free()
            if not isinstance(self.segments[-1], MemorySegment):
                self._begin_in_memory()
            try:
                self._put(kind, session, record, introduce)
            except OSError as second_error:
                error = second_error
            else:
                return True
        return self._refuse(kind, str(error))

    def _refuse(self, kind: int, reason: str) -> bool:
        self.refused_events += kind in REFUSED
        self._notices.warn(
            "refused",
            "AgentOps cannot keep more: %s is used up in %s. From here on new events are refused and counted, until "
            "some are delivered. Is the server up? A larger quota: AGENTOPS_SPOOL_QUOTA_BYTES.",
            reason,
            self.directory,
        )
        return False

    def _open(self) -> Segment:
        """Begin a segment on disk, or in memory where the disk refuses."""
        if self.segments and self._disk_failed_at and time.monotonic() - self._disk_failed_at < self._retry_seconds:
            if not isinstance(self.segments[-1], MemorySegment):
                self._begin_in_memory()
            return self.segments[-1]
        if self.segments and isinstance(self.segments[-1], FileSegment):
            self._retry_seconds = _DISK_RETRY_SECONDS / 2  # the disk took a whole one
        # Only whole segments are deleted: a small quota must not be used up by one that is delivered.
        self._segment_bytes = min(SEGMENT_BYTES, max(self.quota_bytes // _SEGMENTS_IN_QUOTA, _SMALLEST_SEGMENT_BYTES))
        try:
            self._begin(FileSegment.create(make_private(self.directory), self.stores, self._segment_bytes))
        except OSError as error:
            self._say_memory(error)
            if not self.segments or not isinstance(self.segments[-1], MemorySegment):
                self._begin_in_memory()
        return self.segments[-1]

    def _begin_in_memory(self) -> None:
        """However often that is, and however much goes through: there is one limit for all that waits in memory."""
        waiting = (segment for segment in self.segments if isinstance(segment, MemorySegment))
        self._begin(MemorySegment(MemorySegment.LIMIT_BYTES - sum(segment.held_bytes for segment in waiting)))

    def _begin(self, segment: Segment) -> None:
        previous = self.segments[-1] if self.segments else None
        self.segments.append(segment)
        self.withdraw_stores()
        if previous is not None:
            previous.finish()
        self._earlier_bytes = sum(earlier.size for earlier in self.segments[:-1])
        self._count_free()

    def _say_memory(self, error: OSError) -> None:
        self._retry_seconds = min(self._retry_seconds * 2, _DISK_RETRY_CAP_SECONDS)
        self._disk_failed_at = time.monotonic()
        self._notices.warn(
            "memory",
            "AgentOps cannot write its spool in %s (%s). Events wait in memory, %d MB at most, and are lost if the "
            "process is killed. Give it a directory that can be written: AGENTOPS_SPOOL_DIR.",
            self.directory,
            error,
            MemorySegment.LIMIT_BYTES // 2**20,
        )

    def sync(self) -> bool:
        """Have the disk keep what was recorded so far, and how much could not be. True: it is to be called again."""
        self.withdraw_stores()
        is_open = [segment.sync(self.lock) for segment in list(self.segments)]
        self._note_refused()
        self.list_foreign()  # the worker may be waiting for a server while other processes fill the disk
        return any(is_open)

    def _note_refused(self) -> None:
        more = self.refused_events - self._noted_refused
        if more and add_refused(self.directory, more):
            self._noted_refused += more

    @property
    def waiting_bytes(self) -> int:
        """About how much of what this process recorded has not been on its way yet."""
        return sum(segment.written_bytes - segment.cursor.offset for segment in list(self.segments))

    def size_of(self, segment: Segment) -> int:
        """The bytes of whole records in a segment. Without the lock, one that is just being written would be cut."""
        with self.lock:
            return segment.size

    def retire(self, segment: Segment) -> bool:
        """Delete a segment that is delivered to its end, unless it is the one being written; true if it was deleted."""
        with self.lock:
            if segment not in self.segments or segment is self.segments[-1] or not segment.is_delivered:
                return False
            self.segments.remove(segment)
            self._earlier_bytes -= segment.size
            self._count_free()
        self._finish(segment)
        return True

    def compact(self) -> list[FileSegment]:
        """Rewrite the next segments of which only sessions are left that stayed behind; those that are gone then.

        Called on the worker's thread. The segment that is being written stays as it is.
        """
        run = find_run(self.segments[:-1])
        fresh = compact(run) if run else None
        if fresh is None:
            return []
        with self.lock:
            at = self.segments.index(run[0])
            self.segments[at : at + len(run)] = [fresh]
            self._earlier_bytes = sum(earlier.size for earlier in self.segments[:-1])
            self._count_free()
        for segment in run:
            segment.delete()
        return run

    def tidy(self) -> None:
        """Delete the segment being written too, if it is delivered; the next record begins another."""
        with self.lock:
            self.withdraw_stores()
            before = self.segments
            delivered = [segment for segment in before if segment.is_delivered]
            self.segments = [segment for segment in before if segment not in delivered]
            # From here on nothing comes into them. What a signal handler put into one meanwhile is not delivered yet.
            late = [segment for segment in delivered if not segment.is_delivered]
            if late:
                fresh = [segment for segment in self.segments if segment not in before]
                self.segments = [*(one for one in before if one not in delivered or one in late), *fresh]
                delivered = [segment for segment in delivered if segment not in late]
            self._earlier_bytes = sum(earlier.size for earlier in self.segments[:-1])
            self._count_free()
        for segment in delivered:
            self._finish(segment)
        self._note_refused()

    def _finish(self, segment: Segment) -> None:
        if isinstance(segment, FileSegment):
            add_totals(self.directory, segment.cursor)
        segment.delete()

    def close(self) -> None:
        """Delete what is delivered, let go of the rest for the next process."""
        with self.lock:
            self.withdraw_stores()
            segments, self.segments = self.segments, []
            for segment in segments:
                segment.finish()
        for segment in segments:
            if segment.is_delivered:
                self._finish(segment)
            else:
                segment.close()

    def list_foreign(self) -> list[Path]:
        """Segments of other processes, living or dead, oldest first."""
        own = {segment.path.name for segment in self.segments if isinstance(segment, FileSegment)}
        foreign: list[Path] = []
        size = 0
        with suppress(OSError):  # no directory, or none that can be read: nothing was left in it
            delete_unfinished(self.directory)
            with os.scandir(self.directory) as entries:
                for entry in entries:
                    if entry.name.endswith(SUFFIX) and entry.name not in own:
                        foreign.append(Path(entry.path))
                        size += attempt(lambda entry=entry: entry.stat().st_size, 0)  # its adopter may be done
        with self.lock:
            self.foreign_bytes = size
            self._count_free()
        return sorted(foreign)


def make_private(directory: Path) -> Path:
    """Make a directory, and those above it, readable by their owner only. OSError: it cannot be."""
    if not directory.is_dir():
        missing = [directory, *(parent for parent in directory.parents if not parent.exists())]
        for path in reversed(missing):
            path.mkdir(mode=0o700, exist_ok=True)
    if not os.access(directory, os.W_OK | os.X_OK):
        raise SpoolError(f"{directory} is not writable")
    return directory
