"""A server that keeps what an exporter sends and answers what makes it go on."""

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, cast

KEPT_HEADERS = ("Content-Type", "Content-Encoding", "Trace-Id")
ANSWERS: dict[str, Any] = {
    "/v3/auth/token": {"token": "token-of-the-project", "project_id": "", "project_prem_status": "pro"},
    "/v4/logs/upload/": {"url": "", "size": 0},
}


class Sink(ThreadingHTTPServer):
    """Listens on a free loopback port; ``requests`` grows in the order of arrival."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def open_sink() -> Iterator[Sink]:
    sink = Sink()
    Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield sink
    finally:
        sink.shutdown()
        sink.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self._read_body()
        headers = {name: self.headers[name] for name in KEPT_HEADERS if name in self.headers}
        is_json = headers.get("Content-Type", "").startswith("application/json")
        held = {"json": json.loads(body)} if is_json else {"base64": b64encode(body).decode()}
        cast("Sink", self.server).requests.append({"path": self.path, "headers": headers, **held})
        answer = json.dumps(ANSWERS.get(self.path, {})).encode() if is_json else b""
        self.send_response(200)
        self.send_header("Content-Type", headers.get("Content-Type", "application/json"))
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "") != "chunked":
            return self.rfile.read(int(self.headers["Content-Length"]))
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def do_GET(self) -> None:
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Nothing: the requests are what counts."""
