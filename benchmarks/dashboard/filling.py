"""What a server is filled with before its page is measured."""

import json
import time
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import urllib3

from benchmarks.server.peers_spans import iter_bodies
from benchmarks.serving import Server

BATCH_EVENTS = 2_500
IMPORTED_AT_ONCE = 10_000
READY_TIMEOUT_S = 900
BUSY = {429, 503}
START = datetime(2026, 11, 20, 8, tzinfo=UTC)
STATES = ("Success", "Failure", "Indeterminate")


def record_session(server: Server, count: int) -> str:
    """A session with so many events; returns its id."""
    session_id = str(uuid.uuid4())
    body = {"session": {"session_id": session_id, "init_timestamp": START.isoformat(), "tags": ["bench"]}}
    answer = _post(server, "/v2/create_session", body, {"X-Agentops-Api-Key": server.api_key})
    events = list(_iter_events(count))
    for start in range(0, count, BATCH_EVENTS):
        part = {"events": events[start : start + BATCH_EVENTS]}
        _post(server, "/v2/create_events", part, {"Authorization": f"Bearer {answer['jwt']}"})
    return session_id


def load_trace(http: urllib3.PoolManager, url: str, headers: Mapping[str, str], spans: int) -> None:
    """One trace with so many spans, over OTLP; a server that is busy is asked again."""
    sent = {**headers, "Content-Type": "application/x-protobuf"}
    for body in iter_bodies(spans, spans):
        _ask_when_ready(http, "POST", f"{url}/v1/traces", body, sent)


def trace_session_id(server: Server) -> str:
    """The session that the trace became: the one that is not the recorded one."""
    sessions = _get_when_ready(server, "/v2/sessions?limit=10")["sessions"]
    return str(next(each["session_id"] for each in sessions if "bench" not in each["tags"]))


def import_sessions(server: Server, count: int) -> None:
    """So many ended sessions of a call each; done when the list has them."""
    headers = {"X-Agentops-Api-Key": server.api_key}
    for start in range(0, count, IMPORTED_AT_ONCE):
        lines = "\n".join(
            json.dumps(line) for index in range(start, min(start + IMPORTED_AT_ONCE, count)) for line in _session(index)
        )
        _ask_when_ready(server.http, "POST", f"{server.url}/v2/import", f"{lines}\n", headers)
    _get_when_ready(server, "/v2/sessions?limit=100")
    _wait_until_summed(server, count)


def _session(index: int) -> Iterator[dict[str, Any]]:
    session_id, begin = str(uuid.uuid4()), START - timedelta(seconds=30 * index)
    times = {
        "init_timestamp": begin.isoformat(),
        "end_timestamp": (begin + timedelta(seconds=5 + index % 300)).isoformat(),
    }
    ending = {"end_state": STATES[index % 3], "end_state_reason": f"reason {index % 50}", "end_is_implicit": False}
    tags = [f"tag-{index % 9}", f"team-{index % 4}"]
    yield {"type": "session", "id": session_id, "name": f"agent {index % 17}", "tags": tags, **times, **ending}
    call = {"kind": "llm", "event_type": "llms", "name": "gpt-4o", "model": "gpt-4o", "sequence": 1}
    said = {"prompt": "q", "completion": "a", "prompt_tokens": 100 + index, "completion_tokens": 20}
    yield {"type": "event", "id": str(uuid.uuid4()), "session_id": session_id, **times, **call, **said}


def _iter_events(count: int) -> Iterator[dict[str, Any]]:
    """Steps of 20 events: an action, and in it LLM calls and tools."""
    parent = None
    for index in range(count):
        start = START + timedelta(milliseconds=200 * index)
        event: dict[str, Any] = {
            "id": str(uuid.uuid4()),
            "init_timestamp": start.isoformat(),
            "end_timestamp": (start + timedelta(milliseconds=150)).isoformat(),
            "sequence": index + 1,
            "parent_id": parent,
        }
        if index % 20 == 0:
            parent = event["id"]
            yield event | {"event_type": "actions", "action_type": f"step {index // 20}", "parent_id": None}
        elif index % 3 == 0:
            said = {"prompt": "q", "completion": "a", "prompt_tokens": 100, "completion_tokens": 20}
            yield event | {"event_type": "llms", "model": "gpt-4o", **said}
        else:
            yield event | {"event_type": "tools", "name": f"tool_{index % 7}"}


def _wait_until_summed(server: Server, count: int) -> None:
    """Until the sums that the list's figures come from are made: a reader opens a server that has caught up."""
    deadline = time.monotonic() + READY_TIMEOUT_S
    overview = "/v2/overview?part=totals&since=2000-01-01T00:00:00Z"
    while _get_when_ready(server, overview)["totals"]["sessions"] < count:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{count} sessions were not summed up in {READY_TIMEOUT_S} s")
        time.sleep(1)


def _get_when_ready(server: Server, path: str) -> Any:
    headers = {"X-Agentops-Api-Key": server.api_key}
    return _ask_when_ready(server.http, "GET", server.url + path, None, headers).json()


def _post(server: Server, path: str, body: dict[str, Any], headers: dict[str, str]) -> Any:
    return _ask_when_ready(server.http, "POST", server.url + path, json.dumps(body), headers).json()


def _ask_when_ready(
    http: urllib3.PoolManager, method: str, url: str, body: str | bytes | None, headers: Mapping[str, str]
) -> urllib3.BaseHTTPResponse:
    """The answer once the server has one: what it just took, it may have to put in order first; all is sent again."""
    deadline = time.monotonic() + READY_TIMEOUT_S
    while True:
        answer = http.request(method, url, body=body, headers=headers, timeout=600.0)
        if answer.status not in BUSY or time.monotonic() > deadline:
            break
        time.sleep(1)
    if answer.status != 200:
        raise RuntimeError(f"{method} {url} answered {answer.status}: {answer.data[:300]!r}")
    return answer
