"""Senders of a load over v2: several threads, each with a connection of its own and one session after the other."""

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import quantiles

from benchmarks.server.load import Events
from benchmarks.serving import Server

# An agent's session; then the next one begins.
SESSION_EVENTS = 1000


@dataclass
class Sent:
    """What senders were told."""

    acknowledged: dict[str, int] = field(default_factory=dict)
    waits_ms: list[float] = field(default_factory=list)
    refused: int = 0
    seconds: float = 0.0

    @property
    def events(self) -> int:
        """How many events were acknowledged."""
        return sum(self.acknowledged.values())

    def wait_ms(self, percent: int) -> float:
        """A percentile of the time to an acknowledgement."""
        return quantiles(self.waits_ms, n=100)[percent - 1]


def create_session(server: Server) -> tuple[str, str]:
    """A new session: its id and its token."""
    session_id = str(uuid.uuid4())
    headers = {"X-Agentops-Api-Key": server.api_key}
    body = {"session": {"session_id": session_id, "tags": ["benchmark"]}}
    answer = server.http.request("POST", f"{server.url}/v2/create_session", json=body, headers=headers)
    return session_id, answer.json()["jwt"]


def send(
    server: Server,
    *,
    senders: int,
    batch: int,
    seconds: float,
    per_second: int = 0,
    watch: Callable[[], None] | None = None,
) -> Sent:
    """Send for a time, each sender its next batch as soon as the last one is acknowledged and due.

    Args:
        server: Where to.
        senders: How many at once.
        batch: Events in a request.
        seconds: How long.
        per_second: How many events a second all of them send; 0 for as many as are acknowledged.
        watch: Called about once a second meanwhile.
    """
    sent, lock, start = Sent(), threading.Lock(), time.monotonic()

    def run(number: int) -> None:
        events, waits = Events(number), []
        count, headers, session_id = 0, {}, ""
        while (now := time.monotonic()) - start < seconds:
            due = start + (count * senders + number * batch) / per_second if per_second else now
            if due > now:
                time.sleep(due - now)
            if count % (SESSION_EVENTS // batch * batch) == 0 and sent.acknowledged.get(session_id, batch):
                session_id, token = create_session(server)
                headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
                sent.acknowledged[session_id] = 0
            body = events.body(batch)
            asked = time.monotonic()
            answer = server.http.request("POST", f"{server.url}/v2/create_events", body=body, headers=headers)
            if answer.status == 429:
                sent.refused += 1
                time.sleep(float(answer.headers["Retry-After"]))
                continue
            assert json.loads(answer.data)["accepted"] == batch, answer.data[:300]
            waits.append((time.monotonic() - asked) * 1000)
            count += batch
            sent.acknowledged[session_id] += batch
        with lock:
            sent.waits_ms += waits

    with ThreadPoolExecutor(senders) as pool:
        running = [pool.submit(run, number) for number in range(senders)]
        while not all(each.done() for each in running):
            time.sleep(1)
            if watch is not None:
                watch()
        for each in running:
            each.result()
    sent.seconds = time.monotonic() - start
    return sent


def count_stored(server: Server, session_id: str) -> int:
    """How many events a session has by its stats."""
    headers = {"X-Agentops-Api-Key": server.api_key}
    answer = server.http.request("GET", f"{server.url}/v2/sessions/{session_id}/stats", headers=headers)
    return int(answer.json()["events"])


def iter_listed(server: Server) -> Iterator[dict[str, int]]:
    """How many events each session has by the list of the project's sessions, a thousand at a time, newest first."""
    headers = {"X-Agentops-Api-Key": server.api_key}
    cursor = ""
    while cursor is not None:
        path = f"{server.url}/v2/sessions?limit=1000&tag=benchmark{cursor and f'&cursor={cursor}'}"
        page = server.http.request("GET", path, headers=headers).json()
        yield {row["session_id"]: row["stats"]["events"] for row in page["sessions"]}
        cursor = page["next_cursor"]
