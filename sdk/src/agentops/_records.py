"""The bytes of a record, and finding the records in a segment, damaged places included."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from ._stamp import LINE_START, MOST_HEAD_BYTES, complete, find_line

if TYPE_CHECKING:
    from typing import Protocol

    class Source(Protocol):
        """What records are read from."""

        def read(self, offset: int, length: int) -> bytes: ...


CREATE, UPDATE, EVENT, REPLACE, AGENT, STANDS_FOR, SPAN = 1, 2, 3, 4, 5, 6, 7
"""Kinds of record: a session begins or is joined; it changes or ends; an event; an event again; an agent; in front of
a compacted segment and of no session, the names of the segments that it stands for; a span. A line is an event."""
EVENTS = (EVENT, REPLACE, SPAN)
REFUSED = (EVENT, SPAN)
"""Where there is no room, these are not kept. The others are few, and say what became of a session."""
SENT = (CREATE, UPDATE, EVENT, REPLACE, AGENT, SPAN)

MAGIC = b"\xa7AO1"
_HEAD = struct.Struct("<4sII")
_BODY = struct.Struct("<B16sQ")
_MAX_BODY_BYTES = 2**31
_STARTS = (LINE_START, MAGIC, b"\0")
"""What comes behind a line, unless it is damaged; NUL where nothing does yet."""
_GOES_ON = (b",", b"}", b"]", b"")
_MOST_INDENT_BYTES = 1024


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


def read_window(segment: Source, offset: int, end: int, limit_bytes: int) -> tuple[list[Record], int]:
    """The records from `offset`, at least one if there is one before `end`, and where to go on."""
    records: list[Record] = []
    base, data, at = offset, segment.read(offset, min(limit_bytes, end - offset)), 0
    while base + at < end and at < len(data):
        rest = end - base - at
        needed = _needed_bytes(data, at, rest)
        if len(data) - at < needed <= rest:
            if records:
                break
            base, data, at = base + at, segment.read(base + at, needed), 0
            continue
        record = _record_at(data, at, needed, base)
        if record is not None:
            records.append(record)
            at += needed
        else:
            at = _next_start(data, at + 1, base + len(data) >= end)
    return records, min(base + at, end)


def iter_records(segment: Source, end: int, limit_bytes: int = 1_000_000) -> Iterator[Record]:
    """Every record from the start of the segment."""
    offset = 0
    while offset < end:
        records, offset = read_window(segment, offset, end, limit_bytes)
        yield from records


def _needed_bytes(data: bytes, at: int, rest: int) -> int:
    """The bytes of the record that begins here, or so many as it takes to find that out; 0 if no record begins here.

    Args:
        data: bytes of the segment.
        at: where in them.
        rest: how many bytes the segment has from here on.
    """
    here = len(data) - at
    if data.startswith(LINE_START[:here], at):
        if end := _find_line_end(data, at, is_all=here >= rest):
            return end - at
        return min(here * 2, rest) if here < rest else 0
    if not data.startswith(MAGIC[:here], at):
        return 0
    if here < _HEAD.size:
        return _HEAD.size
    length: int = _HEAD.unpack_from(data, at)[1]
    return _HEAD.size + length if _BODY.size <= length <= _MAX_BODY_BYTES else 0


def _find_line_end(data: bytes, at: int, is_all: bool) -> int:
    """Where what is behind a line begins; 0 if that is not in here.

    An encoder writes no newline, but takes over what somebody encoded before (`orjson.Fragment`), and that may hold
    some. So not every newline is an end: the JSON may go on behind it.
    """
    end = data.find(b"\n", at) + 1
    while end:
        if data.startswith(b"}", end - 2):
            if data.startswith(_STARTS, end):
                return end
            behind = data[end : end + _MOST_INDENT_BYTES].lstrip()
            if behind[:1] not in _GOES_ON or (is_all and end + _MOST_INDENT_BYTES >= len(data) and not behind):
                return end
        end = data.find(b"\n", end) + 1
    return 0


def _record_at(data: bytes, at: int, needed: int, base: int) -> Record | None:
    stop = at + needed
    if needed <= _HEAD.size or stop > len(data):
        return None
    if data.startswith(LINE_START, at):
        completed = complete(data[at:stop])
        return None if completed is None else Record(EVENT, *completed, base + stop, base + at)
    body = at + _HEAD.size
    if crc32(data[body:stop]) != _HEAD.unpack_from(data, at)[2]:
        return None
    kind, session, sequence = _BODY.unpack_from(data, body)
    return Record(kind, session, sequence, data[body + _BODY.size : stop], base + stop, base + at)


def _next_start(data: bytes, start: int, is_last: bool) -> int:
    """Where the next record begins, or where to look on for it when more of the segment is there."""
    found = [place for place in (data.find(MAGIC, start), find_line(data, start)) if place >= 0]
    if found:
        return min(found)
    return len(data) if is_last else max(start, len(data) - MOST_HEAD_BYTES + 1)
