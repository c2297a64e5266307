"""Bodies on real sockets: encodings, bombs, more at once than memory is meant for, and clients that stop halfway."""

import gzip
import json
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from backports import zstd

from tests.serving import Server

from .api import Api, bearer, event

LARGE_BYTES = 32_000_000
CLIENTS = 100
# What the server may take while a hundred clients send 3.2 GB: the budget of bodies (64 MiB) and what becomes of them.
MOST_GROWTH_BYTES = 700 << 20
COMPRESS: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "deflate": zlib.compress, "zstd": zstd.compress}


@pytest.fixture
def lone(tmp_path: Path) -> Iterator[Server]:
    """A server with nobody else's load on it."""
    server = Server(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize("encoding", COMPRESS)
def test_a_compressed_body_that_comes_in_small_pieces_is_taken(api: Api, encoding: str) -> None:
    run = api.start()
    body = COMPRESS[encoding](json.dumps({"events": [event(params=str(n)) for n in range(500)]}).encode())
    pieces = (body[start : start + 700] for start in range(0, len(body), 700))
    headers = {**bearer(run.token), "Content-Encoding": encoding}
    answer = api.pool.request("POST", f"{api.url}/v2/create_events", body=pieces, headers=headers)
    assert answer.json() == {"status": "Success", "accepted": 500, "rejected": []}
    assert run.stats()["events"] == 500


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip"])
def test_an_encoding_that_is_unknown_is_415_and_the_message_says_what_is(api: Api, encoding: str) -> None:
    headers = {**bearer(api.start().token), "Content-Encoding": encoding}
    answer = api.ask("POST", "/v2/create_events", b"{}", headers)
    assert (answer.status, answer.json()["code"]) == (415, "unsupported")
    assert "gzip, deflate, zstd" in answer.json()["message"]


@pytest.mark.parametrize("encoding", COMPRESS)
def test_bombs_are_413_and_cost_no_memory(lone: Server, encoding: str) -> None:
    api = Api(lone.url, lone.api_key)
    headers = {**bearer(api.start().token), "Content-Encoding": encoding}
    bomb = COMPRESS[encoding](bytes(400 << 20))
    process = psutil.Process(lone.running.pid)
    before = process.memory_info().rss
    for _ in range(3):
        answer = api.ask("POST", "/v2/create_events", bomb, headers)
        assert (answer.status, answer.json()["code"]) == (413, "too_large")
    assert process.memory_info().rss - before < 200 << 20


def test_a_hundred_clients_with_the_largest_bodies_at_once_are_served_or_sent_away_in_bounded_memory(
    lone: Server,
) -> None:
    api = Api(lone.url, lone.api_key)
    run = api.start()
    process = psutil.Process(lone.running.pid)
    before, peak = process.memory_info().rss, [0]
    statuses: list[int] = []
    barrier, done = threading.Barrier(CLIENTS), threading.Event()

    def send() -> None:
        head = json.dumps({"events": [event(params="@")]}).encode()
        start, end = head.split(b"@")
        with socket.create_connection(("127.0.0.1", lone.port), timeout=120) as connection:
            barrier.wait()
            length = len(start) + LARGE_BYTES + len(end)
            request = f"POST /v2/create_events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {run.token}\r\n"
            connection.sendall(f"{request}Content-Length: {length}\r\n\r\n".encode() + start)
            for _ in range(LARGE_BYTES // len(PIECE)):
                connection.sendall(PIECE)
            connection.sendall(end)
            statuses.append(int(connection.makefile("rb").readline().split()[1]))

    def watch() -> None:
        while not done.wait(0.05):
            peak[0] = max(peak[0], process.memory_info().rss)

    threads = [threading.Thread(target=send) for _ in range(CLIENTS)]
    watcher = threading.Thread(target=watch)
    for thread in (watcher, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    watcher.join()
    assert len(statuses) == CLIENTS
    assert set(statuses) <= {200, 429}
    assert statuses.count(200) >= 1
    assert statuses.count(429) >= 1
    assert run.stats()["events"] == statuses.count(200)
    assert peak[0] - before < MOST_GROWTH_BYTES


PIECE = b"x" * 100_000


def test_an_odd_body_of_brackets_is_refused_and_holds_up_nobody(api: Api) -> None:
    run, done = api.start(), threading.Event()
    statuses: list[int] = []

    def send() -> None:
        body = b'{"events": [' + b"[]," * 10_000_000 + b"NaN]}"
        statuses.extend(api.ask("POST", "/v2/create_events", body, bearer(run.token)).status for _ in range(2))
        done.set()

    sender = threading.Thread(target=send)
    sender.start()
    served = 0
    while not done.is_set():
        served += run.record(event())["accepted"]
    sender.join()
    assert statuses == [413, 413]
    assert served > 5


def test_a_client_that_goes_away_in_the_middle_gives_its_part_of_the_budget_back(tmp_path: Path) -> None:
    server = Server(tmp_path, env={"AGENTOPS_MAX_WAITING_BYTES": "1000000"})
    server.start()
    try:
        api = Api(server.url, server.api_key)
        run = api.start()
        for _ in range(5):
            with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
                head = f"POST /v2/create_events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {run.token}\r\n"
                connection.sendall(f"{head}Content-Length: 900000\r\n\r\n{{".encode())
        accepted = 0
        while not accepted:  # the server sees the ends of the connections a moment later
            answer = api.ask("POST", "/v2/create_events", {"events": [event(params="x" * 800_000)]}, bearer(run.token))
            assert answer.status in {200, 429}
            accepted += answer.status == 200
        assert run.stats()["events"] == 1
    finally:
        server.stop()
