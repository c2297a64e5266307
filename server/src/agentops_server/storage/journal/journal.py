"""A durable queue in files: what is appended is on disk when `append` returns, and is read in order until released.

A position is a number of bytes since the journal began; it only grows, over restarts too. Segments are deleted once
all of what is in them was released. A note of how far that is survives a kill, though perhaps not the very last one:
what is read after a crash may have been read before it, so reading must be idempotent.
"""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from agentops_server.errors import Unavailable
from agentops_server.storage.journal.segment import (
    Segment,
    find_segments,
    read_segment,
    segment_path,
)
from agentops_server.storage.warehouse.guards import lock_folder

logger = logging.getLogger(__name__)

SEGMENT_BYTES = 64 << 20


class Journal:
    """One thread may append and another one read and release."""

    def __init__(self, folder: Path, *, segment_bytes: int = SEGMENT_BYTES) -> None:
        """Open it, creating the folder.

        Args:
            folder: Where its files are. One process at a time may hold it.
            segment_bytes: How large a file may grow before the next one is begun.

        Raises:
            Unavailable: Another process holds the folder.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._segment_bytes = segment_bytes
        self._lock_file = lock_folder(folder)
        self._lock = threading.Lock()
        self._is_sealed = False
        self._released = self._read_note()
        starts = find_segments(folder) or [self._released]
        self._segment = Segment(folder, starts[-1])
        self._starts = starts
        self._released = min(max(self._released, starts[0]), self._segment.end)
        self.release(self._released)

    @property
    def end(self) -> int:
        """The position after the last record."""
        return self._segment.end

    @property
    def released(self) -> int:
        """The position before which everything was released."""
        return self._released

    @property
    def waiting_bytes(self) -> int:
        """How much was appended and not released."""
        return self.end - self._released

    def append(self, payloads: Sequence[bytes]) -> list[int]:
        """Write records and sync them to disk, all or none.

        Returns:
            The position after each of them.

        Raises:
            Unavailable: The disk did not take them.
        """
        try:
            if self._segment.size_bytes >= (1 if self._is_sealed else self._segment_bytes):
                self._begin_segment()
            return self._segment.append(payloads)
        except OSError as error:
            logger.exception("the journal in %s cannot be written", self._folder)
            problem = f"the journal's disk does not take the data ({error.strerror})"
            raise Unavailable(f"{problem}; nothing of it is stored: free some space and send it again") from error

    def seal(self) -> None:
        """Let the next append begin a new file, so that this one can go as soon as what is in it is released."""
        self._is_sealed = True

    def _begin_segment(self) -> None:
        self._is_sealed = False
        following = Segment(self._folder, self._segment.end)
        with self._lock:
            self._segment.close()
            self._segment = following
            self._starts.append(following.start)

    def read(self, position: int, limit_bytes: int) -> list[tuple[int, bytes]]:
        """The records from a position on, each with the position after it; at least one where there is one.

        A segment that is damaged is set aside, logged, and the next one read.

        Raises:
            Unavailable: The disk does not give them.
        """
        try:
            return self._read(position, limit_bytes)
        except OSError as error:
            raise Unavailable(f"the journal in {self._folder} cannot be read: {error.strerror}") from error

    def _read(self, position: int, limit_bytes: int) -> list[tuple[int, bytes]]:
        while position < self.end:
            with self._lock:
                index = max(i for i, start in enumerate(self._starts) if start <= position)
                start, following = self._starts[index], self._starts[index + 1 :]
                end = following[0] if following else self._segment.end
            if records := read_segment(self._folder, start, position, end, limit_bytes):
                return records
            if not following:
                raise Unavailable(f"the journal in {self._folder} is damaged at {position}; see the server's log")
            self._set_aside(start, position)
            position = end
        return []

    def _set_aside(self, start: int, position: int) -> None:
        path = segment_path(self._folder, start)
        kept = path.with_suffix(".damaged")
        path.rename(kept)
        with self._lock:
            self._starts.remove(start)
        logger.error("the journal is damaged at %d; what follows it in that file is kept in %s", position, kept)

    def release(self, position: int) -> None:
        """Everything before this position is needed no more. Where the disk does not take the note of it, or a full one
        does not let files go, that is logged, and what is there still is read again by the next process.
        """
        self._released = position
        with self._lock:
            done = [start for start, end in zip(self._starts, self._starts[1:], strict=False) if end <= position]
            self._starts = self._starts[len(done) :]
        try:
            for start in done:
                segment_path(self._folder, start).unlink(missing_ok=True)
            temporary = self._folder / "released.new"
            temporary.write_text(str(position))
            temporary.replace(self._folder / "released")
        except OSError as error:
            logger.warning("the journal cannot note what it released: %s", error.strerror)

    def _read_note(self) -> int:
        """How far it was released; 0 where the note is missing or was being written when the machine died."""
        try:
            return int((self._folder / "released").read_text())
        except (FileNotFoundError, ValueError):
            return 0

    def close(self) -> None:
        """Let the folder go; later calls fail."""
        self._segment.close()
        self._lock_file.close()
