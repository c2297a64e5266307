from __future__ import annotations

import errno
import os
import stat
import threading
import time
from pathlib import Path

import pytest

from agentops import _locking, _segment, _spool, _sync
from agentops._cursor import Cursor
from agentops._log import Notices
from agentops._records import CREATE, EVENT, Record, iter_records, read_window
from agentops._segment import FileSegment, MemorySegment, find_end
from agentops._spool import Spool
from agentops._totals import add_totals, read_totals

SESSION = b"s" * 16


def introduce() -> bytes:
    return b'{"session_id":"s"}'


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "state" / "spool" / "0123", 10_000_000, Notices())


def kinds(spool: Spool) -> list[list[int]]:
    return [[record.kind for record in iter_records(segment, segment.size)] for segment in spool.segments]


def test_files_are_for_their_owner_only(spool: Spool) -> None:
    spool.append(EVENT, SESSION, 1, b"{}", introduce)
    segment = spool.segments[0]
    assert isinstance(segment, FileSegment)
    segment.save_cursor()
    segment.keep_rejected(b"{}")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in segment.path.parent.iterdir()}
    assert len(modes) == 3
    assert set(modes.values()) == {0o600}
    for directory in (spool.directory, spool.directory.parent, spool.directory.parent.parent):
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_every_segment_introduces_its_sessions(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_spool, "SEGMENT_BYTES", 200)
    for number in range(4):
        spool.append(EVENT, SESSION, number, b"x" * 60, introduce)
    assert len(spool.segments) > 1
    assert all(found[0] == CREATE and set(found[1:]) == {EVENT} for found in kinds(spool))
    assert sum(found.count(EVENT) for found in kinds(spool)) == 4


def test_a_record_is_in_the_file_when_append_returns(spool: Spool) -> None:
    spool.append(EVENT, SESSION, 1, b'{"a":1}', introduce)
    segment = spool.segments[0]
    assert isinstance(segment, FileSegment)
    assert b'{"a":1}' in segment.path.read_bytes()


def test_full_quota_refuses_events_and_counts_them(spool: Spool, caplog: pytest.LogCaptureFixture) -> None:
    spool.quota_bytes = 500
    kept = [spool.append(EVENT, SESSION, number, b"x" * 100, introduce) for number in range(10)]
    assert kept == [True, True, True, False, False, False, False, False, False, False]
    assert spool.refused_events == 7
    assert spool.append(CREATE, b"t" * 16, 0, b"{}", introduce)  # how sessions begin and end is never refused
    assert len(caplog.records) == 1
    assert "AGENTOPS_SPOOL_QUOTA_BYTES" in caplog.text


def test_what_others_have_reserved_uses_up_little_of_the_quota(tmp_path: Path) -> None:
    """Of processes that record little, or were killed: their files are longer than what is in them."""
    others = [Spool(tmp_path, 1_000_000, Notices()) for _ in range(8)]
    for other in others:
        assert other.append(EVENT, SESSION, 1, b"x" * 500, introduce)
        other.sync()
    spool = Spool(tmp_path, 1_000_000, Notices())
    spool.list_foreign()
    assert spool.foreign_bytes < 200_000
    assert spool.append(EVENT, SESSION, 1, b"x" * 500, introduce)


def test_after_an_error_of_the_disk_records_are_on_it_again_soon(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    spool.append(EVENT, SESSION, 1, b"{}", introduce)

    def refuse(*_: object) -> int:
        raise OSError(errno.EIO, "once")

    with monkeypatch.context() as patch:
        patch.setattr(FileSegment, "append", refuse)
        assert spool.append(EVENT, SESSION, 2, b"{}", introduce)
    assert spool.append(EVENT, SESSION, 3, b"{}", introduce)
    assert [type(segment) for segment in spool.segments] == [FileSegment, MemorySegment]
    spool._retry_seconds = 0.0
    assert spool.append(EVENT, SESSION, 4, b"{}", introduce)
    assert [type(segment) for segment in spool.segments] == [FileSegment, MemorySegment, FileSegment]
    assert kinds(spool) == [[CREATE, EVENT], [CREATE, EVENT, EVENT], [CREATE, EVENT]]


@pytest.mark.parametrize("takes", [0, 1000], ids=["nothing", "what is small"])
def test_a_disk_that_stays_full_costs_neither_files_nor_memory(
    spool: Spool, monkeypatch: pytest.MonkeyPatch, takes: int
) -> None:
    """An empty file can still be made there, and it may take what is small."""
    monkeypatch.setattr(MemorySegment, "LIMIT_BYTES", 10_000)
    spool.append(EVENT, SESSION, 0, b"{}", introduce)
    append = FileSegment.append

    def append_little(segment: FileSegment, data: bytes) -> None:
        if len(data) > takes:
            raise OSError(errno.ENOSPC, "full")
        append(segment, data)

    monkeypatch.setattr(FileSegment, "append", append_little)
    kept = 0
    waits: list[float] = []
    for number in range(1, 30):
        kept += spool.append(EVENT, SESSION, number, b"x" * 2000, introduce)
        waits.append(spool._retry_seconds)
        spool._disk_failed_at -= 400  # it is tried again
    assert kept == 4  # with what the session is, that fills the memory
    assert sum(segment.held_bytes for segment in spool.segments if isinstance(segment, MemorySegment)) <= 10_000
    if not takes:
        assert len(list(spool.directory.glob("*.seg"))) == 1
        assert len(spool.segments) == 2
    assert waits[:3] == [5.0, 10.0, 20.0]
    assert max(waits) == 300


def test_a_segment_that_cannot_be_adopted_now_is_left_to_be_adopted(spool: Spool, tmp_path: Path) -> None:
    spool.append(EVENT, SESSION, 1, b"{}", introduce)
    segment = spool.segments[0]
    assert isinstance(segment, FileSegment)
    spool.close()
    segment.path.with_suffix(".cursor").mkdir()
    with pytest.raises(OSError, match="directory"):
        FileSegment.adopt(segment.path)
    segment.path.with_suffix(".cursor").rmdir()
    adopted = FileSegment.adopt(segment.path)
    assert adopted is not None
    adopted.delete()


def test_a_cursor_is_not_saved_for_a_segment_that_is_closed(spool: Spool) -> None:
    spool.append(EVENT, SESSION, 1, b"{}", introduce)
    segment = spool.segments[0]
    segment.delete()
    segment.save_cursor()
    assert list(spool.directory.iterdir()) == []


def test_what_others_keep_counts_towards_the_quota(spool: Spool, tmp_path: Path) -> None:
    spool.append(CREATE, SESSION, 0, b"{}", introduce)
    (spool.directory / "other.seg").write_bytes(b"x" * 9_999_900)
    assert [path.name for path in spool.list_foreign()] == ["other.seg"]
    assert not spool.append(EVENT, SESSION, 1, b"x" * 100, introduce)


def test_a_directory_that_cannot_be_made_falls_back_to_memory(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way")
    spool = Spool(tmp_path / "file" / "spool", 10**6, Notices())
    assert spool.append(EVENT, SESSION, 1, b"{}", introduce)
    assert isinstance(spool.segments[0], MemorySegment)
    assert kinds(spool) == [[CREATE, EVENT]]
    spool.append(EVENT, SESSION, 2, b"{}", introduce)
    assert len(caplog.records) == 1
    assert "AGENTOPS_SPOOL_DIR" in caplog.text


def test_a_disk_that_fills_up_falls_back_to_memory(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    spool.append(EVENT, SESSION, 1, b"{}", introduce)
    written = os.pwrite
    spool.segments[0].finish()  # what was reserved is still there when the disk is full

    def write(descriptor: int, data: bytes, offset: int) -> int:
        return written(descriptor, data[: len(data) // 2], offset)

    with monkeypatch.context() as patch:
        patch.setattr(_segment.os, "pwrite", write)
        assert spool.append(EVENT, SESSION, 2, b"{}", introduce)
    assert [type(segment) for segment in spool.segments] == [FileSegment, MemorySegment]
    assert kinds(spool) == [[CREATE, EVENT], [CREATE, EVENT]]
    assert spool.segments[0].size == os.stat(spool.segments[0].path).st_size  # type: ignore[attr-defined]


def test_memory_is_bounded(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> FileSegment:
        raise OSError(errno.EROFS, "read-only")

    monkeypatch.setattr(FileSegment, "create", refuse)
    monkeypatch.setattr(MemorySegment, "LIMIT_BYTES", 500)
    kept = [spool.append(EVENT, SESSION, number, b"x" * 100, introduce) for number in range(6)]
    assert kept == [True, True, True, False, False, False]
    memory = spool.segments[0]
    memory.cursor.offset = memory.size
    memory.save_cursor()
    assert spool.append(EVENT, SESSION, 9, b"x" * 100, introduce)
    assert [record.sequence for record in _after(memory)] == [9]


def _after(segment: _segment.Segment) -> list[Record]:
    return read_window(segment, segment.cursor.offset, segment.size, 10_000)[0]


def test_a_living_process_keeps_its_segment(spool: Spool) -> None:
    spool.append(EVENT, SESSION, 1, b"{}", introduce)
    segment = spool.segments[0]
    assert isinstance(segment, FileSegment)
    assert FileSegment.adopt(segment.path) is None
    spool.close()
    adopted = FileSegment.adopt(segment.path)
    assert adopted is not None
    assert FileSegment.adopt(segment.path) is None
    adopted.delete()
    assert FileSegment.adopt(segment.path) is None


def test_a_delivered_segment_is_deleted_on_close(spool: Spool) -> None:
    spool.append(EVENT, SESSION, 1, b"{}", introduce)
    spool.segments[0].cursor.offset = spool.segments[0].size
    spool.segments[0].save_cursor()
    spool.close()
    assert list(spool.directory.iterdir()) == []


def test_a_damaged_cursor_starts_again() -> None:
    data = Cursor(17, 3, 2, 1).encode()
    whole = Cursor.decode(data)
    assert (whole.offset, whole.sent, whole.acknowledged, whole.rejected) == (17, 3, 2, 1)
    assert Cursor.decode(b"\x01" + data[1:]).offset == 0
    assert Cursor.decode(data[:-1]).offset == 0


def test_a_cursor_keeps_what_stayed_behind() -> None:
    cursor = Cursor(1000, 3, 2, 1)
    cursor.lags = {b"a" * 16: 40, b"b" * 16: 700}
    decoded = Cursor.decode(cursor.encode() + b"the rest of a longer one")
    assert (decoded.offset, decoded.lags, decoded.settled) == (1000, cursor.lags, 40)
    assert not decoded.is_through(1000)
    decoded.lags.clear()
    assert decoded.is_through(1000)
    assert Cursor.decode(cursor.encode()[:-5]).lags == {}


def test_counts_of_segments_that_end_at_once_are_all_kept(tmp_path: Path) -> None:
    def finish() -> None:
        for _ in range(40):
            add_totals(tmp_path, Cursor(1, 3, 2, 1))

    threads = [threading.Thread(target=finish) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    totals = read_totals(tmp_path)
    assert (totals.sent, totals.acknowledged, totals.rejected) == (480, 320, 160)


def test_a_lock_that_nobody_lets_go_of_is_not_waited_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_locking, "_HOLD_ATTEMPTS", 3)
    with _locking.hold(tmp_path / "totals.lock"):
        add_totals(tmp_path, Cursor(1, 3, 2, 1))
    assert read_totals(tmp_path).sent == 0


def test_unfinished_files_of_dead_processes_are_deleted(spool: Spool) -> None:
    spool.append(EVENT, SESSION, 1, b"{}", introduce)
    old, fresh = spool.directory / "old.new", spool.directory / "fresh.new"
    for path in (old, fresh):
        path.touch()
    os.utime(old, (0, 0))
    spool.list_foreign()
    assert not old.exists()
    assert fresh.exists()


def test_what_is_recorded_is_synced_off_the_callers_thread(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[tuple[int, int]] = []
    done = threading.Event()

    def note(descriptor: int) -> None:
        size = find_end(lambda start, length: os.pread(descriptor, length, start), os.fstat(descriptor).st_size)
        synced.append((size, threading.get_ident()))
        done.set()

    monkeypatch.setattr(_sync, "_sync", note)
    monkeypatch.setattr(_sync, "INTERVAL_SECONDS", 0.01)
    sync = _sync.Sync(spool.sync)
    spool.append(EVENT, SESSION, 1, b"{}", introduce)
    sync.announce()
    assert done.wait(30)
    done.clear()
    spool.append(EVENT, SESSION, 2, b"{}", introduce)
    sync.announce()
    assert done.wait(30)
    sync.stop()
    assert synced[-1][0] == spool.segments[0].size
    assert threading.get_ident() not in {thread for _, thread in synced}


def test_it_is_synced_again_while_there_is_a_mapping_to_be_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_sync, "INTERVAL_SECONDS", 0.01)
    calls, done = [True, True, False], threading.Event()

    def look() -> bool:
        if len(calls) == 1:
            done.set()
        return calls.pop(0)  # a fourth time would raise

    sync = _sync.Sync(look)
    sync.announce()
    assert done.wait(30)
    time.sleep(0.1)
    assert (calls, sync.is_announced) == ([], False)
    sync.stop()


def test_a_segment_that_did_not_grow_is_not_synced_again(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(_sync, "_sync", synced.append)
    spool.append(EVENT, SESSION, 1, b"{}", introduce)
    for _ in range(3):
        spool.sync()
    assert len(synced) == 1
    spool.append(EVENT, SESSION, 2, b"{}", introduce)
    spool.close()
    spool.sync()
    assert len(synced) == 1


def test_an_earlier_segment_that_is_written_to_again_is_told_of_the_session(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last one is delivered and gone, an earlier one still waits."""
    monkeypatch.setattr(_spool, "SEGMENT_BYTES", 100)
    other = b"o" * 16
    spool.append(EVENT, other, 1, b"x" * 100, introduce)
    spool.append(EVENT, SESSION, 1, b"x" * 60, introduce)
    last = spool.segments[-1]
    last.cursor.offset = last.size
    spool.tidy()
    (left,) = spool.segments
    monkeypatch.setattr(spool, "_segment_bytes", 10_000)
    spool.append(EVENT, SESSION, 2, b"x", introduce)
    assert spool.segments == [left]
    records = list(iter_records(left, left.size))
    assert [record.kind for record in records if record.session == SESSION] == [CREATE, EVENT]
