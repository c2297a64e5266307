"""One file of a journal. Its name is the position in the whole journal at which it begins."""

import os
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from agentops_server.storage.journal.records import HEADER_BYTES, frame, iter_records, next_record_bytes

SUFFIX = ".journal"
_MOST_BUFFERS = 512  # of one writev; Linux takes 1024


def find_segments(folder: Path) -> list[int]:
    """Where the segments in the folder begin, in order."""
    return sorted(int(file.stem) for file in folder.glob(f"*{SUFFIX}"))


def segment_path(folder: Path, start: int) -> Path:
    """The file of the segment that begins at this position."""
    return folder / f"{start:020d}{SUFFIX}"


class Segment:
    """The segment that is appended to."""

    def __init__(self, folder: Path, start: int) -> None:
        """Open it for appending, cut back to its last whole record.

        Raises:
            OSError: The disk does not let us.
        """
        self.start = start
        path = segment_path(folder, start)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self.size_bytes = _valid_bytes(path)
        os.ftruncate(self._file, self.size_bytes)
        os.fsync(self._file)
        sync_folder(folder)

    @property
    def end(self) -> int:
        """The position after its last record."""
        return self.start + self.size_bytes

    def append(self, payloads: Sequence[bytes]) -> list[int]:
        """Write the records and sync them to disk. When that fails, none of them is there.

        Returns:
            The position after each of them.

        Raises:
            OSError: The disk does not take them.
        """
        buffers = [buffer for payload in payloads for buffer in (frame(payload), payload)]
        try:
            for first in range(0, len(buffers), _MOST_BUFFERS):
                self._write(buffers[first : first + _MOST_BUFFERS])
            os.fdatasync(self._file)
        except OSError:
            os.ftruncate(self._file, self.size_bytes)
            raise
        ends = list(accumulate((HEADER_BYTES + len(payload) for payload in payloads), initial=self.end))[1:]
        self.size_bytes = ends[-1] - self.start
        return ends

    def _write(self, buffers: Sequence[bytes]) -> None:
        wanted = sum(map(len, buffers))
        written = os.writev(self._file, buffers)
        if written < wanted:  # a full disk, or a signal: what is left goes in plain writes, which say what is wrong
            rest = memoryview(b"".join(buffers))[written:]
            while rest:
                rest = rest[os.write(self._file, rest) :]

    def close(self) -> None:
        os.close(self._file)


def read_segment(folder: Path, start: int, position: int, end: int, limit_bytes: int) -> list[tuple[int, bytes]]:
    """Records from a position on, each with the position after it: as many as fit the limit, but at least one.

    Args:
        folder: Of the journal.
        start: Where the segment begins.
        position: Where a record in it begins.
        end: Where the records end that may be read.
        limit_bytes: How much to read.

    Returns:
        Nothing when the record at the position is damaged.
    """
    with segment_path(folder, start).open("rb") as file:
        file.seek(position - start)
        data = file.read(min(limit_bytes, end - position))
        if (first := next_record_bytes(data)) > len(data):
            data += file.read(min(first, end - position) - len(data))
    return [(position + after, payload) for after, payload in iter_records(data)]


def _valid_bytes(path: Path) -> int:
    after = 0
    for after, _ in iter_records(path.read_bytes()):  # noqa: B007 - the last one counts
        pass
    return after


def sync_folder(folder: Path) -> None:
    """Make durable which files the folder has."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
