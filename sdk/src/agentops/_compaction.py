"""Rewriting segments of which only sessions are left that stayed behind.

A session that the server cannot take just now would keep every segment in which it has a record, until the quota
refuses the events of all others. So what is settled is left out, and what remains of neighbours is joined.

A process may be killed at any point of it. The new file gets its name when it is whole and on the disk, with its
cursor, and names in its first record the files that it stands for: whoever adopts it deletes those that are left.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ._cursor import Cursor
from ._locking import publish_locked, write_whole
from ._records import CREATE, EVENTS, STANDS_FOR, iter_records, pack, read_window
from ._segment import FileSegment
from ._sync import sync_directory

if TYPE_CHECKING:
    from pathlib import Path

    from ._segment import Segment

JOINED_SEGMENTS = 8
JOINED_BYTES = 8 * 1024 * 1024
_COPIED_BYTES = 1024 * 1024
_ID_LENGTH = 36
_NOBODY = bytes(16)


class _Remainder:
    """What a compacted segment will hold: stretches of old ones, its bytes and events, and where sessions begin."""

    __slots__ = ("events", "lags", "size", "stretches")

    def __init__(
        self, stretches: list[tuple[FileSegment, int, int]], size: int, events: int, lags: dict[bytes, int]
    ) -> None:
        self.stretches = stretches
        self.size = size
        self.events = events
        self.lags = lags


def find_run(segments: Sequence[Segment]) -> list[FileSegment]:
    """The next neighbours that are worth rewriting as one; empty if none are."""
    small: list[FileSegment] = []
    for segment in segments:
        if not isinstance(segment, FileSegment) or not segment.cursor.lags or segment.cursor.offset < segment.size:
            small = []
            continue
        if len(segment.cursor.lags) * 2 <= segment.compacted_lags:
            return [segment]
        if sum(other.size for other in small) + segment.size > JOINED_BYTES:
            small = []
        small.append(segment)
        if len(small) == JOINED_SEGMENTS:
            return small
    return []


def compact(run: Sequence[FileSegment]) -> FileSegment | None:
    """A new segment with what waits in these, which stay as they are; None if it would be little smaller.

    Raises:
        OSError: the disk refuses.
    """
    name = _next_name(run[0].path)
    head = pack(STANDS_FOR, _NOBODY, 0, json.dumps([segment.path.name for segment in run]).encode())
    remainder = _find_remainder(run, len(head))
    if len(run) == 1 and remainder.size * 2 > run[0].size:
        run[0].compacted_lags = len(run[0].cursor.lags)
        return None
    path = run[0].path.with_name(name)

    def fill(descriptor: int) -> None:
        write_whole(descriptor, head)
        for data in _iter_copied(remainder):
            write_whole(descriptor, data)
        os.fsync(descriptor)
        _write_cursor(path, _cursor_of(run, remainder))

    try:
        fresh = FileSegment(path, publish_locked(path, fill))
    except OSError:
        path.with_suffix(".cursor").unlink(missing_ok=True)
        raise
    sync_directory(path.parent)
    fresh.compacted_lags = len(fresh.cursor.lags)
    return fresh


def delete_replaced(segment: FileSegment) -> None:
    """Delete the segments that this one stands for, if whoever wrote it was killed before that."""
    records, _ = read_window(segment, 0, segment.size, _COPIED_BYTES)
    if records and records[0].kind == STANDS_FOR:
        for name in json.loads(records[0].payload):
            for path in (segment.path.with_name(name), segment.path.with_name(name).with_suffix(".cursor")):
                path.unlink(missing_ok=True)


def _next_name(path: Path) -> str:
    """It sorts where the first of the old ones does, and before it."""
    base, generation = path.stem[:_ID_LENGTH], path.stem[_ID_LENGTH + 1 :]
    return f"{base}-{int(generation or 0) + 1}{path.suffix}"


def _find_remainder(run: Sequence[FileSegment], start: int) -> _Remainder:
    stretches: list[tuple[FileSegment, int, int]] = []
    lags: dict[bytes, int] = {}
    size, events = start, 0
    for segment in run:
        own = segment.cursor.lags
        for record in iter_records(segment, segment.size):
            offset = own.get(record.session)
            is_introduction = record.kind == CREATE and record.session not in lags
            if offset is None or not (is_introduction or record.start >= offset):
                continue
            lags.setdefault(record.session, size)
            size += record.end - record.start
            events += record.kind in EVENTS
            if stretches and stretches[-1][0] is segment and stretches[-1][2] == record.start:
                stretches[-1] = (segment, stretches[-1][1], record.end)
            else:
                stretches.append((segment, record.start, record.end))
    return _Remainder(stretches, size, events, lags)


def _iter_copied(remainder: _Remainder) -> Iterator[bytes]:
    for segment, start, end in remainder.stretches:
        for offset in range(start, end, _COPIED_BYTES):
            yield segment.read(offset, min(_COPIED_BYTES, end - offset))


def _cursor_of(run: Sequence[FileSegment], remainder: _Remainder) -> Cursor:
    """The counts of the old cursors together: every event that is not copied is settled."""
    cursor = Cursor(remainder.size)
    cursor.lags = remainder.lags
    for old in (segment.cursor for segment in run):
        cursor.sent += old.sent
        cursor.acknowledged += old.acknowledged
        cursor.rejected += old.rejected
        cursor.dropped += old.dropped
    recorded = sum(record.kind in EVENTS for segment in run for record in iter_records(segment, segment.size))
    cursor.dropped += recorded - remainder.events
    return cursor


def _write_cursor(path: Path, cursor: Cursor) -> None:
    descriptor = os.open(path.with_suffix(".cursor"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        write_whole(descriptor, cursor.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
