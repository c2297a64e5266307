"""A model endpoint with fixed answers, so that a recording needs no key and no internet, and its figures are known.

It speaks the wire of each provider in ``scripted/``. A question with tools and without a result of one is answered with
a call of the first tool; the model named ``refused`` is refused. The first request below ``/busy/`` is told to come
again, and so is every second one after it. A stream below ``/held/`` stops after its first piece of text until
``POST /release``: a reader that gets nothing before the stream has ended would wait for ever, and is told so.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Condition, Thread
from typing import Any, cast

from tests.contract.otlp.scripted import (
    anthropic,
    assistants,
    bedrock,
    cohere,
    google,
    ollama,
    openai,
    responses,
    watsonx,
)
from tests.contract.otlp.scripted.script import ANSWER, ARGUMENTS, REFUSAL, REFUSED, Asked, Reply

__all__ = ["ANSWER", "ARGUMENTS", "REFUSAL", "REFUSED", "scripted_models"]

PROVIDERS = (ollama, openai, responses, assistants, anthropic, google, cohere, bedrock, watsonx)
_HOLD_S = 10
_BUSY = {"error": {"message": "Too many requests.", "type": "rate_limit_error", "code": "rate_limited"}}


@contextmanager
def scripted_models() -> Iterator[str]:
    """The endpoint on a free port of the loopback interface; yields its URL without a path."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self.busy = count()
        self._changed = Condition()
        self._waiting = 0

    def hold(self) -> None:
        """Wait until somebody has read what there is, and says so."""
        with self._changed:
            self._waiting += 1
            before = self._waiting
            if not self._changed.wait_for(lambda: self._waiting < before, _HOLD_S):
                self._waiting -= 1

    def release(self) -> bool:
        """Let a held stream go on; False where none waits."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._waiting > 0, _HOLD_S / 10):
                return False
            self._waiting -= 1
            self._changed.notify_all()
            return True


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(self.path, b"", cast("_Server", self.server))

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server = cast("_Server", self.server)
        if self.path == "/release":
            self._send(Reply({}, 200 if server.release() else 409))
            return
        self._answer(self.path, raw, server)

    def _answer(self, path: str, raw: bytes, server: _Server) -> None:
        body: Any = json.loads(raw) if raw else {}
        if path.startswith("/busy/") and next(server.busy) % 2 == 0:
            self._send(Reply(_BUSY, 429, headers={"Retry-After": "0", "retry-after-ms": "1"}))
            return
        is_held = path.startswith("/held/")
        asked = Asked(
            path.removeprefix("/busy").removeprefix("/held"),
            {name.lower(): value for name, value in self.headers.items()},
            body,
        )
        replies = (reply for provider in PROVIDERS if (reply := provider.answer(asked)) is not None)
        reply = next(replies, Reply({"error": {"message": f"no such route: {asked.path}"}}, 404))
        self._send(reply) if reply.chunks is None else self._stream(reply, is_held=is_held)

    def _send(self, reply: Reply) -> None:
        payload = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(payload)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload)

    def _stream(self, reply: Reply, *, is_held: bool) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for number, chunk in enumerate(reply.chunks or ()):
            if is_held and number == reply.held_after:
                cast("_Server", self.server).hold()
            self.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Nothing: the recording is what counts."""
