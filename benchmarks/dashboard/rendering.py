"""How fast the page shows a session of 50,000 events, and a list of 100,000 sessions."""

import gzip
import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.dashboard.browsing import measure_page, open_page
from benchmarks.serving import Server, serve

EVENTS, SESSIONS = 50_000, 100_000
BATCH_EVENTS = 2_500
STATIC = Path(__file__).parents[2] / "server" / "src" / "agentops_server" / "dashboard" / "static"
START = datetime(2026, 11, 20, 8, tzinfo=UTC)
NOTES = (
    "Headless Chromium at 1440 x 900 on the machine of the server. The first rows count from the end of the answer "
    "with them; frames are those of scrolling from the first row to the last in 120 steps; the heap is after a "
    "collection."
)


def measure() -> list[dict[str, Any]]:
    return _measure(EVENTS, SESSIONS)


def measure_quickly() -> list[dict[str, Any]]:
    return _measure(2_000, 300)


def _measure(events: int, sessions: int) -> list[dict[str, Any]]:
    with serve() as server:
        session_id = _record_session(server, events)
        for index in range(sessions):
            _create_session(server, START - timedelta(seconds=index))
        with open_page(server) as page:
            session = measure_page(
                page,
                f"/sessions/{session_id}",
                data="/events?",
                row="[data-testid=event-row]",
                pane=".rows-scroller",
                done="() => document.querySelector('[role=tree]')?.getAttribute('aria-busy') === 'false'",
            )
            listed = measure_page(
                page,
                "/",
                data="/v2/sessions?",
                row="[data-testid=session-row]",
                pane=".sessions .table",
                done="() => document.querySelector('[role=table]') !== null",
            )
    pages = {f"a session of {events:,} events": session, f"a list of {sessions:,} sessions": listed}
    return [{"page": name, **row, "app, compressed, KB": _app_kilobytes()} for name, row in pages.items()]


def _app_kilobytes() -> float:
    """What a first load takes, as gzip makes it."""
    files = [STATIC / "index.html", *(STATIC / "assets").glob("app.*")]
    return round(sum(len(gzip.compress(file.read_bytes())) for file in files) / 1000, 1)


def _create_session(server: Server, start: datetime) -> tuple[str, str]:
    session_id = str(uuid.uuid4())
    body = {"session": {"session_id": session_id, "init_timestamp": start.isoformat(), "tags": ["bench"]}}
    answer = _post(server, "/v2/create_session", body, {"X-Agentops-Api-Key": server.api_key})
    return session_id, answer["jwt"]


def _record_session(server: Server, count: int) -> str:
    session_id, token = _create_session(server, START)
    events = list(_iter_events(count))
    for start in range(0, count, BATCH_EVENTS):
        body = {"events": events[start : start + BATCH_EVENTS]}
        _post(server, "/v2/create_events", body, {"Authorization": f"Bearer {token}"})
    return session_id


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


def _post(server: Server, path: str, body: dict[str, Any], headers: dict[str, str]) -> Any:
    answer = server.http.request("POST", server.url + path, body=json.dumps(body), headers=headers, timeout=60.0)
    if answer.status != 200:
        raise RuntimeError(f"POST {path} answered {answer.status}: {answer.data[:300]!r}")
    return answer.json()
