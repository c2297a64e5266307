"""What the sink understands: what the targets send, well enough to answer it and to count events by their id."""

import gzip
import json
import zlib
from typing import Any
from urllib.parse import urlsplit

from benchmarks.sdk.otlp import iter_span_ids

PROJECT = "01900000-0000-7000-8000-000000000001"
JSON, PROTOBUF, TEXT = "application/json", "application/x-protobuf", "text/plain"
_MLFLOW_VERSION = "3.17.2"
_EXPERIMENT = {"experiment_id": "1", "name": "benchmark", "lifecycle_stage": "active", "artifact_location": "none:/1"}


class Receiver:
    """The events that arrived, and what came with them."""

    def __init__(self) -> None:
        self.events: set[bytes] = set()
        self.requests = 0
        self.wire_bytes = 0

    def report(self) -> dict[str, int]:
        """What came so far; an event that came twice is one."""
        return {"events": len(self.events), "requests": self.requests, "wire_bytes": self.wire_bytes}

    def receive(self, target: str, headers: dict[str, str], body: bytes) -> tuple[str, bytes]:
        """Count what a request brings, and answer it: content type and body."""
        self.requests += 1
        self.wire_bytes += len(body)
        path = urlsplit(target).path
        body = _unpack(body, headers.get("content-encoding", ""))
        if path.endswith("/v1/traces"):
            self.events.update(iter_span_ids(body))
            return PROTOBUF, b""
        if path == "/version":
            return TEXT, _MLFLOW_VERSION.encode()
        if path.startswith("/api/"):
            return JSON, json.dumps(_answer_mlflow(path, body)).encode()
        return JSON, json.dumps(self._answer_v2(path, body)).encode()

    def _answer_v2(self, path: str, body: bytes) -> Any:
        if path in {"/v2/create_session", "/v2/reauthorize_jwt"}:
            return {"status": "Success", "jwt": "token", "session_url": "none", "project_id": PROJECT}
        if path in {"/v2/create_events", "/v2/update_events"}:
            events = json.loads(body)["events"]
            self.events.update(event["id"].encode() for event in events)
            return {"status": "Success", "accepted": len(events), "rejected": []}
        if path == "/v2/update_session":
            counts = {"llms": len(self.events), "tools": 0, "actions": 0, "errors": 0}
            return {"status": "success", "token_cost": "0.00", "cost_is_lower_bound": False, "event_counts": counts}
        return "Success"


def _answer_mlflow(path: str, body: bytes) -> Any:
    if path.endswith("/traces"):
        trace = json.loads(body)["trace"]
        trace["trace_info"].setdefault("tags", {})["mlflow.trace.spansLocation"] = "TRACKING_STORE"
        return {"trace": trace}
    return {"experiment": _EXPERIMENT} if "experiments" in path else {}


def _unpack(body: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        return gzip.decompress(body)
    return zlib.decompress(body) if encoding == "deflate" else body
