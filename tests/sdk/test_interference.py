"""Records that are stored while threads and signal handlers store, too, and mappings are moved."""

from __future__ import annotations

import random
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from agentops import _segment
from agentops._records import CREATE, iter_records
from agentops._segment import FileSegment, MemorySegment
from agentops._spool import Spool

from .storing import SESSIONS, begin, keep, make_spool, numbers, record


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spool:
    monkeypatch.setattr(_segment, "_MOST_WRITES", 0)
    return make_spool(tmp_path)


def run_all(*functions: Callable[[], None]) -> None:
    threads = [threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("interferer", ["thread", "handler", "handler now and then"])
def test_what_comes_in_between_any_two_lines_is_kept(
    spool: Spool, monkeypatch: pytest.MonkeyPatch, interferer: str
) -> None:
    """Of another thread, which has no lock but may have a store, and of a signal handler, which has both."""
    main, other = SESSIONS[:2]
    begin(spool, main, other)
    monkeypatch.setattr(_segment, "sync_file", lambda descriptor: None)
    codes = {
        function.__code__
        for function in [*vars(FileSegment).values(), *vars(Spool).values()]
        if hasattr(function, "__code__")
    }
    stored = 0
    chance = random.Random(7)
    lines = set[int]()
    taken: list[tuple[bytes, int]] = []
    orphans: list[tuple[bytes, int]] = []

    def settle(segment: FileSegment | MemorySegment | Any) -> None:
        """Deliver it to its end, as the worker does; what of it is of a session that it does not introduce?"""
        introduced: set[bytes] = set()
        end = segment.size
        for found in iter_records(segment, end):
            if found.kind == CREATE:
                introduced.add(found.session)
            elif (found.session, found.sequence) not in taken:
                taken.append((found.session, found.sequence))
                if found.session not in introduced:
                    orphans.append(taken[-1])
        segment.cursor.offset = end

    def store_without_lock() -> None:
        nonlocal stored
        try:
            spool.stores[other](record(other, stored + 1, 50))
        except (KeyError, ValueError):
            return
        stored += 1

    def interfere(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal stored
        if frame.f_code not in codes:
            return None
        if event == "line":
            lines.add(frame.f_lineno)
            if interferer == "handler now and then" and chance.random() > 0.1:
                return interfere
            if interferer != "thread":
                stored += 1
                keep(spool, other, stored, 50)
            else:
                run_all(store_without_lock)
        return interfere

    sys.settrace(interfere)
    try:
        for number in range(1, 401):
            keep(spool, main, number, 200 * (number % 10))
            keep(spool, other, stored := stored + 1, 10)
            if number % 10 == 0:
                for segment in list(spool.segments):
                    segment.sync(spool.lock)
                spool._begin(FileSegment.create(spool.directory, spool.stores, 10_000_000))
                for segment in spool.segments if number % 20 else spool.segments[:-1]:
                    settle(segment)
                spool.tidy()
    finally:
        sys.settrace(None)
    assert len(lines) > 50
    assert stored > 400
    for segment in spool.segments:
        settle(segment)
    for session, count in ((main, 400), (other, stored)):
        assert sorted(found for known, found in taken if known == session) == list(range(1, count + 1))
    assert not orphans


@pytest.fixture
def switching() -> Iterator[None]:
    """Threads take turns as often as the interpreter can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("switching")
def test_threads_that_store_at_once_lose_nothing(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another one closes mappings and stores all the time."""
    monkeypatch.setattr(_segment, "sync_file", lambda descriptor: None)
    begin(spool, *SESSIONS)
    count = 5000
    left = threading.Semaphore(0)

    def record_all(session: bytes) -> None:
        try:
            for number in range(1, count + 1):
                keep(spool, session, number, 50 * (number % 40))
        finally:
            left.release()

    def disturb() -> None:
        while left._value < len(SESSIONS):
            spool.withdraw_stores()
            for segment in spool.segments[-1:]:
                segment.sync(spool.lock)

    run_all(*[lambda session=session: record_all(session) for session in SESSIONS], disturb)  # type: ignore[misc]
    for session in SESSIONS:
        assert numbers(spool, session) == list(range(1, count + 1))
