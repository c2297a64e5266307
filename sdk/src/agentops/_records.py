"""The bytes of a record, and finding the records in a segment, damaged places included."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from ._stamp import complete

if TYPE_CHECKING:
    from typing import Protocol

    class Source(Protocol):
        """What records are read from."""

        def read(self, offset: int, length: int) -> bytes: ...


CREATE, UPDATE, EVENT, REPLACE, AGENT, STANDS_FOR, SPAN, STAMPED = 1, 2, 3, 4, 5, 6, 7, 8
"""Kinds of record: a session begins or is joined; it changes or ends; an event; an event again; an agent; in front of
a compacted segment and of no session, the names of the segments that it stands for; a span; an event with a stamp,
which its reader completes, so that it is read as an event."""
EVENTS = (EVENT, REPLACE, SPAN)
REFUSED = (EVENT, SPAN)
"""Where there is no room, these are not kept. The others are few, and say what became of a session."""
SENT = (CREATE, UPDATE, EVENT, REPLACE, AGENT, SPAN)

MAGIC = b"\xa7AO1"
_HEAD = struct.Struct("<4sII")
_BODY = struct.Struct("<B16sQ")
_STAMPED = struct.Struct("<B16sQ16sQQQ")
STAMPED_BYTES = _STAMPED.size
STAMPED_RECORD = struct.Struct("<4sIIB16sQ16sQQQ")
"""Head, body and stamp at once."""
_MAX_BODY_BYTES = 2**31


class Record(NamedTuple):
    """A record that was read: its kind, session id (16 bytes), sequence number, JSON, where it ends and begins."""

    kind: int
    session: bytes
    sequence: int
    payload: bytes
    end: int
    start: int = 0


def pack(kind: int, session: bytes, sequence: int, payload: bytes) -> bytes:
    """The bytes of a record."""
    start = _BODY.pack(kind, session, sequence)
    return _HEAD.pack(MAGIC, len(start) + len(payload), crc32(payload, crc32(start))) + start + payload


def sum_up(session: bytes, participant: bytes) -> int:
    """What the ids in a stamped record add to its checksum, which is of its head alone.

    One of the payload would prove no more: what a kill tears off is missing at the end or reads as NUL, and what a
    power cut keeps from the disk reads as NUL, too, which JSON never holds.
    """
    return crc32(session + participant)


def _prove(
    length: int, session: bytes, sequence: int, participant: bytes, made_ns: int, salt: int, ended_ns: int
) -> int:
    """The checksum of a stamped record's head. Of numbers alone: tables would have to be fetched into the caches."""
    numbers = sequence ^ made_ns ^ salt ^ ended_ns
    return (sum_up(session, participant) ^ length ^ numbers ^ numbers >> 32) & 0xFFFFFFFF


def read_window(segment: Source, offset: int, end: int, limit_bytes: int) -> tuple[list[Record], int]:
    """The records from `offset`, at least one if there is one before `end`, and where to go on."""
    records: list[Record] = []
    base, data, at = offset, segment.read(offset, min(limit_bytes, end - offset)), 0
    while base + at < end and at < len(data):
        needed = _needed_bytes(data, at)
        if needed and at + needed > len(data) and base + at + needed <= end:
            if records:
                break
            base, data, at = base + at, segment.read(base + at, needed), 0
            continue
        record = _record_at(data, at, needed, base)
        if record is not None:
            records.append(record)
            at += needed
        else:
            at = _next_magic(data, at + 1, base + len(data) >= end)
    return records, min(base + at, end)


def iter_records(segment: Source, end: int, limit_bytes: int = 1_000_000) -> Iterator[Record]:
    """Every record from the start of the segment."""
    offset = 0
    while offset < end:
        records, offset = read_window(segment, offset, end, limit_bytes)
        yield from records


def _needed_bytes(data: bytes, at: int) -> int:
    """The bytes of the record that begins here, as far as its head is there to say so; 0 if no record begins here."""
    if not data.startswith(MAGIC[: len(data) - at], at):
        return 0
    if len(data) - at < _HEAD.size:
        return _HEAD.size
    length: int = _HEAD.unpack_from(data, at)[1]
    return _HEAD.size + length if _BODY.size <= length <= _MAX_BODY_BYTES else 0


def _record_at(data: bytes, at: int, needed: int, base: int) -> Record | None:
    body, stop = at + _HEAD.size, at + needed
    if needed <= _HEAD.size or stop > len(data):
        return None
    checksum = _HEAD.unpack_from(data, at)[2]
    kind, session, sequence = _BODY.unpack_from(data, body)
    if kind == STAMPED and stop - body >= _STAMPED.size:
        start, stamp = body + _STAMPED.size, _STAMPED.unpack_from(data, body)[3:]
        if _prove(stop - body, session, sequence, *stamp) != checksum or data.find(b"\0", start, stop) >= 0:
            return None
        kind, payload = EVENT, complete(session, sequence, stamp, data[start:stop])
    elif crc32(data[body:stop]) == checksum:
        payload = data[body + _BODY.size : stop]
    else:
        return None
    return Record(kind, session, sequence, payload, base + stop, base + at)


def _next_magic(data: bytes, start: int, is_last: bool) -> int:
    found = data.find(MAGIC, start)
    if found >= 0:
        return found
    return len(data) if is_last else max(start, len(data) - len(MAGIC) + 1)
