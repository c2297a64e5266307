"""What was appended is there after a kill, in order, once; what was not finished is as if it had never begun."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentops_server.errors import Unavailable
from agentops_server.storage.journal.journal import SEGMENT_BYTES, Journal
from agentops_server.storage.journal.records import HEADER_BYTES, frame, iter_records
from agentops_server.storage.journal.segment import find_segments, segment_path

ALL = 1 << 30
Opener: TypeAlias = Callable[..., Journal]


@pytest.fixture
def open_journal(tmp_path: Path) -> Iterator[Callable[..., Journal]]:
    opened: list[Journal] = []

    def open_one(segment_bytes: int = SEGMENT_BYTES) -> Journal:
        opened.append(Journal(tmp_path, segment_bytes=segment_bytes))
        return opened[-1]

    yield open_one
    opened[-1].close()


def read_all(journal: Journal, position: int = 0) -> list[bytes]:
    found = []
    while records := journal.read(position, 1000):
        found += [payload for _, payload in records]
        position = records[-1][0]
    return found


def test_what_was_appended_is_read_in_order(open_journal: Opener) -> None:
    journal = open_journal()
    ends = journal.append([b"one", b"", b"three"]) + journal.append([b"four"])
    assert journal.read(0, ALL) == list(zip(ends, [b"one", b"", b"three", b"four"], strict=True))
    assert journal.read(ends[1], ALL) == [(ends[2], b"three"), (ends[3], b"four")]
    assert journal.read(journal.end, ALL) == []


def test_a_reader_gets_as_much_as_it_asks_for_and_at_least_one_record(open_journal: Opener) -> None:
    journal = open_journal()
    ends = journal.append([b"x" * 5000, b"y" * 10, b"z" * 10])
    assert journal.read(0, 100) == [(ends[0], b"x" * 5000)]
    assert [end for end, _ in journal.read(ends[0], 2 * (HEADER_BYTES + 10))] == ends[1:]


def test_it_goes_on_where_it_ended_after_a_restart(open_journal: Opener) -> None:
    first = open_journal()
    (after_one,) = first.append([b"one"])
    first.append([b"two"])
    first.release(after_one)
    first.close()

    second = open_journal()
    assert (second.released, second.waiting_bytes) == (after_one, HEADER_BYTES + 3)
    assert second.append([b"three"]) == [second.end]
    assert read_all(second, second.released) == [b"two", b"three"]


@pytest.mark.parametrize("tail", [b"\x07", frame(b"torn"), frame(b"torn") + b"to", frame(b"torn") + b"torm", bytes(50)])
def test_a_write_that_was_interrupted_is_as_if_never_begun(open_journal: Opener, tmp_path: Path, tail: bytes) -> None:
    first = open_journal()
    first.append([b"whole"])
    end = first.end
    first.close()
    with segment_path(tmp_path, 0).open("ab") as file:
        file.write(tail)

    second = open_journal()
    assert second.end == end
    second.append([b"next"])
    assert read_all(second) == [b"whole", b"next"]


@given(st.lists(st.binary(max_size=40), max_size=6), st.integers(min_value=0, max_value=300))
def test_of_a_cut_file_the_whole_records_are_read(payloads: list[bytes], cut: int) -> None:
    data = b"".join(frame(payload) + payload for payload in payloads)
    read = [payload for _, payload in iter_records(data[:cut])]
    assert read == payloads[: len(read)]
    assert sum(HEADER_BYTES + len(payload) for payload in read) <= cut
    assert cut < len(data) or read == payloads


def test_segments_follow_each_other_and_are_deleted_once_released(open_journal: Opener, tmp_path: Path) -> None:
    journal = open_journal(segment_bytes=100)
    ends = [journal.append([bytes([n]) * 60])[0] for n in range(10)]
    assert len(find_segments(tmp_path)) == 5
    assert read_all(journal) == [bytes([n]) * 60 for n in range(10)]

    journal.release(ends[4])
    assert find_segments(tmp_path)[0] <= ends[4]
    assert len(find_segments(tmp_path)) == 3
    assert read_all(journal, ends[4]) == [bytes([n]) * 60 for n in range(5, 10)]
    journal.release(journal.end)
    assert len(find_segments(tmp_path)) == 1
    assert journal.waiting_bytes == 0
    journal.close()

    heir = open_journal(segment_bytes=100)
    assert (heir.released, heir.end) == (ends[-1], ends[-1])


def test_a_note_of_what_was_released_that_is_lost_costs_reading_again(open_journal: Opener, tmp_path: Path) -> None:
    first = open_journal()
    first.append([b"one", b"two"])
    first.release(first.end)
    first.close()
    (tmp_path / "released").write_bytes(b"")
    assert read_all(open_journal()) == [b"one", b"two"]


def test_a_damaged_segment_is_set_aside_and_the_next_one_read(open_journal: Opener, tmp_path: Path) -> None:
    journal = open_journal(segment_bytes=50)
    for n in range(4):
        journal.append([bytes([n]) * 60])
    second = find_segments(tmp_path)[1]
    path = segment_path(tmp_path, second)
    data = bytearray(path.read_bytes())
    data[20] ^= 1
    path.write_bytes(data)

    assert read_all(journal) == [bytes([n]) * 60 for n in (0, 2, 3)]
    assert path.with_suffix(".damaged").read_bytes() == data
    assert not path.exists()


def test_a_full_disk_takes_nothing_and_breaks_nothing(open_journal: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = open_journal()
    journal.append([b"before"])
    sync = os.fdatasync

    def fail(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdatasync", fail)
    with pytest.raises(Unavailable, match="No space left"):
        journal.append([b"lost"])
    monkeypatch.setattr(os, "fdatasync", sync)
    journal.append([b"after"])
    assert read_all(journal) == [b"before", b"after"]


def test_a_note_that_the_disk_does_not_take_stops_nothing(
    open_journal: Opener, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    journal = open_journal()
    (tmp_path / "released").unlink()
    (tmp_path / "released").mkdir()
    journal.append([b"one"])
    journal.release(journal.end)
    assert journal.waiting_bytes == 0
    assert "cannot note" in caplog.text
    (tmp_path / "released").rmdir()


def test_a_file_that_is_gone_is_an_error_in_our_words(open_journal: Opener, tmp_path: Path) -> None:
    journal = open_journal()
    journal.append([b"one"])
    segment_path(tmp_path, 0).unlink()
    with pytest.raises(Unavailable, match="cannot be read"):
        journal.read(0, ALL)


def test_more_records_than_one_write_takes_are_one_append(open_journal: Opener) -> None:
    journal = open_journal()
    payloads = [str(n).encode() for n in range(5000)]
    assert len(journal.append(payloads)) == 5000
    assert read_all(journal) == payloads


def test_a_folder_is_held_by_one_journal_at_a_time(open_journal: Opener) -> None:
    journal = open_journal()
    with pytest.raises(Unavailable, match="in use"):
        open_journal()
    journal.close()
    open_journal()
