"""A spool that stores its records in a mapping, as the fast path and the pipeline use it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from agentops._log import Notices
from agentops._mapping import may_map
from agentops._records import CREATE, EVENT, iter_records, pack
from agentops._segment import FileSegment
from agentops._spool import Spool

SESSIONS = [bytes([number]) * 16 for number in range(1, 9)]


def make_spool(tmp_path: Path) -> Spool:
    """One that does; the test is skipped where nothing is mapped."""
    spool = Spool(tmp_path, 100_000_000, Notices())
    if not maps(tmp_path):
        pytest.skip("the temporary folder is on a file system of which nothing is mapped")
    return spool


def maps(folder: Path) -> bool:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        return may_map(descriptor)
    finally:
        os.close(descriptor)


def introduce() -> bytes:
    return b"{}"


def record(session: bytes, number: int, length: int = 3000) -> bytes:
    return pack(EVENT, session, number, b'"' + b"x" * length + b'"')


def keep(spool: Spool, session: bytes, number: int, length: int = 3000) -> bool:
    """As the fast path does; true if it went without the lock."""
    data = record(session, number, length)
    try:
        spool.stores[session](data)
    except (KeyError, ValueError):
        payload = b'"' + b"x" * length + b'"'
        assert spool.append_here(session, data) or spool.append(EVENT, session, number, payload, introduce)
        return False
    return True


def numbers(spool: Spool, session: bytes) -> list[int]:
    records = (found for segment in spool.segments for found in iter_records(segment, segment.size))
    return [found.sequence for found in records if found.session == session and found.kind == EVENT]


def begin(spool: Spool, *sessions: bytes) -> FileSegment:
    for session in sessions:
        spool.append(CREATE, session, 0, b"{}", introduce)
    segment = spool.segments[0]
    assert isinstance(segment, FileSegment)
    return segment
