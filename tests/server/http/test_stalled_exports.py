"""Readers of exports who stop reading keep nobody else from an answer."""

import socket
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import urllib3

from agentops_server.storage.warehouse import streams

from .api import Api, Run, call

STALLED = 20
EVENTS = 300
PROMPT = "x" * 50_000
"""Together more than the sockets and the blocks in between hold, so that the export waits for its reader."""


def test_twenty_stalled_exports_keep_nobody_from_statistics(own: Api) -> None:
    run = own.start()
    for _ in range(EVENTS // 50):
        run.record(*[call(prompt=PROMPT) for _ in range(50)])
    assert run.stats()["llms"] == EVENTS
    address = urlsplit(own.url)
    request = f"GET {run.path}/export HTTP/1.1\r\nHost: server\r\nX-Agentops-Api-Key: {own.api_key}\r\n\r\n"
    with ExitStack() as connections:
        stalled = [connections.enter_context(socket.socket()) for _ in range(STALLED)]
        for connection in stalled:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect((address.hostname, address.port))
            connection.sendall(request.encode())
        for connection in stalled[: streams.MOST]:
            assert connection.recv(12) == b"HTTP/1.1 200"
        for _ in range(10):
            assert run.stats()["llms"] == EVENTS
            assert own.get("/v2/sessions")["sessions"]
    while (export := try_export(run)) is None:
        """The places of those who went away come back one by one."""
    assert len(export["llms"]) == EVENTS


def try_export(run: Run) -> Any:
    try:
        return run.export()
    except urllib3.exceptions.ProtocolError:  # it was begun, and then found no place for its next list
        return None
