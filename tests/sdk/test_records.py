from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentops._records import CREATE, EVENT, Record, iter_records, pack, read_window

SESSION = bytes(range(16))


class Bytes:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.reads = 0

    def read(self, offset: int, length: int) -> bytes:
        self.reads += 1
        return self.data[offset : offset + length]


def payloads(data: bytes, limit_bytes: int = 64) -> list[bytes]:
    return [record.payload for record in iter_records(Bytes(data), len(data), limit_bytes)]


@given(st.lists(st.binary(max_size=200), max_size=12), st.integers(1, 300))
def test_what_is_packed_is_read(contents: list[bytes], limit_bytes: int) -> None:
    data = b"".join(pack(EVENT, SESSION, number, content) for number, content in enumerate(contents))
    records = list(iter_records(Bytes(data), len(data), limit_bytes))
    assert [(r.kind, r.session, r.sequence, r.payload) for r in records] == [
        (EVENT, SESSION, number, content) for number, content in enumerate(contents)
    ]


@given(st.data(), st.integers(40, 300))
def test_a_damaged_record_loses_only_itself(data: st.DataObject, limit_bytes: int) -> None:
    packed = [pack(CREATE, SESSION, number, os.urandom(20) * 3) for number in range(6)]
    victim = data.draw(st.integers(0, 5))
    at = data.draw(st.integers(0, len(packed[victim]) - 1))
    flipped = bytearray(packed[victim])
    flipped[at] ^= data.draw(st.integers(1, 255))
    found = payloads(b"".join([*packed[:victim], bytes(flipped), *packed[victim + 1 :]]), limit_bytes)
    assert found == [packed[number][37:] for number in range(6) if number != victim]


@given(st.integers(0, 2000), st.integers(20, 300))
def test_a_torn_end_loses_only_the_last_record(cut: int, limit_bytes: int) -> None:
    packed = [pack(EVENT, SESSION, number, bytes([number]) * 50) for number in range(10)]
    whole = b"".join(packed)
    kept = whole[: max(0, len(whole) - cut)]
    assert payloads(kept, limit_bytes) == [bytes([n]) * 50 for n in range(len(kept) // len(packed[0]))]


def test_a_window_holds_one_record_even_if_it_is_larger_than_the_limit() -> None:
    data = pack(EVENT, SESSION, 1, b"x" * 5000) + pack(EVENT, SESSION, 2, b"y")
    records, following = read_window(Bytes(data), 0, len(data), 100)
    assert [(type(record), record.sequence) for record in records] == [(Record, 1)]
    assert following == records[0].end
    assert [record.sequence for record in read_window(Bytes(data), following, len(data), 100)[0]] == [2]


@pytest.mark.parametrize("data", [b"", b"\xa7", b"\xa7AO1", b"nothing of ours at all", b"\xa7AO1" * 30])
def test_rubbish_ends(data: bytes) -> None:
    assert payloads(data) == []
