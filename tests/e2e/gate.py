"""A proxy between an agent and the server that holds a chosen request, so that a test can kill exactly there."""

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any, Literal, cast

import urllib3

Where = Literal["before", "after"]
WAIT_S = 60
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


@dataclass
class Stop:
    """A place where the next request that fits is held: before the server sees it, or before the agent is answered."""

    path: str
    where: Where
    fits: Callable[[Any], bool]
    _reached: Event = field(default_factory=Event)
    _decided: Event = field(default_factory=Event)

    def wait(self) -> None:
        """Returns once a request stands here."""
        assert self._reached.wait(WAIT_S), f"no request came to {self.where} {self.path}"

    def cut(self) -> None:
        """Drops the connection of the held request: the agent never gets an answer."""
        self._decided.set()

    def hold(self) -> None:
        self._reached.set()
        self._decided.wait(WAIT_S)


class Gate(ThreadingHTTPServer):
    """Passes everything on to ``upstream``, except where a Stop is set."""

    daemon_threads = True

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = upstream
        self.passed: list[str] = []
        self._stops: list[Stop] = []
        self._lock = Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def stop_at(self, path: str, where: Where, fits: Callable[[Any], bool] = lambda _body: True) -> Stop:
        """Holds one request: the next to ``path`` whose JSON body fits."""
        stop = Stop(path, where, fits)
        with self._lock:
            self._stops.append(stop)
        return stop

    def take_stop(self, path: str, where: Where, body: Any) -> Stop | None:
        with self._lock:
            for stop in self._stops:
                if (stop.path, stop.where) == (path, where) and stop.fits(body):
                    self._stops.remove(stop)
                    return stop
        return None


@contextmanager
def open_gate(upstream: str) -> Iterator[Gate]:
    gate = Gate(upstream)
    Thread(target=gate.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield gate
    finally:
        gate.shutdown()
        gate.server_close()


class _CutError(Exception):
    """The connection is to be dropped without an answer."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        try:
            self._pass_on(self.rfile.read(int(self.headers["Content-Length"])))
        except (_CutError, urllib3.exceptions.HTTPError):
            self.close_connection = True

    def do_GET(self) -> None:
        try:
            self._pass_on(None)
        except (_CutError, urllib3.exceptions.HTTPError):
            self.close_connection = True

    def _pass_on(self, payload: bytes | None) -> None:
        gate = cast("Gate", self.server)
        packed = self.headers.get("Content-Encoding") == "gzip"
        body = json.loads(gzip.decompress(payload) if packed else payload) if payload else None
        self._hold("before", body)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in {"host", "connection"}}
        url = gate.upstream + self.path
        answer = urllib3.request(self.command, url, body=payload, headers=headers, retries=False, timeout=WAIT_S)
        self._hold("after", body)
        gate.passed.append(self.path)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.data)))
        self.end_headers()
        self.wfile.write(answer.data)

    def _hold(self, where: Where, body: Any) -> None:
        if stop := cast("Gate", self.server).take_stop(self.path, where, body):
            stop.hold()
            raise _CutError

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Nothing: the test says what happened."""
