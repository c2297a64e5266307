"""A small real HTTP server that speaks the v2 protocol, keeps what it hears, and fails as it is told to."""

from __future__ import annotations

import gzip
import json
import threading
import uuid
from collections import defaultdict, deque
from collections.abc import Callable
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit


class Fault(NamedTuple):
    """What one request meets instead of an answer."""

    status: int = 500
    body: bytes = b'{"message": "scripted"}'
    headers: tuple[tuple[str, str], ...] = ()
    cut_at: int | None = None  # send that many bytes of the body, then close
    hang: bool = False  # answer only when the server is released
    after_storing: bool = False  # the work is done, the answer fails


class Request(NamedTuple):
    path: str
    headers: dict[str, str]
    body: Any


class RecordingServer:
    """Sessions, events and agents as a server would hold them, by session id."""

    def __init__(self, port: int = 0) -> None:
        self.key = str(uuid.uuid4())
        self.requests: list[Request] = []
        self.faults: dict[str, deque[Fault]] = defaultdict(deque)
        self.always: dict[str, Fault] = {}
        self.sessions: dict[str, dict[str, Any]] = {}
        self.updates: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.events: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        self.arrivals: dict[str, list[str]] = defaultdict(list)  # event ids in order of arrival, doubles included
        self.agents: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.rejected_ids: set[str] = set()
        self.complain: Callable[[dict[str, Any]], str | None] = lambda _event: None  # what is wrong with an event
        self.figures: dict[str, Any] = {}  # more of a session's, in answers
        self.largest_body = 32 * 2**20
        self.cost = "0.0075"
        self.tokens: dict[str, str] = {}
        self.uploads: dict[str, bytearray] = defaultdict(bytearray)
        self.heard_part: Callable[[str, int], None] = lambda _name, _offset: None
        self.lock = threading.Lock()
        self.released = threading.Event()
        server = self

        class Handler(_Handler):
            recording = server

        self._http = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def fail(self, path: str, *faults: Fault) -> None:
        """The next requests for a path meet these faults, in order."""
        self.faults[path].extend(faults)

    def close(self) -> None:
        self.released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def of(self, path: str) -> list[Request]:
        return [request for request in list(self.requests) if request.path == path]

    def merged(self, session_id: object) -> dict[str, Any]:
        """The session as all that was said of it makes it."""
        merged = dict(self.sessions[str(session_id)])
        for update in self.updates[str(session_id)]:
            merged.update({key: value for key, value in update.items() if value is not None})
        return merged

    def answer(self, path: str, headers: dict[str, str], body: Any) -> tuple[int, Any]:
        with self.lock:
            if path in {"/v2/create_session", "/v2/reauthorize_jwt"}:
                if headers.get("x-agentops-api-key") != self.key:
                    return 401, {"message": "unknown API key", "code": "unauthorized"}
                return self._create(body["session"]) if path.endswith("create_session") else self._reauthorize(body)
            session_id = self.tokens.get(headers.get("authorization", "").removeprefix("Bearer "))
            if session_id is None:
                return 401, {"message": "unknown token"}
            return self._with_token(path, session_id, body)

    def _create(self, session: dict[str, Any]) -> tuple[int, Any]:
        session_id = session["session_id"]
        known = self.sessions.setdefault(session_id, dict(session))
        known["init_timestamp"] = min(known["init_timestamp"], session["init_timestamp"])
        return 200, {**self._token_of(session_id), "session_url": f"{self.endpoint}/sessions/{session_id}"}

    def _token_of(self, session_id: str) -> dict[str, str]:
        token = uuid.uuid4().hex
        self.tokens[token] = session_id
        return {"status": "Success", "jwt": token, "project_id": "00000000-0000-4000-8000-000000000001"}

    def _reauthorize(self, body: dict[str, Any]) -> tuple[int, Any]:
        if body["session_id"] not in self.sessions:
            return 400, {"message": "no such session"}
        return 200, self._token_of(body["session_id"])

    def _with_token(self, path: str, session_id: str, body: Any) -> tuple[int, Any]:
        if path == "/v2/update_session":
            self.updates[session_id].append(body["session"])
            return 200, {
                "status": "success",
                "token_cost": self.cost,
                "cost_is_lower_bound": False,
                "event_counts": self.counts(session_id),
                **self.figures,
            }
        if path == "/v2/create_agent":
            self.agents[session_id].append(body)
            return 200, "Success"
        if path == "/v1/traces":
            return 200, {}
        return 200, self._store(path, session_id, body["events"])

    def _store(self, path: str, session_id: str, events: list[dict[str, Any]]) -> dict[str, Any]:
        rejected = []
        for index, event in enumerate(events):
            if event["id"] in self.rejected_ids:
                rejected.append({"index": index, "id": event["id"], "reason": "invalid", "message": "not this one"})
                continue
            if (complaint := self.complain(event)) is not None:
                rejected.append({"index": index, "id": event["id"], "reason": "invalid", "message": complaint})
                continue
            self.arrivals[session_id].append(event["id"])
            if path == "/v2/update_events":
                self.events[session_id][event["id"]] = event
            else:
                self.events[session_id].setdefault(event["id"], event)
        return {"status": "Success", "accepted": len(events) - len(rejected), "rejected": rejected}

    def upload(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        """A part of a file, or how far it is; faults as for other paths."""
        session_id = self.tokens.get(headers.get("authorization", "").removeprefix("Bearer "))
        if session_id is None:
            return 401, {"message": "unknown token"}
        parts = urlsplit(target)
        name, query = parts.path.rpartition("/")[2], {key: int(value) for key, value in parse_qsl(parts.query)}
        data = self.uploads[name]
        if method == "PUT":
            if query["offset"] != len(data):
                return 409, {"message": f"the upload is at offset {len(data)}"}
            data += body
            self.heard_part(name, query["offset"])
            if len(data) == query["size"] and sha256(data).hexdigest() != name.partition(".")[0]:
                data.clear()
                return 400, {"message": "the content is another"}
        url = f"/v2/sessions/{session_id}/objects/{name}"
        return 200, {"status": "Success", "offset": len(data), "complete": len(data) == query["size"], "url": url}

    def counts(self, session_id: str) -> dict[str, int]:
        counts = dict.fromkeys(("llms", "tools", "actions", "errors"), 0)
        for event in self.events[session_id].values():
            counts[event["event_type"] if event["event_type"] in counts else "actions"] += 1
        return counts

    def stats(self, session_id: str) -> dict[str, Any]:
        return {
            "session_id": session_id,
            **self.counts(session_id),
            "cost": self.cost,
            "duration": "1h 1m 1.5s",
            "duration_ms": 3661500,
        }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes, and the second would wait for an acknowledgement
    recording: RecordingServer

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        data = self.rfile.read(length)
        if self.headers.get("Content-Encoding") == "gzip":
            data = gzip.decompress(data)
        headers = {name.lower(): value for name, value in self.headers.items()}
        recording = self.recording
        try:
            body = json.loads(data)
        except ValueError as error:
            return self._send(400, json.dumps({"message": f"the body is not JSON: {error}"}).encode(), ())
        recording.requests.append(Request(self.path, headers, body))
        with recording.lock:
            scripted = recording.faults[self.path]
            fault = scripted.popleft() if scripted else recording.always.get(self.path, recording.always.get("*"))
        if fault is not None and not fault.after_storing:
            return self._send_fault(fault)
        if length > recording.largest_body:
            return self._send(413, json.dumps({"message": "too large"}).encode(), ())
        status, answer = recording.answer(self.path, headers, body)
        if fault is not None:
            return self._send_fault(fault)
        return self._send(status, json.dumps(answer).encode(), ())

    def do_PUT(self) -> None:
        self._upload(self.rfile.read(int(self.headers["Content-Length"])))

    def _upload(self, body: bytes) -> None:
        recording = self.recording
        headers = {name.lower(): value for name, value in self.headers.items()}
        recording.requests.append(Request(self.path, headers, None))
        with recording.lock:
            scripted = recording.faults[self.command]
            fault = scripted.popleft() if scripted else recording.always.get("*")
        if fault is not None:
            return self._send_fault(fault)
        status, answer = recording.upload(self.command, self.path, headers, body)
        return self._send(status, json.dumps(answer).encode(), ())

    def do_GET(self) -> None:
        if self.path.startswith("/v2/uploads/"):
            return self._upload(b"")
        recording = self.recording
        headers = {name.lower(): value for name, value in self.headers.items()}
        recording.requests.append(Request(self.path, headers, None))
        fault = recording.always.get("*")
        if fault is not None:
            return self._send_fault(fault)
        if headers.get("x-agentops-api-key") != recording.key:
            return self._send(401, b'{"message": "unknown API key"}', ())
        session_id = self.path.split("/")[3]
        if session_id not in recording.sessions:
            return self._send(404, b'{"message": "no such session"}', ())
        return self._send(200, json.dumps(recording.stats(session_id)).encode(), ())

    def _send_fault(self, fault: Fault) -> None:
        if fault.hang:
            self.recording.released.wait(60)
            self.close_connection = True
            return
        if fault.cut_at is not None:
            self.send_response(fault.status)
            self.send_header("Content-Length", str(len(fault.body)))
            self.end_headers()
            self.wfile.write(fault.body[: fault.cut_at])
            self.close_connection = True
            return
        self._send(fault.status, fault.body, fault.headers)

    def _send(self, status: int, body: bytes, headers: tuple[tuple[str, str], ...]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
        pass
