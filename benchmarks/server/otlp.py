"""How many spans a second servers take over OTLP, durable and readable; the same requests for ours and its peers.

A span is an LLM call of 3 KB, a trace has a hundred of them below an agent and is a session; a request has a hundred
spans. Each sender sends its next request as soon as the last one is acknowledged.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from benchmarks.server.ingest_peers import MOST_SPANS, measure_peers
from benchmarks.server.limits import list_limits
from benchmarks.server.outcome import Outcome, table
from benchmarks.server.peers_spans import BATCH_SPANS, iter_bodies
from benchmarks.serving import Server, serve

SECONDS = 60
QUICK_SECONDS = 6
SENDERS = 4
ONLY: tuple[str, ...] = ()
"""Anything, and neither peers nor limits are measured."""
LONGEST_DRAIN_S = 600
PAUSE_S = 0.5
LIMIT_SECONDS = 10
GOALS = {"rate": ">= 4,000"}
NOTES = f"""{SENDERS} senders of requests of {BATCH_SPANS} spans of 3 KB in protobuf, on the same cores as the server.
Sums are over sessions, as the page lists them: they are waited for, and every span that was acknowledged is in them."""


@dataclass
class _Sent:
    """What was acknowledged so far, and how long that took."""

    waits_ms: list[float] = field(default_factory=list)
    rss_mb: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def spans(self) -> int:
        """How many."""
        return len(self.waits_ms) * BATCH_SPANS


def measure() -> list[dict[str, Any]]:
    """One row a figure, one column a server."""
    ours = _measure(SECONDS)
    return (
        table([ours], GOALS) if ONLY else table([ours, *measure_peers(SECONDS, SENDERS)], GOALS, _limits(LIMIT_SECONDS))
    )


def measure_quickly() -> list[dict[str, Any]]:
    return table([_measure(QUICK_SECONDS)], GOALS, _limits(1))


def _limits(seconds: float) -> dict[str, str]:
    bodies = iter_bodies(MOST_SPANS, BATCH_SPANS)
    return list_limits(lambda: next(bodies), BATCH_SPANS, SENDERS, seconds)


def _measure(seconds: float) -> Outcome:
    with serve() as server:
        cpu_s, start = server.cpu_s, time.monotonic()
        sent = send(server, seconds)
        sending_s = time.monotonic() - start
        _drain(server, sent.spans)
        cuts = quantiles(sent.waits_ms, n=100)
        return Outcome(
            title="this server",
            events=sent.spans,
            sending_s=sending_s,
            queryable_s=time.monotonic() - start,
            cpu_s=server.cpu_s - cpu_s,
            ack_ms=(cuts[49], cuts[98]),
            rss_mb=max(sent.rss_mb),
            disk_bytes=server.disk_bytes,
        )


def send(server: Server, seconds: float) -> _Sent:
    """Send spans for a time."""
    bodies, sent, deadline = iter_bodies(MOST_SPANS, BATCH_SPANS), _Sent(), time.monotonic() + seconds
    headers = {"Content-Type": "application/x-protobuf", "X-Agentops-Api-Key": server.api_key}

    def run(_number: int) -> None:
        while time.monotonic() < deadline:
            with sent.lock:
                body = next(bodies)
            asked = time.monotonic()
            answer = server.http.request("POST", f"{server.url}/v1/traces", body=body, headers=headers)
            assert (answer.status, answer.data) == (200, b""), answer.data[:500]
            with sent.lock:
                sent.waits_ms.append((time.monotonic() - asked) * 1000)
                sent.rss_mb.append(server.rss_mb)

    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(run, range(SENDERS)))
    return sent


def _drain(server: Server, spans: int) -> None:
    deadline = time.monotonic() + LONGEST_DRAIN_S
    while (count := _count_summed(server)) < spans:
        assert time.monotonic() < deadline, f"{spans:,} spans were acknowledged, {count:,} are summed up"
        time.sleep(PAUSE_S)
    assert count == spans, f"{spans:,} spans were acknowledged, {count:,} are summed up"


def _count_summed(server: Server) -> int:
    """The events of all sessions, page by page."""
    count, cursor = 0, ""
    while True:
        url = f"{server.url}/v2/sessions?limit=1000{cursor and f'&cursor={cursor}'}"
        page = server.http.request("GET", url, headers={"X-Agentops-Api-Key": server.api_key}).json()
        count += sum(session["stats"]["events"] for session in page["sessions"])
        if (cursor := page["next_cursor"]) is None:
            return count
