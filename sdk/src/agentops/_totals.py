"""Counters of one destination's spool: of finished segments, kept in a small file, and of those that are left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from ._locking import hold
from ._records import EVENTS, iter_records
from ._segment import SUFFIX, Cursor

_NAME = "totals.json"
_FRESH = ".fresh"  # one name for all, because it is written under the lock: a killed writer leaves one file at most
_LOCK = "totals.lock"


class Totals(NamedTuple):
    """Events of one destination. recorded = spooled (not yet settled) + acknowledged + refused."""

    recorded: int = 0
    spooled: int = 0
    sent: int = 0
    acknowledged: int = 0
    refused: int = 0


class _Reading:
    """A segment as a bystander reads it, without its lock."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.size = path.stat().st_size
        cursor = path.with_suffix(".cursor")
        self.cursor = Cursor.decode(cursor.read_bytes()) if cursor.exists() else Cursor()

    def read(self, offset: int, length: int) -> bytes:
        with self._path.open("rb") as file:
            file.seek(offset)
            return file.read(length)


def add_totals(directory: Path, cursor: Cursor) -> None:
    """Remember what a segment counted before it is deleted. Failing to is no reason to keep the segment."""
    if not cursor.sent:
        return
    fresh = directory / f"{_NAME}{_FRESH}"
    try:
        with hold(directory / _LOCK):
            past = _read_past(directory)
            total = (past.sent + cursor.sent, past.acknowledged + cursor.acknowledged, past.refused + cursor.refused)
            fresh.write_text(json.dumps(total), encoding="ascii")
            fresh.chmod(0o600)
            fresh.replace(directory / _NAME)
    except OSError:
        return


def _read_past(directory: Path) -> Totals:
    try:
        sent, acknowledged, refused = json.loads((directory / _NAME).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return Totals()
    return Totals(sent, 0, sent, acknowledged, refused)


def read_totals(directory: Path) -> Totals:
    """The counters now. A process that records meanwhile makes them a moment old."""
    totals = _read_past(directory)
    for path in sorted(directory.glob(f"*{SUFFIX}")):
        try:
            reading = _Reading(path)
            recorded = sum(record.kind in EVENTS for record in iter_records(reading, reading.size))
            recorded += reading.cursor.dropped
        except FileNotFoundError:
            continue
        cursor = reading.cursor
        totals = Totals(
            totals.recorded + recorded,
            totals.spooled + recorded - cursor.sent,
            totals.sent + cursor.sent,
            totals.acknowledged + cursor.acknowledged,
            totals.refused + cursor.refused,
        )
    return totals
