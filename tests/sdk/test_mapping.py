"""Records that are stored in memory that is mapped from the file: what is read of them, and where there is no such."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from agentops import _mapping, _segment
from agentops._log import Notices
from agentops._mapping import map_file, may_map, reserve
from agentops._records import CREATE, EVENT, iter_records, pack
from agentops._segment import FileSegment, MemorySegment, find_end
from agentops._spool import Spool
from agentops._totals import list_segments

SESSIONS = [bytes([number]) * 16 for number in range(1, 9)]
MOUNTS = """\
23 28 0:21 / /proc rw,nosuid shared:12 - proc proc rw
28 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw,errors=remount-ro
31 28 0:40 / /mnt/there rw - nfs4 server:/there rw,vers=4.2
36 28 0:52 / /var/lib/x rw master:1 - fuse.sshfs me@there:/ rw
40 28 259:1 /a\\040b /data rw - xfs /dev/nvme0n1p1 rw
"""


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
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


def run_all(*functions: Callable[[], None]) -> None:
    threads = [threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_which_file_systems_are_local() -> None:
    assert set(_mapping._iter_local(MOUNTS)) == {"8:2", "259:1"}


def test_what_is_stored_is_in_the_file(spool: Spool) -> None:
    segment = begin(spool, SESSIONS[0])
    without_lock = sum(keep(spool, SESSIONS[0], number) for number in range(1, 1001))
    assert without_lock > 980
    # Another open file sees it, as the next process does after a kill.
    other = os.open(segment.path, os.O_RDONLY)
    end = find_end(lambda start, length: os.pread(other, length, start), os.fstat(other).st_size)
    data = os.pread(other, end, 0)
    os.close(other)
    assert end == segment.size
    assert data.endswith(record(SESSIONS[0], 1000))
    assert numbers(spool, SESSIONS[0]) == list(range(1, 1001))


def test_a_bystander_is_told_of_records_only(spool: Spool) -> None:
    segment = begin(spool, SESSIONS[0])
    keep(spool, SESSIONS[0], 1)
    (described,) = list_segments(spool.directory)
    assert described.size_bytes == segment.size < segment.path.stat().st_size
    assert described.totals.recorded == 1


@pytest.mark.parametrize("finish", [True, False], ids=["closed", "killed"])
def test_what_was_reserved_is_no_part_of_it(spool: Spool, finish: bool) -> None:
    segment = begin(spool, SESSIONS[0])
    keep(spool, SESSIONS[0], 1)
    size = segment.size
    if finish:
        spool.close()
        assert segment.path.stat().st_size == size
    else:
        os.close(segment.descriptor)
        assert segment._mapping is not None
        segment._mapping.close()  # which holds the lock, too
    adopted = FileSegment.adopt(segment.path)
    assert adopted is not None
    assert adopted.size == size
    # Its adopter cuts nothing: where locks do not meet, who wrote it may live.
    assert (segment.path.stat().st_size == size) == finish
    adopted.delete()
    segment.descriptor = -1


def test_a_forked_child_leaves_the_file_as_it_is(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    segment = begin(spool, SESSIONS[0])
    reserved = segment.path.stat().st_size
    monkeypatch.setattr(segment, "_pid", os.getpid() + 1)
    segment.finish()
    assert segment.path.stat().st_size == reserved


def test_records_of_all_lengths_stay_in_order(spool: Spool) -> None:
    begin(spool, SESSIONS[0])
    lengths = [10, 70_000, 3_000, 600_000, 5, 17_000, 4_096, 2_000_000, 1] * 10
    for number, length in enumerate(lengths, 1):
        keep(spool, SESSIONS[0], number, length)
    assert numbers(spool, SESSIONS[0]) == list(range(1, len(lengths) + 1))


def test_nothing_is_stored_while_the_disk_is_written_to(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel asks the file system again then, and what it does not get ends the process."""
    segment = begin(spool, SESSIONS[0])
    keep(spool, SESSIONS[0], 1)

    def sync_and_record(descriptor: int) -> None:
        assert segment._mapping is None
        assert not keep(spool, SESSIONS[0], 2)
        assert segment._mapping is None

    monkeypatch.setattr(_segment, "sync_file", sync_and_record)
    spool.sync()
    assert [segment._mapping] == [None]  # until there is something: who rests has none
    assert not keep(spool, SESSIONS[0], 3)
    assert segment._mapping is not None
    assert keep(spool, SESSIONS[0], 4)
    assert numbers(spool, SESSIONS[0]) == [1, 2, 3, 4]


def test_little_is_made_ready_for_who_records_little(spool: Spool) -> None:
    """What is ready goes to the disk at the next sync, used or not."""
    segment = begin(spool, SESSIONS[0])
    for number in range(1, 201):
        keep(spool, SESSIONS[0], number)
    spool.sync()
    keep(spool, SESSIONS[0], 201)
    assert segment._mapping is not None
    assert len(segment._mapping) > 300_000
    for number in range(202, 205):
        spool.sync()
        keep(spool, SESSIONS[0], number, 100)
    assert len(segment._mapping) < 40_000


def test_a_file_that_somebody_made_shorter_is_written_to(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    segment = begin(spool, SESSIONS[0])
    keep(spool, SESSIONS[0], 1)
    monkeypatch.setattr(_segment, "sync_file", lambda descriptor: os.ftruncate(descriptor, segment.size))
    spool.sync()
    monkeypatch.setattr(segment, "_reserved_bytes", 1_000_000)  # as far as it knows
    for number in range(2, 5):
        assert not keep(spool, SESSIONS[0], number)
    assert numbers(spool, SESSIONS[0]) == [1, 2, 3, 4]


@pytest.mark.parametrize("end", ["tidy", "close"])
def test_a_segment_that_goes_while_it_is_synced_is_not_mapped_again(
    spool: Spool, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    """Its descriptor may be that of another file by then, of which nothing may be reserved."""
    segment = begin(spool, SESSIONS[0])
    keep(spool, SESSIONS[0], 1)

    def sync_and_end(descriptor: int) -> None:
        segment.cursor.offset = segment.size
        getattr(spool, end)()
        segment.descriptor = os.open(spool.directory / "another", os.O_RDWR | os.O_CREAT)

    monkeypatch.setattr(_segment, "sync_file", sync_and_end)
    monkeypatch.setattr(segment, "_reserved_bytes", segment.size)  # the next mapping needs more
    spool.sync()
    assert segment._mapping is None
    assert (spool.directory / "another").stat().st_size == 0
    segment.close()


@pytest.mark.parametrize("failing", ["reserve", "map_file"])
def test_where_the_kernel_says_no_records_are_written(
    spool: Spool, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "not here")

    monkeypatch.setattr(_segment, failing, refuse)
    begin(spool, SESSIONS[0])
    assert not any(keep(spool, SESSIONS[0], number) for number in range(1, 20))
    assert numbers(spool, SESSIONS[0]) == list(range(1, 20))


def test_the_kernel_is_asked_and_says_no(tmp_path: Path, spool: Spool) -> None:
    """Of a page for which the file has none any more: an error, where a store would have ended the process."""
    descriptor = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    reserve(descriptor, 0, 65536)
    mapping = map_file(descriptor, 5000, 65536)
    assert (mapping.start, mapping.tell(), len(mapping)) == (4096, 904, 65536 - 4096)
    os.ftruncate(descriptor, 0)
    with pytest.raises(OSError, match="Bad address"):
        mapping.madvise(_mapping._MADV_POPULATE_WRITE)
    mapping.close()
    with pytest.raises(ValueError, match="greater than file size"):
        map_file(descriptor, 0, 65536)
    os.close(descriptor)


PROGRAM = """
import resource, sys
from pathlib import Path
sys.path[:0] = {path!r}
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
from tests.sdk.test_mapping import SESSIONS, Notices, Spool, begin, record, introduce, EVENT
spool = Spool(Path({folder!r}), 100_000_000, Notices())
begin(spool, SESSIONS[0])
for number in range(1, 301):
    spool.append(EVENT, SESSIONS[0], number, b'"' + b"x" * 3000 + b'"', introduce)
print(*[type(segment).__name__ for segment in spool.segments])
"""


def test_a_limit_for_files_is_a_full_disk(tmp_path: Path) -> None:
    limit = 500_000
    source = PROGRAM.format(path=sys.path, limit=limit, folder=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[0] == "FileSegment"
    assert "MemorySegment" in done.stdout
    (path,) = tmp_path.glob("*.seg")
    assert limit * 0.9 < path.stat().st_size <= limit


def test_the_quota_holds_for_stores(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 1_000_000, Notices())
    begin(spool, SESSIONS[0])
    kept = 0
    while spool.append_here(SESSIONS[0], record(SESSIONS[0], kept)) or spool.append(
        EVENT, SESSIONS[0], kept, b'"' + b"x" * 3000 + b'"', introduce
    ):
        kept += 1
        if store := spool.stores.get(SESSIONS[0]):
            try:
                while True:
                    store(record(SESSIONS[0], kept))
                    kept += 1
            except ValueError:
                pass
    used = sum(segment.size for segment in spool.segments)
    assert 1_000_000 - 10_000 < used <= 1_000_000


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
