"""What an export of one session takes of the server's memory, and how fast it is, from 10,000 to a million events."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.server.keeping import digest_of, filled
from benchmarks.serving import Server, serve

EVENTS = 1_000_000
QUICK_EVENTS = 20_000
WORDS = 450
FORMATS = ("json", "ndjson", "csv", "parquet")
PAUSE_S = 0.02
REST_S = 5.0
KEEP: Path | None = None
"""Where what was loaded is kept."""

NOTES = """One session of so many events of 3 KB, exported over HTTP to a reader who takes it as fast as it comes, one
form after the other from one server. Growth is the most resident memory meanwhile, less what there was before: until a
tenth had come, and until the end. It depends on how many parts the table has, which are read side by side."""


def measure() -> list[dict[str, Any]]:
    """One row for each size and form."""
    return [row for part in (100, 10, 1) for row in _measure(EVENTS // part)]


def measure_quickly() -> list[dict[str, Any]]:
    """The same with little."""
    return _measure(QUICK_EVENTS)


def _measure(events: int) -> list[dict[str, Any]]:
    name = f"session-{events}-{WORDS}-{digest_of(['sql/load_events.sql', 'sql/load_sessions.sql'])}"
    with filled(KEEP, name, lambda folder: _load(folder, events)) as (data, loaded), serve(data) as server:
        headers = {"X-Agentops-Api-Key": loaded["api_key"]}
        listed = server.http.request("GET", f"{server.url}/v2/sessions?sort=events&limit=1", headers=headers).json()
        (session,) = listed["sessions"]
        time.sleep(REST_S)
        return [_export(server, headers, session, form) for form in FORMATS]


def _load(folder: Path, events: int) -> Any:
    print(f"  a session of {events:,} events is loaded", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "benchmarks.server.queries_load", str(folder), "--events", str(events)]
    command += ["--per-session", str(events), "--words", str(WORDS)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def _export(server: Server, headers: dict[str, str], session: dict[str, Any], form: str) -> dict[str, Any]:
    url = f"{server.url}/v2/sessions/{session['session_id']}/export?format={form}"
    before_mb, start = server.rss_mb, time.monotonic()
    with _watched(server) as watch:
        answer = server.http.request("GET", url, headers=headers, preload_content=False, timeout=3600)
        assert answer.status == 200
        for chunk in answer.stream(1 << 20):
            watch.received += len(chunk)
        answer.release_conn()
    seconds = time.monotonic() - start
    row = {
        "events": f"{session['stats']['events']:,}",
        "form": form,
        "size": f"{watch.received / 1e6:,.0f} MB",
        "seconds": f"{seconds:,.1f}",
        "memory before": f"{before_mb:.0f} MB",
        "growth until a tenth had come": f"{watch.most_mb(watch.received / 10) - before_mb:.0f} MB",
        "growth": f"{watch.most_mb(watch.received) - before_mb:.0f} MB",
    }
    print(f"  {', '.join(row.values())}", file=sys.stderr, flush=True)
    return row


@dataclass
class _Watch:
    """What was received so far, and the server's resident memory, again and again."""

    received: int = 0
    samples: list[tuple[int, float]] = field(default_factory=list)

    def most_mb(self, upto: float) -> float:
        """The most memory by the time that so many bytes had come."""
        return max(mb for received, mb in self.samples if received <= upto)


@contextmanager
def _watched(server: Server) -> Iterator[_Watch]:
    watch, stopping = _Watch(samples=[(0, server.rss_mb)]), threading.Event()

    def run() -> None:
        while not stopping.wait(PAUSE_S):
            watch.samples.append((watch.received, server.rss_mb))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield watch
    finally:
        stopping.set()
        thread.join()
