"""Counters of one destination's spool: of finished segments, kept in a small file, and of those that are left."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ._cursor import Cursor
from ._guard import attempt
from ._locking import hold, open_locked
from ._records import CREATE, EVENTS, iter_records
from ._segment import SUFFIX, find_end

_NAME = "totals.json"
_FRESH = ".fresh"  # one name for all, because it is written under the lock: a killed writer leaves one file at most
_LOCK = "totals.lock"


class Totals(NamedTuple):
    """Events of one destination, or of one segment of it. recorded = spooled + acknowledged + rejected.

    Attributes:
        recorded: what `record()` kept.
        spooled: of these, what waits for the server.
        sent: what the server answered to, with yes or no.
        acknowledged: what it has. rejected: what it will never take; that is in a `.rejected` file.
        refused: what could not be kept in the first place, because the quota or the memory was used up.
    """

    recorded: int = 0
    spooled: int = 0
    sent: int = 0
    acknowledged: int = 0
    rejected: int = 0
    refused: int = 0

    def plus(self, other: Totals) -> Totals:
        return Totals(*(one + another for one, another in zip(self, other, strict=True)))


class Description(NamedTuple):
    """A segment as a bystander sees it.

    `participant` is the process that recorded it, `is_held` whether a process writes or delivers it just now,
    `is_waiting` whether anything of it waits, be it only the end of a session, and `sessions_behind` how many sessions
    of it wait by themselves.
    """

    name: str
    participant: str
    is_held: bool
    is_waiting: bool
    size_bytes: int
    sessions_behind: int
    totals: Totals


class _Reading:
    """A segment as a bystander reads it, without its lock."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.size = find_end(self.read, path.stat().st_size)
        cursor = path.with_suffix(".cursor")
        self.cursor = Cursor.decode(cursor.read_bytes()) if cursor.exists() else Cursor()

    def read(self, offset: int, length: int) -> bytes:
        with self._path.open("rb") as file:
            file.seek(offset)
            return file.read(length)


def add_totals(directory: Path, cursor: Cursor) -> None:
    """Remember what a segment counted before it is deleted. Failing to is no reason to keep the segment."""
    if cursor.sent:
        _add(directory, Totals(0, 0, cursor.sent, cursor.acknowledged, cursor.rejected))


def add_refused(directory: Path, count: int) -> bool:
    """Remember that so many events could not be kept; false if that could not be kept either."""
    return _add(directory, Totals(refused=count))


def _add(directory: Path, more: Totals) -> bool:
    fresh = directory / f"{_NAME}{_FRESH}"
    try:
        with hold(directory / _LOCK):
            total = _read_past(directory).plus(more)
            kept = {name: getattr(total, name) for name in ("sent", "acknowledged", "rejected", "refused")}
            fresh.write_text(json.dumps(kept), encoding="ascii")
            fresh.chmod(0o600)
            fresh.replace(directory / _NAME)
    except OSError:
        return False
    return True


def _read_past(directory: Path) -> Totals:
    try:
        kept = json.loads((directory / _NAME).read_text(encoding="ascii"))
        return Totals(recorded=kept["sent"], **kept)
    except (OSError, ValueError, TypeError, KeyError):
        return Totals()


def list_segments(directory: Path) -> list[Description]:
    """The segments that are left, oldest first."""
    found: list[Description] = []
    for path in sorted(directory.glob(f"*{SUFFIX}")):
        with suppress(FileNotFoundError):  # delivered meanwhile
            found.append(_describe(path))
    return found


def _describe(path: Path) -> Description:
    reading = _Reading(path)
    recorded, participant = reading.cursor.dropped, ""
    for record in iter_records(reading, reading.size):
        recorded += record.kind in EVENTS
        if record.kind == CREATE and not participant:
            participant = attempt(lambda payload=record.payload: str(json.loads(payload)["participant_id"]), "?")
    cursor = reading.cursor
    totals = Totals(recorded, recorded - cursor.sent, cursor.sent, cursor.acknowledged, cursor.rejected)
    is_waiting = not cursor.is_through(reading.size)
    return Description(path.stem, participant, _is_held(path), is_waiting, reading.size, len(cursor.lags), totals)


def _is_held(path: Path) -> bool:
    lock = attempt(open_locked, None, path)
    if lock is None:
        return True
    os.close(lock)
    return False


def read_totals(directory: Path, segments: Sequence[Description] | None = None) -> Totals:
    """The counters now, with what `list_segments` found. A process that records meanwhile makes them a moment old."""
    totals = _read_past(directory)
    for segment in list_segments(directory) if segments is None else segments:
        totals = totals.plus(segment.totals)
    return totals
