"""No answer ever holds another's data: every call has a connection to itself."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from agentops_server.errors import Unavailable
from agentops_server.storage.warehouse import embedded, streams
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse

from .running import run_python

STRESSING = "tests.server.storage.warehouse.stressing"


def test_the_stress_detects_a_shared_connection(tmp_path: Path) -> None:
    run = run_python("-m", STRESSING, tmp_path, "shared")
    assert run.returncode <= 0, run.stderr  # sharing may also crash the engine
    answers = json.loads(run.stdout) if run.returncode == 0 else {"crash": 1}
    assert answers.keys() & {"wrong", "error", "crash"}, "one connection for all threads was not found out"


def test_more_queries_than_connections_wait_for_their_turn(empty_warehouse: EmbeddedWarehouse) -> None:
    def ask(number: int) -> bytes:
        return empty_warehouse.query("SELECT {n:UInt32} AS n, sleep(0.05) AS s", {"n": number})

    with ThreadPoolExecutor(4 * embedded.READ_CONNECTIONS) as pool:
        answers = list(pool.map(ask, range(4 * embedded.READ_CONNECTIONS)))
    assert [json.loads(answer)["n"] for answer in answers] == list(range(4 * embedded.READ_CONNECTIONS))


def test_a_query_is_refused_when_no_connection_comes_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "CHECKOUT_TIMEOUT_S", 0.05)
    warehouse = EmbeddedWarehouse(tmp_path)
    with ExitStack() as held:
        for _ in range(embedded.READ_CONNECTIONS):
            held.enter_context(warehouse._readers.lend())
        with pytest.raises(Unavailable, match="too many queries"):
            warehouse.query("SELECT 1", {})
    assert warehouse.query("SELECT 1 AS x", {}) == b'{"x":1}\n'
    warehouse.close()


def test_streams_that_stall_hold_up_no_query(empty_warehouse: EmbeddedWarehouse) -> None:
    stalled = [empty_warehouse.stream("SELECT number FROM numbers(10)", {}) for _ in range(streams.MOST)]
    for stream in stalled:
        next(stream)
    assert empty_warehouse._readers.free == embedded.READ_CONNECTIONS
    assert empty_warehouse.query("SELECT 1 AS x", {}) == b'{"x":1}\n'
