"""What goes in comes out, whole or not at all, on every driver."""

import json
import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from agentops_server.errors import Unavailable
from agentops_server.storage.warehouse.port import Warehouse

from .answers import answer, numbers
from .drivers import Driver

TYPES = """
CREATE TABLE kinds (
    id UUID, big UInt64, small Int64, flag Bool, money Nullable(Decimal(38, 18)), tokens Nullable(UInt64),
    word LowCardinality(String), tags Array(String), usage Map(LowCardinality(String), UInt64),
    nested Array(Tuple(day Int32, model String, cost Decimal(38, 18)))
) ENGINE = MergeTree ORDER BY id
"""
KIND = {
    "id": "0190163d-8694-739b-aea5-966c26f8ad91",
    "big": (1 << 64) - 1,
    "small": -(1 << 63),
    "flag": True,
    "money": "12345678901234567890.123456789012345678",
    "tokens": None,
    "word": "東京 😀",
    "tags": ["a'b", "c\\", "d\ne", ""],
    "usage": {"input": 3, "cache": (1 << 53) + 1},
    "nested": [{"day": -1, "model": "gpt-4o", "cost": "0.000000000000000001"}],
}


def test_every_type_comes_back_as_it_was(empty: Warehouse) -> None:
    empty.execute(TYPES)
    empty.insert("kinds", json.dumps(KIND, ensure_ascii=False).encode())
    assert answer(empty, "SELECT * FROM kinds") == [KIND]


def test_text_that_is_hard_to_carry_comes_back_as_it_was(things: Warehouse) -> None:
    texts = ["\0", "\b\f\v\x1b\x7f", "\u2028\u2029\ufeff", "'; DROP TABLE things; --", "é e\u0301", "x" * 1_000_000]
    things.insert("things", b"\n".join(json.dumps({"n": n, "text": text}).encode() for n, text in enumerate(texts)))
    assert [row["text"] for row in answer(things, "SELECT text FROM things ORDER BY n")] == texts


@pytest.mark.parametrize(
    "rows", [b'{"n": 1}\ngarbage', b'{"n": 1}\n[2]', b'{"n": "x"}', b'{"n": -1.5}', b'{"nothing": 1}', b'{"n": 1']
)
def test_an_insert_that_fails_takes_nothing_and_the_next_one_goes_on(things: Warehouse, rows: bytes) -> None:
    for _ in range(3):
        with pytest.raises(Unavailable):
            things.insert("things", rows)
    things.insert("things", b'{"n": 7}')
    assert numbers(things.query("SELECT n FROM things", {})) == [7]


def test_errors_that_are_kept_leave_nothing_broken(things: Warehouse) -> None:
    """The engine refuses a row while it is appended or at the end, by chance; a sender may keep the error."""
    bad = b"\n".join([b'{"n": "x"}'] + [b'{"n": 1, "text": "%s"}' % (b"x" * 1000)] * 1000)
    kept = []
    for _ in range(100):
        with pytest.raises(Unavailable) as refused:
            things.insert("things", bad)
        kept.append(refused.value)
        things.insert("things", b'{"n": 7}')
    assert numbers(things.query("SELECT n FROM things", {})) == [7] * 100


def test_a_large_insert_is_taken_whole_or_not_at_all(things: Warehouse) -> None:
    some = random.Random(7)
    rows = [b'{"n": %d, "text": "%s"}' % (n, some.randbytes(1000).hex().encode()) for n in range(10_000)]
    with pytest.raises(Unavailable):
        things.insert("things", b"\n".join([*rows, b'{"n": "x"}']))
    assert numbers(things.query("SELECT n FROM things", {})) == []
    things.insert("things", b"\n".join(rows))
    assert numbers(things.query("SELECT count() AS n FROM things", {})) == [10_000]


def test_an_insert_into_no_table_is_unavailable(things: Warehouse) -> None:
    with pytest.raises(Unavailable):
        things.insert("nothing", b'{"n": 1}')


@pytest.mark.parametrize("rows", [b'{"n": 1}{"n": 2}', b'{"n": 1}\n\n', b'{"n": 1,\n"text": "a"}'])
def test_an_insert_of_other_than_the_given_rows_is_detected(things: Warehouse, rows: bytes) -> None:
    with pytest.raises(Unavailable, match="stored 1 of 2|stored 2 of 1"):
        things.insert("things", rows)


def test_the_same_rows_inserted_twice_are_counted_twice_as_stored(things: Warehouse) -> None:
    """An engine that silently dropped the copy would report rows that are not there: versions reduce copies, not it."""
    for _ in range(2):
        things.insert("things", b'{"n": 1}\n{"n": 2}')
    assert numbers(things.query("SELECT n FROM things ORDER BY n", {})) == [1, 1, 2, 2]


def test_the_highest_version_of_a_key_stands_wherever_it_comes_from(empty: Warehouse) -> None:
    empty.execute(
        "CREATE TABLE kept (k UInt32, version UInt64, n UInt32) ENGINE = ReplacingMergeTree(version) ORDER BY k"
    )
    for version in (2, 3, 1, 3):
        empty.insert("kept", b'{"k": 1, "version": %d, "n": %d}' % (version, version * 10))
    assert numbers(empty.query("SELECT n FROM kept FINAL", {})) == [30]


def test_inserts_of_many_threads_all_arrive(things: Warehouse) -> None:
    def insert(turn: int) -> None:
        things.insert("things", b"\n".join(b'{"n": %d}' % n for n in range(turn * 100, turn * 100 + 100)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(insert, range(32)))
    assert sorted(numbers(things.query("SELECT n FROM things", {}))) == list(range(3200))


def test_rows_are_there_after_a_new_start(driver: Driver) -> None:
    for expected in (1, 2, 3):
        warehouse = driver.open()
        warehouse.execute("CREATE TABLE IF NOT EXISTS things (n UInt32) ENGINE = MergeTree ORDER BY n")
        warehouse.insert("things", b'{"n": 1}')
        assert len(numbers(warehouse.query("SELECT n FROM things", {}))) == expected
        warehouse.close()
