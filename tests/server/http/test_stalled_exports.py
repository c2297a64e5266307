"""Readers of exports who stop reading keep nobody else from an answer."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from urllib.parse import urlsplit

import pytest

from agentops_server.storage.warehouse import streams
from tests.serving import Server

from .api import Api, call

STALLED = 20
EVENTS = 300
PROMPT = "x" * 50_000
"""Together more than the sockets and the blocks in between hold, so that the export waits for its reader."""
PATIENCE_S = 60
STATUS_BYTES = len("HTTP/1.1 200")


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Api]:
    """A server for nobody else: it goes on with what stalled for a while after the test."""
    server = Server(tmp_path)
    server.start()
    yield Api(server.url, server.api_key)
    server.stop()


def test_twenty_stalled_exports_keep_nobody_from_statistics(alone: Api) -> None:
    run = alone.start()
    for _ in range(EVENTS // 50):
        run.record(*[call(prompt=PROMPT) for _ in range(50)])
    assert run.stats()["llms"] == EVENTS
    address = urlsplit(alone.url)
    request = f"GET {run.path}/export HTTP/1.1\r\nHost: server\r\nX-Agentops-Api-Key: {alone.api_key}\r\n\r\n"
    with ExitStack() as connections:
        stalled = [connections.enter_context(socket.socket()) for _ in range(STALLED)]
        for connection in stalled:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect((address.hostname, address.port))
            connection.sendall(request.encode())
        assert take_statuses(stalled, streams.MOST) == {"200": streams.MOST}
        for _ in range(10):
            assert run.stats()["llms"] == EVENTS
            assert alone.get("/v2/sessions")["sessions"]
        # Who finds no place is told so, before an answer begins that could not go on.
        rest = len(stalled)
        assert take_statuses(stalled, rest) == {"503": rest}
    while (answer := alone.ask("GET", f"{run.path}/export")).status == 503:
        assert "too many exports are being read" in answer.json()["message"]
    assert len(answer.json()["llms"]) == EVENTS


def take_statuses(connections: list[socket.socket], count: int) -> dict[str, int]:
    """How often each status comes first, on so many connections; they are taken from the list."""
    found: dict[str, int] = {}
    with DefaultSelector() as waiting:
        for connection in connections:
            waiting.register(connection, EVENT_READ)
        while count > 0:
            come = {key.fd for key, _ in waiting.select(PATIENCE_S)}
            ready = [connection for connection in connections if connection.fileno() in come]
            assert ready, "no answer in a minute"
            for connection in ready[:count]:
                status = connection.recv(STATUS_BYTES).decode().rpartition(" ")[2]
                found[status] = found.get(status, 0) + 1
                waiting.unregister(connection)
                connections.remove(connection)
                count -= 1
    return found
