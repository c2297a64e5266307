"""One file of the spool: records that are appended whole, and a cursor that says how far they are delivered.

A record is `magic, length, checksum, body`, and a body `kind, session id, sequence, JSON`. The JSON is what goes on the
wire. Most events are a line instead, JSON that its reader completes (`_stamp`). Records are written one after the
other, so a killed process leaves at most one torn record at the end. Magic or the head of a line lets a reader find
the next record behind a damaged one.

Where it can be, what comes next is mapped into memory, and a record is stored there instead of written (`_mapping`).
Such a file is longer than its records, and what is left reads as NUL, with which no record ends. It is cut off when
the segment is full or its process ends; if that was killed, it stays.

The file is locked by the process that writes it, or by the one that adopted it from a dead process.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ._cursor import Cursor
from ._locking import create_locked, open_locked
from ._mapping import Mapping, map_file, may_map, reserve
from ._process import is_forking
from ._sync import sync_directory, sync_file
from .exceptions import SpoolError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from typing import Protocol

    class Segment(Protocol):
        """What the spool and the worker know of a segment, on disk or in memory."""

        cursor: Cursor
        introduced: set[bytes]

        @property
        def written_bytes(self) -> int: ...
        @property
        def size(self) -> int: ...
        @property
        def is_delivered(self) -> bool: ...
        def find_store(self, most_bytes: int) -> Callable[[bytes], int] | None: ...
        def append(self, data: bytes) -> None: ...
        def sync(self, lock: AbstractContextManager[bool]) -> bool: ...
        def read(self, offset: int, length: int) -> bytes: ...
        def save_cursor(self) -> None: ...
        def keep_rejected(self, line: bytes) -> None: ...
        def finish(self) -> None: ...
        def delete(self) -> None: ...
        def close(self) -> None: ...


SUFFIX = ".seg"
REJECTED_SUFFIX = ".rejected"
_FIRST_RUNWAY_BYTES = 16 * 1024
_RUNWAY_BYTES = 512 * 1024
_MOST_WRITES = 8
"""So many records are written after a sync before a mapping is opened, which costs about as much as writing them."""
_SEARCHED_BYTES = 64 * 1024


class FileSegment:
    """A segment on disk that this process holds locked.

    Its mapping is a stretch that the kernel has made ready for stores, and nothing else. What is in `stores` writes to
    it without the spool's lock, in one call, which the interpreter does not interrupt. Before a mapping is closed all
    of them are withdrawn; where it is full, or was closed, one raises ValueError.
    """

    def __init__(
        self,
        path: Path,
        descriptor: int,
        stores: dict[bytes, Callable[[bytes], int]] | None = None,
        most_bytes: int = 0,
    ) -> None:
        self.path = path
        self.descriptor: int = descriptor
        self._stores = {} if stores is None else stores
        self._most_mapped_bytes = most_bytes  # no mapping goes further
        self._mapping: Mapping | None = None
        self._reserved_bytes = 0
        self._runway_bytes = _FIRST_RUNWAY_BYTES
        self._is_syncing = False
        self._writes = 0  # since the last sync
        self._written_bytes = find_end(self.read, os.fstat(descriptor).st_size)  # without what is in the mapping
        self._pid = os.getpid()
        self.introduced: set[bytes] = set()
        """The sessions that this process introduced in it."""
        self._cursor_descriptor = -1
        self._synced_bytes = 0
        self.compacted_lags = sys.maxsize
        """How many sessions had stayed behind when it was compacted; until then, more than ever will."""
        cursor_path = path.with_suffix(".cursor")
        self.cursor = Cursor.decode(cursor_path.read_bytes()) if cursor_path.exists() else Cursor()

    @classmethod
    def create(
        cls, directory: Path, stores: dict[bytes, Callable[[bytes], int]] | None = None, most_bytes: int = 0
    ) -> FileSegment:
        """A new segment, locked before it has the name by which others find it.

        Args:
            directory: where it is made.
            stores: by session, what stores into its mapping. It empties this before it closes one.
            most_bytes: about so long it will get; nothing is reserved beyond, so by default all is written.

        Raises:
            OSError: the disk refuses.
        """
        path, descriptor = create_locked(directory, SUFFIX)
        with _closing_on_error(descriptor):
            return cls(path, descriptor, stores, most_bytes if may_map(descriptor) else 0)

    @classmethod
    def adopt(cls, path: Path) -> FileSegment | None:
        """The segment of a dead process; None while somebody holds it, or when it is gone."""
        descriptor = open_locked(path)
        if descriptor is None:
            return None
        # What is left behind its records stays: where locks do not meet, its writer may live, and have it mapped.
        with _closing_on_error(descriptor):
            return cls(path, descriptor)

    @property
    def is_delivered(self) -> bool:
        return self.cursor.is_through(self.size)

    @property
    def size(self) -> int:
        """The bytes of its records, 0 once it is closed. Of one that is being written, ask under the spool's lock."""
        return self.written_bytes if self.descriptor >= 0 else 0

    @property
    def written_bytes(self) -> int:
        """How much is in it; without the spool's lock, about."""
        mapping = self._mapping
        try:
            return self._written_bytes if mapping is None else mapping.start + mapping.tell()
        except ValueError:  # closed meanwhile
            return self._written_bytes

    def find_store(self, most_bytes: int) -> Callable[[bytes], int] | None:
        """What stores a record into the mapping; None without one, with one that goes further than `most_bytes`, or
        while the process forks.

        It raises ValueError where no room is left in the mapping, or where that is closed.
        """
        mapping = self._mapping
        if mapping is None or mapping.start + len(mapping) > most_bytes or is_forking():
            return None
        return mapping.write

    def append(self, data: bytes) -> None:
        """Keep one record. OSError: nothing of it was kept."""
        if self._try_store(data):
            return
        if self._mapping is not None or self._writes >= _MOST_WRITES:
            self._move_mapping(len(data))
            if self._try_store(data):
                return
        self._close_mapping()
        self._writes += 1
        size = len(data)
        # Its place before its bytes: what a signal handler appends comes behind. None comes into one line that calls
        # nothing; in between two it may, where a debugger traces them.
        self._written_bytes = end = (start := self._written_bytes) + size
        try:
            written = os.pwrite(self.descriptor, data, start)
        except OSError:
            self._take_back(start, end)
            raise
        if written != size:
            self._take_back(start, end)
            raise SpoolError(f"the disk took {written} of {size} bytes")

    def _try_store(self, data: bytes) -> bool:
        mapping = self._mapping
        if mapping is None:
            return False
        try:
            mapping.write(data)
        except ValueError:  # no room is left, or a signal handler has closed it
            return False
        return True

    def _take_back(self, start: int, end: int) -> None:
        """Forget what is not a whole record, unless another one came behind it."""
        self._written_bytes = start if self._written_bytes == end else self._written_bytes
        if self._written_bytes == start:
            self.finish()

    def _move_mapping(self, size: int) -> None:
        """Have a mapping for what comes next, so many bytes at least, where there can be one."""
        self._close_mapping()
        start = self._written_bytes
        stop = min(start + max(size, self._runway_bytes), self._most_mapped_bytes)
        if self._is_syncing or size > min(stop - start, _RUNWAY_BYTES):
            return
        try:
            if stop > self._reserved_bytes:
                reserve(self.descriptor, start, stop)  # no more: it counts as used until it is given back
                self._reserved_bytes = stop
            mapping = map_file(self.descriptor, start, stop)
        except (OSError, ValueError):  # ValueError: somebody made the file shorter
            self._most_mapped_bytes = 0
            return
        self._runway_bytes = min(self._runway_bytes * 2, _RUNWAY_BYTES)
        self._mapping = mapping if self._written_bytes == start and self._mapping is None else self._mapping
        if self._mapping is not mapping:  # a signal handler was here
            mapping.close()

    def _close_mapping(self) -> None:
        """From here on records are written, until there is another mapping."""
        mapping = self._mapping
        if mapping is None:
            return
        behind = mapping.start + len(mapping)
        # A signal handler may append at any call from here on. It finds no mapping, and what it keeps comes behind.
        self._written_bytes, self._mapping = behind, None
        self._stores.clear()
        # Who had a store in hand finds the mapping full: its position is read, and moved to the end, in one call.
        written_bytes = mapping.start + mapping.fill()
        self._written_bytes = written_bytes if self._written_bytes == behind else self._written_bytes
        mapping.close()

    def sync(self, lock: AbstractContextManager[bool]) -> bool:
        """Have the disk keep what is in it so far. Called on the thread that does that, with the spool's lock.

        Who needed a mapping since the last time finds another one afterwards, and does not have to open it: then this
        is true, and is to be called again even if nothing comes. For where nothing came there is none: one whose pages
        are on the disk already would ask the file system at the next store, however much later that is.
        """
        with lock:
            written_bytes, fresh_bytes = self.written_bytes, self.written_bytes - self._synced_bytes
            if self.descriptor < 0:
                return False
            has_mapping = self._mapping is not None
            self._close_mapping()
            if fresh_bytes <= 0:
                return False
            self._is_syncing, self._writes = True, 0
        if not self._synced_bytes:
            sync_directory(self.path.parent)
        sync_file(self.descriptor)
        with lock:
            self._is_syncing, self._synced_bytes = False, written_bytes
            # What is made ready goes to the disk with the next sync, used or not: no more than is likely used.
            self._runway_bytes = min(max(fresh_bytes, _FIRST_RUNWAY_BYTES), _RUNWAY_BYTES)
            if has_mapping and self._mapping is None:
                self._move_mapping(1)
            return self._mapping is not None

    def finish(self) -> None:
        """No more will come: give back what was reserved. Under the spool's lock, like all that opens mappings."""
        self._close_mapping()
        self._most_mapped_bytes = 0
        if self._pid == os.getpid():  # a forked child has the file, too, and its parent may have a mapping
            with suppress(OSError):
                os.ftruncate(self.descriptor, self._written_bytes)  # a signal handler may append until right here

    def read(self, offset: int, length: int) -> bytes:
        return os.pread(self.descriptor, length, offset)

    def save_cursor(self) -> None:
        if self.descriptor < 0:  # closed meanwhile, at an exit
            return
        if self._cursor_descriptor < 0:
            flags = os.O_RDWR | os.O_CREAT
            self._cursor_descriptor = os.open(self.path.with_suffix(".cursor"), flags, 0o600)
        os.pwrite(self._cursor_descriptor, self.cursor.encode(), 0)

    def keep_rejected(self, line: bytes) -> None:
        descriptor = os.open(self.path.with_suffix(REJECTED_SUFFIX), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(descriptor, line + b"\n")
        os.close(descriptor)

    def delete(self) -> None:
        """Remove a segment that is delivered to its end."""
        self.path.with_suffix(".cursor").unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Let go of the file: the lock goes with it, unless a forked process still has it open."""
        self._close_mapping()
        self._most_mapped_bytes = 0
        descriptors = (self.descriptor, self._cursor_descriptor)
        self.descriptor = self._cursor_descriptor = -1  # first: their numbers may be another file's a moment later
        for descriptor in descriptors:
            if descriptor >= 0:
                os.close(descriptor)


class MemorySegment:
    """Stands in for a file where no disk can be written. Bounded, and gone with the process."""

    LIMIT_BYTES = 16 * 1024 * 1024

    def __init__(self, most_bytes: int = LIMIT_BYTES) -> None:
        self._most_bytes = most_bytes
        self._data = bytearray()
        self._start = 0
        self.written_bytes = 0
        self.introduced: set[bytes] = set()
        self.cursor = Cursor()

    @property
    def held_bytes(self) -> int:
        """What is in memory of it."""
        return len(self._data)

    @property
    def size(self) -> int:
        return self._start + len(self._data)

    @property
    def is_delivered(self) -> bool:
        return self.cursor.is_through(self.size)

    def find_store(self, most_bytes: int) -> None:
        """Memory is bounded, so every record is looked at."""

    def append(self, data: bytes) -> None:
        """Keep one record. SpoolError: the memory that we allow ourselves is used up."""
        if len(self._data) + len(data) > self._most_bytes:
            raise SpoolError(f"{self.LIMIT_BYTES} bytes are waiting in memory already")
        self._data += data
        self.written_bytes += len(data)

    def sync(self, lock: AbstractContextManager[bool]) -> bool:  # noqa: ARG002
        """Memory stays what it is."""
        return False

    def read(self, offset: int, length: int) -> bytes:
        at = offset - self._start
        return bytes(self._data[at : at + length])

    def save_cursor(self) -> None:
        del self._data[: self.cursor.settled - self._start]
        self._start = self.cursor.settled

    def keep_rejected(self, line: bytes) -> None:
        """Nowhere to keep it; the log has its reason."""

    def finish(self) -> None:
        """Nothing was reserved."""

    def delete(self) -> None:
        self._data.clear()

    def close(self) -> None:
        pass


@contextmanager
def _closing_on_error(descriptor: int) -> Iterator[None]:
    """Who cannot hold a segment must not keep it locked either."""
    try:
        yield
    except BaseException:
        os.close(descriptor)
        raise


def find_end(read: Callable[[int, int], bytes], size: int) -> int:
    """Where the records of a file of this size end: behind them is NUL, with which none ends."""
    while size:
        start = max(0, size - _SEARCHED_BYTES)
        if records := read(start, size - start).rstrip(b"\0"):
            return start + len(records)
        size = start
    return 0
