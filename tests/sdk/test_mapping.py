"""Records that are stored in memory that is mapped from the file: what is read of them, and where there is no such."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from agentops import _acceleration, _mapping, _segment
from agentops._log import Notices
from agentops._mapping import map_file, reserve
from agentops._records import EVENT
from agentops._segment import FileSegment, find_end
from agentops._spool import Spool
from agentops._totals import list_segments

from .storing import SESSIONS, begin, introduce, keep, make_spool, numbers, record

MOUNTS = """\
23 28 0:21 / /proc rw,nosuid shared:12 - proc proc rw
28 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw,errors=remount-ro
31 28 0:40 / /mnt/there rw - nfs4 server:/there rw,vers=4.2
36 28 0:52 / /var/lib/x rw master:1 - fuse.sshfs me@there:/ rw
40 28 259:1 /a\\040b /data rw - xfs /dev/nvme0n1p1 rw
"""

pytestmark = pytest.mark.usefixtures("each_form")


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spool:
    monkeypatch.setattr(_segment, "_MOST_WRITES", 0)
    return make_spool(tmp_path)


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


def test_who_records_now_and_then_has_no_mapping(tmp_path: Path) -> None:
    spool = make_spool(tmp_path)
    segment = begin(spool, SESSIONS[0])
    for number in range(1, 10):
        assert not keep(spool, SESSIONS[0], number)
        spool.sync()
        assert segment.path.stat().st_size == segment.size
    assert sum(keep(spool, SESSIONS[0], number) for number in range(10, 30)) > 5
    assert numbers(spool, SESSIONS[0]) == list(range(1, 30))


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
    assert spool.sync()
    monkeypatch.undo()
    assert segment._mapping is not None  # opened here, not by who records
    assert not keep(spool, SESSIONS[0], 3)  # which tells that there is something
    assert keep(spool, SESSIONS[0], 4)
    assert spool.sync()
    assert not spool.sync()
    assert [segment._mapping] == [None]  # who rests has none
    assert not keep(spool, SESSIONS[0], 5)
    assert numbers(spool, SESSIONS[0]) == [1, 2, 3, 4, 5]


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
    monkeypatch.setattr(segment, "_reserved_bytes", 1_000_000)  # as far as it knows
    spool.sync()
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


def test_the_kernel_is_asked_and_says_no(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a page for which the file has none any more: an error, where a store would have ended the process."""
    monkeypatch.setattr(_acceleration, "native", None)  # its form in Python can be asked again
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
from tests.sdk.storing import EVENT, SESSIONS, Notices, Spool, begin, introduce, record
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
