"""Questions, their limits and their failures, on every driver."""

import threading
from collections import Counter

import pytest

from agentops_server.errors import Unavailable
from agentops_server.storage.warehouse import embedded
from agentops_server.storage.warehouse.port import Warehouse
from tests.server.storage.warehouse.stressing import QUERIES, TENANTS, fill, stress

from .answers import numbers, open_stream
from .drivers import Driver

SLOW = "SELECT sum(sleepEachRow(0.1)) AS n FROM numbers(200) SETTINGS max_block_size = 1"
"""Twenty seconds, if nothing ends it."""
PATIENCE_S = 60


@pytest.mark.parametrize(
    "sql", ["SELECT bogus FROM things", "SELEC 1", "SELECT throwIf(number = 900) FROM numbers(1000)"]
)
@pytest.mark.parametrize("method", ["query", "stream"])
def test_a_query_that_fails_is_unavailable_and_the_next_one_goes_on(things: Warehouse, method: str, sql: str) -> None:
    for _ in range(2 * embedded.READ_CONNECTIONS):
        with pytest.raises(Unavailable) as failed:
            list(getattr(things, method)(sql, {}))
        assert "bogus" not in failed.value.message
    assert numbers(things.query("SELECT 7 AS n", {})) == [7]


@pytest.mark.parametrize("method", ["query", "stream"])
def test_a_query_ends_at_its_time_limit_and_the_next_one_goes_on(driver: Driver, method: str) -> None:
    impatient = driver.open(query_timeout_s=0.5, stream_timeout_s=0.5)
    with pytest.raises(Unavailable, match="longer than its time limit.*AGENTOPS_QUERY_TIMEOUT_S"):
        list(getattr(impatient, method)(SLOW, {}))
    assert numbers(impatient.query("SELECT 7 AS n", {})) == [7]


def test_a_stream_may_be_read_for_longer_than_a_query_may_take(driver: Driver) -> None:
    warehouse = driver.open(query_timeout_s=0.2)
    sql = "SELECT number AS n, sleepEachRow(0.05) AS slept FROM numbers(20) SETTINGS max_block_size = 1"
    assert len([n for block in warehouse.stream(sql, {}) for n in numbers(block)]) == 20


def test_a_query_over_its_memory_is_unavailable(empty: Warehouse) -> None:
    hungry = "SELECT groupArray(number) AS n FROM numbers(100000000) SETTINGS max_memory_usage = 10000000"
    with pytest.raises(Unavailable, match="more memory"):
        empty.query(hungry, {})


def test_a_statement_that_fails_says_why(empty: Warehouse) -> None:
    with pytest.raises(Unavailable, match="refused a statement: .*CREATE"):
        empty.execute("CREATE TABLE things")


def test_other_threads_run_while_a_query_does(empty: Warehouse) -> None:
    done = threading.Event()

    def sleep() -> None:
        empty.query("SELECT sleep(2)", {})
        done.set()

    thread = threading.Thread(target=sleep)
    thread.start()
    turns = sum(1 for _ in iter(done.is_set, True) if empty.query("SELECT 1", {}))
    thread.join()
    assert turns > 5


def test_parallel_tenants_get_their_own_answers(empty: Warehouse) -> None:
    fill(empty)
    assert stress(empty, QUERIES // 3) == Counter(right=TENANTS * (QUERIES // 3))


def test_a_running_query_does_not_hold_up_an_insert(things: Warehouse) -> None:
    things.insert("things", b"\n".join(b'{"n": %d}' % n for n in range(1000)))
    inserted = threading.Event()

    def insert() -> None:
        things.insert("things", b'{"n": 1}')
        inserted.set()

    blocks = open_stream(things, "SELECT * FROM things SETTINGS max_block_size = 1")
    next(blocks)
    thread = threading.Thread(target=insert)
    thread.start()
    assert inserted.wait(PATIENCE_S)
    thread.join()
    blocks.close()


def test_a_closed_warehouse_answers_nothing(driver: Driver) -> None:
    warehouse = driver.open()
    warehouse.close()
    with pytest.raises(Unavailable, match="closed"):
        warehouse.query("SELECT 1", {})
    with pytest.raises(Unavailable, match="closed"):
        next(iter(warehouse.stream("SELECT 1", {})))


def test_a_stream_that_is_open_when_the_warehouse_closes_says_so(driver: Driver) -> None:
    warehouse = driver.open()
    stream = iter(warehouse.stream("SELECT number FROM numbers(1000000) SETTINGS max_block_size = 1000", {}))
    next(stream)
    warehouse.close()
    with pytest.raises(Unavailable, match="server stops"):
        next(stream)
