"""The engine through the port: what goes in comes out, what cannot be is an error, and nothing stays broken."""

import json
import threading
import tracemalloc
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import cast

import pytest

from agentops_server.errors import Unavailable
from agentops_server.storage.warehouse import embedded, streams
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse

ROWS = 50_000
SORTED = "SELECT n, text FROM things ORDER BY cityHash64(n), n SETTINGS max_block_size = 1000"
SLOW = "SELECT sum(sleepEachRow(0.1)) AS n FROM numbers(200) SETTINGS max_block_size = 1"
"""Twenty seconds, if nothing ends it."""


@pytest.fixture
def things(empty_warehouse: EmbeddedWarehouse) -> EmbeddedWarehouse:
    """A warehouse with one empty table."""
    empty_warehouse.execute("CREATE TABLE things (n UInt32, text String) ENGINE = MergeTree ORDER BY n")
    return empty_warehouse


@pytest.fixture
def impatient(tmp_path: Path) -> Iterator[EmbeddedWarehouse]:
    warehouse = EmbeddedWarehouse(tmp_path, query_timeout_s=0.5, stream_timeout_s=0.5)
    yield warehouse
    warehouse.close()


@pytest.fixture
def filled(things: EmbeddedWarehouse) -> EmbeddedWarehouse:
    things.insert("things", b"\n".join(b'{"n": %d, "text": "%s"}' % (n, b"x" * 100) for n in range(ROWS)))
    return things


def numbers(lines: bytes) -> list[int]:
    return [json.loads(line)["n"] for line in lines.splitlines()]


def open_stream(warehouse: EmbeddedWarehouse, sql: str) -> Generator[bytes, None, None]:
    return cast("Generator[bytes, None, None]", warehouse.stream(sql, {}))


def test_a_stream_has_every_row_once_and_in_order(filled: EmbeddedWarehouse) -> None:
    streamed = [n for block in filled.stream(SORTED, {}) for n in numbers(block)]
    assert sorted(streamed) == list(range(ROWS))
    assert streamed == numbers(filled.query(SORTED, {}))


def test_a_stream_holds_one_small_block_of_whole_lines(filled: EmbeddedWarehouse) -> None:
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


def test_a_stream_that_is_closed_early_frees_its_connection(filled: EmbeddedWarehouse) -> None:
    for _ in range(3 * streams.MOST):
        stream = open_stream(filled, SORTED)
        next(stream)
        stream.close()
    assert filled._stream_readers.free == streams.MOST
    assert numbers(filled.query("SELECT count() AS n FROM things", {})) == [ROWS]


def test_a_stream_that_is_dropped_frees_its_connection(filled: EmbeddedWarehouse) -> None:
    for _ in range(2 * streams.MOST):
        next(open_stream(filled, SORTED))
    assert filled._stream_readers.free == streams.MOST
    assert numbers(filled.query("SELECT count() AS n FROM things", {})) == [ROWS]


def test_a_stream_of_nothing_is_empty(things: EmbeddedWarehouse) -> None:
    assert b"".join(things.stream(SORTED, {})) == b""


@pytest.mark.parametrize(
    "sql", ["SELECT bogus FROM things", "SELEC 1", "SELECT throwIf(number = 900) FROM numbers(1000)"]
)
@pytest.mark.parametrize("method", ["query", "stream"])
def test_a_query_that_fails_is_unavailable_and_its_connection_goes_on(
    things: EmbeddedWarehouse, method: str, sql: str
) -> None:
    for _ in range(2 * embedded.READ_CONNECTIONS):
        with pytest.raises(Unavailable) as failed:
            list(getattr(things, method)(sql, {}))
        assert "bogus" not in failed.value.message
    assert numbers(things.query("SELECT 7 AS n", {})) == [7]


@pytest.mark.parametrize("method", ["query", "stream"])
def test_a_query_ends_at_its_time_limit_and_its_connection_goes_on(impatient: EmbeddedWarehouse, method: str) -> None:
    with pytest.raises(Unavailable, match="longer than its time limit.*AGENTOPS_QUERY_TIMEOUT_S"):
        list(getattr(impatient, method)(SLOW, {}))
    for _ in range(2 * embedded.READ_CONNECTIONS):
        assert numbers(impatient.query("SELECT 7 AS n", {})) == [7]


def test_a_query_over_its_memory_is_unavailable(empty_warehouse: EmbeddedWarehouse) -> None:
    hungry = "SELECT groupArray(number) AS n FROM numbers(100000000) SETTINGS max_memory_usage = 10000000"
    with pytest.raises(Unavailable, match="more memory"):
        empty_warehouse.query(hungry, {})


def test_other_threads_run_while_a_query_does(empty_warehouse: EmbeddedWarehouse) -> None:
    done = threading.Event()

    def sleep() -> None:
        empty_warehouse.query("SELECT sleep(2)", {})
        done.set()

    thread = threading.Thread(target=sleep)
    thread.start()
    turns = sum(1 for _ in iter(done.is_set, True) if empty_warehouse.query("SELECT 1", {}))
    thread.join()
    assert turns > 5


@pytest.mark.parametrize(
    "rows", [b'{"n": 1}\ngarbage', b'{"n": 1}\n[2]', b'{"n": "x"}', b'{"n": -1.5}', b'{"nothing": 1}', b'{"n": 1']
)
def test_an_insert_that_fails_takes_nothing_and_the_writer_goes_on(things: EmbeddedWarehouse, rows: bytes) -> None:
    with pytest.raises(Unavailable):
        things.insert("things", rows)
    things.insert("things", b'{"n": 7}')
    assert numbers(things.query("SELECT n FROM things", {})) == [7]


def test_refused_inserts_never_block_the_next_one(things: EmbeddedWarehouse) -> None:
    """The engine refuses a row while it is appended or at the end, by chance; a sender may keep the error."""
    bad = b"\n".join([b'{"n": "x"}'] + [b'{"n": 1, "text": "%s"}' % (b"x" * 1000)] * 1000)
    kept = []
    for _ in range(100):
        with pytest.raises(Unavailable) as refused:
            things.insert("things", bad)
        kept.append(refused.value)
        things.insert("things", b'{"n": 7}')
    assert numbers(things.query("SELECT n FROM things", {})) == [7] * 100


def test_a_large_insert_is_taken_whole_or_not_at_all(things: EmbeddedWarehouse) -> None:
    rows = [b'{"n": %d, "text": "%s"}' % (n, b"x" * 2000) for n in range(10_000)]
    with pytest.raises(Unavailable):
        things.insert("things", b"\n".join([*rows, b'{"n": "x"}']))
    assert numbers(things.query("SELECT n FROM things", {})) == []
    things.insert("things", b"\n".join(rows))
    assert numbers(things.query("SELECT count() AS n FROM things", {})) == [10_000]


def test_an_insert_into_no_table_is_unavailable(things: EmbeddedWarehouse) -> None:
    with pytest.raises(Unavailable):
        things.insert("nothing", b'{"n": 1}')


@pytest.mark.parametrize("rows", [b'{"n": 1}{"n": 2}', b'{"n": 1}\n\n', b'{"n": 1,\n"text": "a"}'])
def test_an_insert_of_other_than_the_given_rows_is_detected(things: EmbeddedWarehouse, rows: bytes) -> None:
    with pytest.raises(Unavailable, match="stored 1 of 2|stored 2 of 1"):
        things.insert("things", rows)


def test_rows_are_there_after_a_new_start(tmp_path: Path) -> None:
    for expected in (1, 2, 3):
        warehouse = EmbeddedWarehouse(tmp_path)
        warehouse.execute("CREATE TABLE IF NOT EXISTS things (n UInt32) ENGINE = MergeTree ORDER BY n")
        warehouse.insert("things", b'{"n": 1}')
        assert len(numbers(warehouse.query("SELECT n FROM things", {}))) == expected
        warehouse.close()


def test_a_closed_warehouse_answers_nothing(tmp_path: Path) -> None:
    warehouse = EmbeddedWarehouse(tmp_path)
    warehouse.close()
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever it is, it is no answer
        warehouse.query("SELECT 1", {})
