"""A server that is busy: slow queries end and hold up nobody, and too much at once is asked to come back."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.serving import Server

from .api import Answer, Api, bearer, event

SLOW_SERVER = [sys.executable, str(Path(__file__).with_name("slow_server.py"))]
ROUNDS = 50


@pytest.fixture
def slow_file(tmp_path: Path) -> Path:
    return tmp_path / "slow"


@pytest.fixture
def slow(tmp_path: Path, slow_file: Path) -> Iterator[Api]:
    env = {"AGENTOPS_TEST_SLOW_WHILE": str(slow_file), "AGENTOPS_QUERY_TIMEOUT_S": "2"}
    server = Server(tmp_path, SLOW_SERVER, env)
    server.start()
    yield Api(server.url, server.api_key)
    server.stop()


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Api]:
    """A server where next to nothing may wait to be written."""
    server = Server(tmp_path, env={"AGENTOPS_MAX_WAITING_BYTES": "1024"})
    server.start()
    yield Api(server.url, server.api_key)
    server.stop()


def test_a_slow_query_ends_at_its_limit_and_holds_up_nobody(slow: Api, slow_file: Path) -> None:
    run = slow.start()
    slow_file.touch()
    with ThreadPoolExecutor(4) as pool:
        stats = [pool.submit(slow.ask, "GET", f"{run.path}/stats") for _ in range(4)]
        alive = 0
        while not all(answer.done() for answer in stats):
            assert slow.ask("GET", "/healthz", None, {}).status == 200
            assert run.record(event())["accepted"] == 1
            alive += 1
    assert alive > 3
    for answer in (future.result() for future in stats):
        assert (answer.status, answer.json()["code"]) == (503, "unavailable")
        assert "AGENTOPS_QUERY_TIMEOUT_S" in answer.json()["message"]

    slow_file.unlink()
    assert run.stats()["events"] == alive


def test_more_than_may_wait_is_429_with_a_time_to_come_back(narrow: Api) -> None:
    run = narrow.start()

    def send(n: int) -> Answer:
        return narrow.ask("POST", "/v2/create_events", {"events": [event(params="x" * 50_000)]}, bearer(run.token))

    accepted, refused = 0, []
    with ThreadPoolExecutor(8) as pool:
        for _ in range(ROUNDS):
            answers = list(pool.map(send, range(8)))
            accepted += sum(answer.status == 200 for answer in answers)
            refused = [answer for answer in answers if answer.status != 200]
            if refused:
                break
    assert refused
    for answer in refused:
        assert (answer.status, answer.json()["code"]) == (429, "busy")
        assert int(answer.headers["Retry-After"]) >= 1
    assert run.stats()["events"] == accepted
    assert send(0).status == 200
