"""One session that the server cannot take keeps on disk what it waits with, and no more than that."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import agentops
from agentops import ActionEvent, Session, _backoff, _compaction
from agentops._compaction import compact, delete_replaced, find_run
from agentops._records import CREATE, EVENT, STANDS_FOR, iter_records, pack
from agentops._segment import FileSegment
from agentops._totals import Totals, read_totals

from . import program
from .test_stuck_sessions import PoisonedServer, params

Start = Callable[..., Session]
STUCK, OTHER = b"s" * 16, b"o" * 16


@pytest.fixture
def server() -> Iterator[PoisonedServer]:
    server = PoisonedServer()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def _short_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_backoff, "FIRST_SECONDS", 0.001)
    monkeypatch.setattr(_backoff, "CAP_SECONDS", 0.01)


def make_segment(directory: Path, number: int, *, stuck: int = 2, settled: int = 40) -> FileSegment:
    """A segment in which `settled` events of one session are acknowledged, and `stuck` ones of another wait."""
    segment = FileSegment.create(directory)
    for session in (OTHER, STUCK):
        segment.append(pack(CREATE, session, 0, b'{"session":"%c"}' % session[0]))
    start = segment.size
    segment.append(pack(EVENT, STUCK, number * 100, b'{"n":%d}' % (number * 100)))
    for at in range(settled):
        segment.append(pack(EVENT, OTHER, at, b'{"other":"%s"}' % (b"x" * 50)))
    for at in range(1, stuck):
        segment.append(pack(EVENT, STUCK, number * 100 + at, b'{"n":%d}' % (number * 100 + at)))
    segment.cursor.offset = segment.size
    segment.cursor.lags = {STUCK: start}
    segment.cursor.sent = segment.cursor.acknowledged = settled
    segment.save_cursor()
    return segment


def waiting(segment: FileSegment) -> list[int]:
    records = [record for record in iter_records(segment, segment.size) if record.kind == EVENT]
    assert {record.session for record in records} <= {STUCK}
    return [record.sequence for record in records]


def test_what_waits_is_kept_in_order_and_what_is_settled_goes(tmp_path: Path) -> None:
    old = make_segment(tmp_path, 1, stuck=3)
    fresh = compact([old])
    assert fresh is not None
    assert waiting(fresh) == [100, 101, 102]
    assert fresh.size < old.size / 5
    kinds = [record.kind for record in iter_records(fresh, fresh.size)]
    assert kinds == [STANDS_FOR, CREATE, EVENT, EVENT, EVENT]
    first = next(record for record in iter_records(fresh, fresh.size) if record.kind == CREATE)
    assert (fresh.cursor.lags, fresh.cursor.offset) == ({STUCK: first.start}, fresh.size)
    assert sorted(path.name for path in tmp_path.glob("*.seg")) == [fresh.path.name, old.path.name]


def test_the_counts_stay_the_same(tmp_path: Path) -> None:
    run = [make_segment(tmp_path, number) for number in range(3)]
    before = read_totals(tmp_path)
    assert before == Totals(recorded=126, spooled=6, sent=120, acknowledged=120)
    fresh = compact(run)
    for segment in run:
        segment.delete()
    assert read_totals(tmp_path) == before
    assert fresh is not None
    assert waiting(fresh) == [0, 1, 100, 101, 200, 201]
    again = compact([fresh, make_segment(tmp_path, 3)])
    fresh.delete()
    assert again is not None
    assert waiting(again) == [0, 1, 100, 101, 200, 201, 300, 301]
    assert again.path.stem.endswith("-2")


def test_whoever_adopts_it_deletes_what_a_killed_writer_left(tmp_path: Path) -> None:
    run = sorted((make_segment(tmp_path, number) for number in range(2)), key=lambda segment: segment.path)
    fresh = compact(run)
    assert fresh is not None
    for segment in (fresh, *run):
        segment.close()  # as the kernel does for a killed process
    first, *_ = sorted(tmp_path.glob("*.seg"))
    assert first == fresh.path  # it is adopted before what it stands for
    adopted = FileSegment.adopt(first)
    assert adopted is not None
    delete_replaced(adopted)
    assert [path.suffix for path in sorted(tmp_path.iterdir())] == [".cursor", ".seg"]
    assert adopted.cursor.lags == fresh.cursor.lags


def test_a_disk_that_refuses_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = make_segment(tmp_path, 1)
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr("agentops._locking.os.write", lambda descriptor, data: write(descriptor, data[:20]))
        with pytest.raises(OSError, match="did not take"):
            compact([old])
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".cursor", ".seg"]
    assert sum(record.kind == EVENT for record in iter_records(old, old.size)) == 42
    fresh = compact([old])
    assert fresh is not None
    assert waiting(fresh) == [100, 101]


def test_only_what_shrinks_is_rewritten(tmp_path: Path) -> None:
    mostly_waiting = make_segment(tmp_path, 1, stuck=50, settled=1)
    assert find_run([mostly_waiting]) == [mostly_waiting]
    assert compact([mostly_waiting]) is None
    assert find_run([mostly_waiting]) == []


def test_what_is_being_delivered_is_left_alone(tmp_path: Path) -> None:
    behind, settled = make_segment(tmp_path, 1), make_segment(tmp_path, 2)
    behind.cursor.offset -= 1
    settled.cursor.lags.clear()
    assert find_run([behind, settled]) == []


def test_small_neighbours_are_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_compaction, "JOINED_SEGMENTS", 3)
    run = [make_segment(tmp_path, number) for number in range(4)]
    for segment in run:
        segment.compacted_lags = 1
    assert find_run(run) == run[:3]
    monkeypatch.setattr(_compaction, "JOINED_BYTES", 2 * run[0].size + 10)
    assert find_run(run) == []


def test_a_stuck_session_does_not_use_up_the_quota_of_the_others(
    start: Start, server: PoisonedServer, spool_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten times the quota goes through, and the stuck session takes part in all of it."""
    monkeypatch.setattr("agentops._spool._SMALLEST_SEGMENT_BYTES", 1)
    quota_bytes = 200_000
    open_before = len(os.listdir("/proc/self/fd"))
    stuck = start(spool_quota_bytes=quota_bytes, max_wait_time=20_000, flush_interval=1)
    other = agentops.start_session()
    assert other is not None
    assert agentops.flush(20)
    server.poisoned[str(stuck.session_id)] = (500, {})
    for number in range(400):
        other.record(ActionEvent(params=[number, "x" * 5_000]))
        if number % 4 == 0:
            stuck.record(ActionEvent(params=number))
        if number % 10 == 9:
            assert other.flush()
    assert (other.events_refused, stuck.events_refused) == (0, 0)
    assert sum(path.stat().st_size for path in spool_dir.rglob("*.seg")) < quota_bytes
    assert len(list(spool_dir.rglob("*.seg"))) < 2 * _compaction.JOINED_SEGMENTS
    assert len(os.listdir("/proc/self/fd")) < open_before + 100
    server.poisoned.clear()
    assert agentops.flush(30)
    assert params(server, stuck) == list(range(0, 400, 4))
    assert [number for number, _ in params(server, other)] == list(range(400))  # type: ignore[misc]
    sequences = [event["sequence"] for event in server.events[str(stuck.session_id)].values()]
    assert sequences == list(range(1, 101))
    agentops.Client().close()
    assert list(spool_dir.rglob("*.seg")) == []
    assert read_totals(next(spool_dir.iterdir())) == Totals(500, 0, 500, 500, 0)


KILLED = """
import agentops._compaction, agentops._spool
agentops._spool.SEGMENT_BYTES = 20_000
agentops._spool._SMALLEST_SEGMENT_BYTES = 1
rename, survivable = os.rename, int(os.environ["RENAMES"])
from pathlib import Path

def die_at_last(path, target):
    global survivable
    if "-" in target.stem[36:]:
        survivable -= 1
        if survivable == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    result = os.rename(path, target)
    if "-" in target.stem[36:] and survivable == 1 and os.environ["AFTER"]:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

Path.rename = die_at_last
stuck, other = agentops.init(flush_interval=1), agentops.start_session()
agentops.flush(20)
print(stuck.session_id, other.session_id, flush=True)
while not os.path.exists(os.environ["GO"]):
    time.sleep(0.01)
for number in range(100_000):
    stuck.record(ActionEvent(params=number))
    other.record(ActionEvent(params="x" * 5_000))
    print(number, flush=True)
    other.flush(0.05)
"""


@pytest.mark.parametrize("renames", [1, 2, 9])
@pytest.mark.parametrize("after", ["", "1"], ids=["before", "after"])
def test_a_kill_in_the_middle_loses_nothing(
    server: PoisonedServer, spool_dir: Path, tmp_path: Path, renames: int, after: str
) -> None:
    go = tmp_path / "go"
    env = program.environment(server, spool_dir, GO=str(go), RENAMES=str(renames + bool(after)), AFTER=after)
    process = program.start(KILLED, env)
    stuck, other = program.read_line(process).split()
    server.poisoned[stuck] = (500, {})
    go.touch()
    assert process.stdout is not None
    recorded = [int(line) for line in process.stdout]
    program.read_errors(process)
    assert process.returncode == -9
    assert list(spool_dir.rglob("*.seg"))
    server.poisoned.clear()
    code, _, _ = program.run("agentops.init(auto_start_session=False, max_wait_time=60_000)", env | {"RENAMES": "0"})
    assert code == 0
    arrived = [event["params"] for event in server.events[stuck].values()]
    assert arrived == list(range(len(arrived)))
    assert set(recorded) <= set(arrived)
    assert len(server.events[other]) >= len(recorded)
    assert list(spool_dir.rglob("*.seg")) == []
    totals = read_totals(next(spool_dir.iterdir()))
    assert (totals.spooled, totals.rejected) == (0, 0)
    assert totals.acknowledged >= 2 * len(recorded)
