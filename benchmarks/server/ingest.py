"""How many events a second the server takes over v2. An event is 3 KB: a prompt of 2 KB and a completion of 1 KB."""

import json
import random
import string
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles
from typing import Any

from benchmarks.serving import Server, serve

RUNS = 5
SENDERS = 4
BATCHES = 60
BATCH_EVENTS = 100


def measure() -> list[dict[str, Any]]:
    """Four senders, each with batches of a hundred events over one connection, as fast as they are acknowledged."""
    rates, cpu, p50, p99, stored = [], [], [], [], []
    with serve() as server:
        for _ in range(RUNS):
            bodies = [[_body() for _ in range(BATCHES)] for _ in range(SENDERS)]
            sessions = [_create_session(server) for _ in range(SENDERS)]
            cpu_before, start = server.cpu_s, time.perf_counter()
            with ThreadPoolExecutor(SENDERS) as pool:
                waits = [ms for times in pool.map(_send, [server] * SENDERS, sessions, bodies) for ms in times]
            events = SENDERS * BATCHES * BATCH_EVENTS
            rates.append(events / (time.perf_counter() - start))
            cpu.append((server.cpu_s - cpu_before) / events * 1000)
            cuts = quantiles(waits, n=100)
            p50.append(cuts[49])
            p99.append(cuts[98])
            stored.append(sum(_count(server, session_id) for session_id, _ in sessions))
            assert stored[-1] == events, f"{events} events were acknowledged, {stored[-1]} are stored"
        memory = server.rss_mb
    return [
        {"figure": "events durable and queryable per second", "median of five": f"{median(rates):,.0f}"},
        {"figure": "server CPU per 1,000 events", "median of five": f"{median(cpu):.2f} s"},
        {"figure": "acknowledgement of 100 events, p50", "median of five": f"{median(p50):.0f} ms"},
        {"figure": "acknowledgement of 100 events, p99", "median of five": f"{median(p99):.0f} ms"},
        {"figure": "resident memory after the last run", "median of five": f"{memory:.0f} MB"},
    ]


def _create_session(server: Server) -> tuple[str, str]:
    session_id = str(uuid.uuid4())
    headers = {"X-Agentops-Api-Key": server.api_key}
    body = {"session": {"session_id": session_id, "tags": ["benchmark"]}}
    answer = server.http.request("POST", f"{server.url}/v2/create_session", json=body, headers=headers)
    return session_id, answer.json()["jwt"]


def _send(server: Server, session: tuple[str, str], bodies: list[bytes]) -> list[float]:
    times = []
    headers = {"Authorization": f"Bearer {session[1]}", "Content-Type": "application/json"}
    for body in bodies:
        start = time.perf_counter()
        answer = server.http.request("POST", f"{server.url}/v2/create_events", body=body, headers=headers)
        assert answer.status == 200, answer.data
        times.append((time.perf_counter() - start) * 1000)
    return times


def _count(server: Server, session_id: str) -> int:
    headers = {"X-Agentops-Api-Key": server.api_key}
    return int(
        server.http.request("GET", f"{server.url}/v2/sessions/{session_id}/stats", headers=headers).json()["events"]
    )


def _body() -> bytes:
    return json.dumps({"events": [_event() for _ in range(BATCH_EVENTS)]}).encode()


def _event() -> dict[str, Any]:
    words = "".join(random.choices(string.ascii_lowercase + "     ", k=3000))
    return {
        "id": str(uuid.uuid4()),
        "event_type": "llms",
        "init_timestamp": "2026-11-20T16:50:19.845646+00:00",
        "end_timestamp": "2026-11-20T16:50:21.845646+00:00",
        "model": "gpt-4o",
        "prompt": [{"role": "user", "content": words[:2000]}],
        "completion": {"role": "assistant", "content": words[2000:]},
        "prompt_tokens": 500 + random.randrange(100),
        "completion_tokens": 250,
    }
