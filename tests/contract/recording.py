"""A server that keeps what a client sends and answers as docs/reference/http-api.md says, so the client goes on."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, cast

KEPT_HEADERS = ("Content-Type", "Content-Encoding", "X-Agentops-Api-Key", "X-Agentops-Parent-Key", "Authorization")
COUNTS = {"llms": 0, "tools": 0, "actions": 0, "errors": 0}
ANSWERS: dict[str, Any] = {
    "/v2/create_session": {"status": "Success", "jwt": "token-of-the-session", "session_url": "", "project_id": ""},
    "/v2/reauthorize_jwt": {"status": "Success", "jwt": "token-of-the-session", "project_id": ""},
    "/v2/update_session": {"status": "success", "token_cost": "0.0075", "event_counts": COUNTS, "session_url": ""},
    "/v2/create_events": {"status": "Success", "accepted": 0, "rejected": []},
    "/v2/update_events": {"status": "Success", "accepted": 0, "rejected": []},
    "/v2/create_agent": "Success",
}


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: Any


class RecordingServer(ThreadingHTTPServer):
    """Listens on a free loopback port; ``requests`` grows in the order of arrival."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[Request] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def recording_server() -> Iterator[RecordingServer]:
    server = RecordingServer()
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        payload = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name: self.headers[name] for name in KEPT_HEADERS if name in self.headers}
        server = cast("RecordingServer", self.server)
        server.requests.append(Request("POST", self.path, headers, json.loads(payload)))
        status, answer = (200, ANSWERS[self.path]) if self.path in ANSWERS else (404, {"message": "no such route"})
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Nothing: the requests are what counts."""
