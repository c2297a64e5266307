"""Answers that are read block by block, on every driver."""

import tracemalloc

import pytest

from agentops_server.errors import Unavailable
from agentops_server.storage.warehouse import streams
from agentops_server.storage.warehouse.port import Format, Warehouse

from .answers import numbers, open_stream

ROWS = 50_000
SORTED = "SELECT n, text FROM things ORDER BY cityHash64(n), n SETTINGS max_block_size = 1000"


@pytest.fixture
def filled(things: Warehouse) -> Warehouse:
    things.insert("things", b"\n".join(b'{"n": %d, "text": "%s"}' % (n, b"x" * 100) for n in range(ROWS)))
    return things


def test_a_stream_has_every_row_once_and_in_order(filled: Warehouse) -> None:
    streamed = [n for block in filled.stream(SORTED, {}) for n in numbers(block)]
    assert sorted(streamed) == list(range(ROWS))
    assert streamed == numbers(filled.query(SORTED, {}))


def test_a_stream_holds_one_small_block_of_whole_lines(filled: Warehouse) -> None:
    whole_bytes = len(filled.query(SORTED, {}))
    blocks = 0
    tracemalloc.start()
    for block in filled.stream(SORTED, {}):
        assert block.endswith(b"\n")
        blocks += 1
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert blocks >= 10
    assert peak_bytes < whole_bytes / 4


def test_rows_larger_than_a_block_come_whole(things: Warehouse) -> None:
    things.insert("things", b"\n".join(b'{"n": %d, "text": "%s"}' % (n, b"y" * 3_000_000) for n in range(3)))
    blocks = list(things.stream("SELECT n, text FROM things ORDER BY n", {}))
    assert all(block.endswith(b"\n") for block in blocks)
    assert numbers(b"".join(blocks)) == [0, 1, 2]


def test_streams_that_are_closed_early_leave_their_places_to_others(filled: Warehouse) -> None:
    for _ in range(3 * streams.MOST):
        stream = open_stream(filled, SORTED)
        next(stream)
        stream.close()
    assert numbers(filled.query("SELECT count() AS n FROM things", {})) == [ROWS]


def test_streams_that_are_dropped_leave_their_places_to_others(filled: Warehouse) -> None:
    for _ in range(3 * streams.MOST):
        next(open_stream(filled, SORTED))
    assert numbers(filled.query("SELECT count() AS n FROM things", {})) == [ROWS]


def test_a_stream_that_was_closed_gives_nothing_more(filled: Warehouse) -> None:
    stream = open_stream(filled, SORTED)
    next(stream)
    stream.close()
    stream.close()
    assert list(stream) == []


def test_a_stream_of_nothing_is_empty(things: Warehouse) -> None:
    assert b"".join(things.stream(SORTED, {})) == b""


def test_a_stream_that_fails_after_its_first_rows_says_so(empty: Warehouse) -> None:
    sql = "SELECT throwIf(number = 900000) AS n FROM numbers(1000000) SETTINGS max_block_size = 1000"
    received: list[int] = []
    with pytest.raises(Unavailable, match="did not take or give"):
        received.extend(n for block in empty.stream(sql, {}) for n in numbers(block))
    assert 0 < len(received) <= 900_000
    assert set(received) == {0}
    assert numbers(empty.query("SELECT 7 AS n", {})) == [7]


def test_a_stream_of_csv_has_names_and_every_row(filled: Warehouse) -> None:
    sql = "SELECT n, text FROM things ORDER BY n"
    lines = b"".join(filled.stream(sql, {}, Format.CSV)).splitlines()
    assert lines[:2] == [b'"n","text"', b'0,"%s"' % (b"x" * 100)]
    assert len(lines) == 1 + ROWS


def test_a_stream_of_parquet_is_one_file(filled: Warehouse) -> None:
    whole = b"".join(filled.stream("SELECT n, text FROM things ORDER BY n", {}, Format.PARQUET))
    assert whole[:4] == whole[-4:] == b"PAR1"
    assert whole.count(b"PAR1") == 2
