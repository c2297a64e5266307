"""One file of the spool: records that are appended whole, and a cursor that says how far they are delivered.

A record is `magic, length, checksum, body`, and a body `kind, session id, sequence, JSON`. The JSON is what goes on the
wire; most events have a stamp in front of it, which its reader writes out (`_stamp`). A record is one `write`, so a
killed process leaves at most one torn record at the end. The magic lets a reader find the next record behind a damaged
one.

The file is locked by the process that writes it, or by the one that adopted it from a dead process.
"""

from __future__ import annotations

import os
import struct
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from ._locking import create_locked, open_locked
from ._sync import sync_directory, sync_file
from .exceptions import SpoolError

if TYPE_CHECKING:
    from typing import Protocol

    class Segment(Protocol):
        """What the spool and the worker know of a segment, on disk or in memory."""

        cursor: Cursor
        written_bytes: int
        descriptor: int

        @property
        def size(self) -> int: ...
        @property
        def is_delivered(self) -> bool: ...
        def append(self, data: bytes) -> None: ...
        def take_back(self, size: int) -> None: ...
        def sync(self) -> None: ...
        def read(self, offset: int, length: int) -> bytes: ...
        def save_cursor(self) -> None: ...
        def keep_rejected(self, line: bytes) -> None: ...
        def delete(self) -> None: ...
        def close(self) -> None: ...


SUFFIX = ".seg"
REJECTED_SUFFIX = ".rejected"
_NUMBERS = struct.Struct("<QQQQQI")
_LAG = struct.Struct("<16sQ")
_CHECKSUM = struct.Struct("<I")


class Cursor:
    """How far a segment is delivered (bytes), and the events that were sent, acknowledged and rejected on the way.

    `lags` names the sessions that stayed behind, each with the offset of its first record that is not settled; what
    other sessions have before `offset` is settled. `dropped` are settled events whose records are not in the file any
    more, because it was compacted.
    """

    __slots__ = ("acknowledged", "dropped", "lags", "offset", "rejected", "sent")

    def __init__(
        self, offset: int = 0, sent: int = 0, acknowledged: int = 0, rejected: int = 0, dropped: int = 0
    ) -> None:
        self.offset: int = offset
        self.sent: int = sent
        self.acknowledged: int = acknowledged
        self.rejected: int = rejected
        self.dropped: int = dropped
        self.lags: dict[bytes, int] = {}

    def encode(self) -> bytes:
        counts = (self.sent, self.acknowledged, self.rejected, self.dropped)
        numbers = _NUMBERS.pack(self.offset, *counts, len(self.lags))
        data = numbers + b"".join(_LAG.pack(session, offset) for session, offset in self.lags.items())
        return data + _CHECKSUM.pack(zlib.crc32(data))

    @classmethod
    def decode(cls, data: bytes) -> Cursor:
        """A damaged cursor starts again from 0: the server ignores what it has, and nothing is left out.

        What a longer cursor left behind this one is not looked at.
        """
        if len(data) < _NUMBERS.size + _CHECKSUM.size:
            return cls()
        *numbers, lags = _NUMBERS.unpack_from(data)
        end = _NUMBERS.size + lags * _LAG.size
        if end + _CHECKSUM.size > len(data) or _CHECKSUM.unpack_from(data, end)[0] != zlib.crc32(data[:end]):
            return cls()
        cursor = cls(*numbers)
        cursor.lags.update(_LAG.iter_unpack(data[_NUMBERS.size : end]))
        return cursor

    @property
    def settled(self) -> int:
        """Nothing before this offset is needed any more."""
        return min(self.offset, *self.lags.values()) if self.lags else self.offset

    def is_through(self, size: int) -> bool:
        """True when nothing up to `size` waits."""
        return self.offset >= size and not self.lags


class FileSegment:
    """A segment on disk that this process holds locked."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self.descriptor: int = descriptor
        self._cursor_descriptor = -1
        self._synced_bytes = 0
        self.written_bytes: int = os.fstat(descriptor).st_size
        """About how much is in it: what a signal handler wrote meanwhile may be missing."""
        self.compacted_lags = sys.maxsize
        """How many sessions had stayed behind when it was compacted; until then, more than ever will."""
        cursor_path = path.with_suffix(".cursor")
        self.cursor = Cursor.decode(cursor_path.read_bytes()) if cursor_path.exists() else Cursor()

    @classmethod
    def create(cls, directory: Path) -> FileSegment:
        """A new segment, locked before it has the name by which others find it. OSError: the disk refuses."""
        return cls(*create_locked(directory, SUFFIX))

    @classmethod
    def adopt(cls, path: Path) -> FileSegment | None:
        """The segment of a dead process; None while somebody holds it, or when it is gone."""
        descriptor = open_locked(path)
        return None if descriptor is None else cls(path, descriptor)

    @property
    def is_delivered(self) -> bool:
        return self.cursor.is_through(self.size)

    @property
    def size(self) -> int:
        """The bytes in the file, 0 once it is closed. Of one that is being written, ask under the spool's lock."""
        return os.lseek(self.descriptor, 0, os.SEEK_END) if self.descriptor >= 0 else 0

    def append(self, data: bytes) -> None:
        """Write one record with one call. OSError: nothing of it was kept."""
        written = os.write(self.descriptor, data)
        if written != len(data):
            self.take_back(written)
            raise SpoolError(f"the disk took {written} of {len(data)} bytes")
        self.written_bytes += written

    def take_back(self, size: int) -> None:
        """Cut off the last bytes, which are not a whole record."""
        os.ftruncate(self.descriptor, self.size - size)

    def sync(self) -> None:
        """Have the disk keep what was written so far. Called on the thread that does that."""
        written_bytes = self.written_bytes
        if written_bytes > self._synced_bytes and self.descriptor >= 0:
            if not self._synced_bytes:
                sync_directory(self.path.parent)
            sync_file(self.descriptor)
            self._synced_bytes = written_bytes

    def read(self, offset: int, length: int) -> bytes:
        return os.pread(self.descriptor, length, offset)

    def save_cursor(self) -> None:
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
        for descriptor in (self.descriptor, self._cursor_descriptor):
            if descriptor >= 0:
                os.close(descriptor)
        self.descriptor = self._cursor_descriptor = -1


class MemorySegment:
    """Stands in for a file where no disk can be written. Bounded, and gone with the process."""

    LIMIT_BYTES = 16 * 1024 * 1024

    def __init__(self) -> None:
        self._data = bytearray()
        self._start = 0
        self.descriptor = -1
        self.written_bytes = 0
        self.cursor = Cursor()

    @property
    def size(self) -> int:
        return self._start + len(self._data)

    @property
    def is_delivered(self) -> bool:
        return self.cursor.is_through(self.size)

    def append(self, data: bytes) -> None:
        """Keep one record. SpoolError: the memory that we allow ourselves is used up."""
        if len(self._data) + len(data) > self.LIMIT_BYTES:
            raise SpoolError(f"{self.LIMIT_BYTES} bytes are waiting in memory already")
        self._data += data
        self.written_bytes += len(data)

    def take_back(self, size: int) -> None:
        """Cut off the last bytes."""
        del self._data[-size:]

    def sync(self) -> None:
        """Memory stays what it is."""

    def read(self, offset: int, length: int) -> bytes:
        at = offset - self._start
        return bytes(self._data[at : at + length])

    def save_cursor(self) -> None:
        del self._data[: self.cursor.settled - self._start]
        self._start = self.cursor.settled

    def keep_rejected(self, line: bytes) -> None:
        """Nowhere to keep it; the log has its reason."""

    def delete(self) -> None:
        self._data.clear()

    def close(self) -> None:
        pass
