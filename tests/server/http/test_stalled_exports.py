"""Readers of exports who stop reading keep nobody else from an answer."""

import json
import socket
import uuid
from contextlib import ExitStack
from urllib.parse import urlsplit

from agentops_server.storage.warehouse import streams

from .api import Api

STALLED = 20
EVENTS = 3000
assert streams.MOST < STALLED


def test_twenty_stalled_exports_do_not_keep_others_from_their_stats(own: Api) -> None:
    session_id = str(uuid.uuid4())
    own.record(session_id, EVENTS)
    address = urlsplit(own.url)
    request = f"GET /v2/sessions/{session_id}/export HTTP/1.1\r\nHost: x\r\nX-Agentops-Api-Key: {own.key}\r\n\r\n"
    with ExitStack() as connections:
        for _ in range(STALLED):
            connection = connections.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect((address.hostname, address.port))
            connection.sendall(request.encode())
        for _ in range(10):
            assert json.loads(own.get(f"/v2/sessions/{session_id}/stats"))["llms"] == EVENTS
