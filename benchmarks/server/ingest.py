"""How many events a second servers take. An event is 3 KB: a prompt of 2 KB and a completion of 1 KB.

Ours is sent v2 bodies, its peers the same texts as OTLP spans, by as many senders on the same machine; each sends its
next batch as soon as the last one is acknowledged. Then it is waited until all that was acknowledged can be read.
"""

import threading
import time
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from benchmarks.server.ingest_peers import measure_peers
from benchmarks.server.limits import list_limits
from benchmarks.server.load import Events
from benchmarks.server.outcome import Outcome, average, table
from benchmarks.server.sending import count_stored, create_session, iter_listed, send
from benchmarks.serving import Server, serve

SECONDS = 600
QUICK_SECONDS = 6
PEER_SECONDS = 30
SENDERS = 4
ONLY: tuple[str, ...] = ()
"""Anything, and neither peers nor limits are measured."""
BATCH_EVENTS = 100
PROBE_EVENTS = 10
PROBE_PAUSE_S = 1.0
LIMIT_SECONDS = 10
# Merges go on after the last event, and an index that was put off is made then.
REST_CORES = 0.05
REST_S = 12
LONGEST_REST_S = 1800
GOALS = {
    "rate": ">= 6,000",
    "2": "<= 2",
    "cpu": "<= 0.2 s",
    "ack": "<= 300 ms",
    "read": "<= 2,000 ms",
    "rss": "<= 1,000 MB",
    "times": ">= 80, >= 12",
}
NOTES = f"""{SENDERS} senders of batches of {BATCH_EVENTS} events of 3 KB, sessions of a thousand, the senders on the
same cores as the server. The machine is not as fast at all times: peers have {PEER_SECONDS} s before ours and as many
after it, and their figures are the mean of both. CPU is the server's, all of its threads. While very many events
come in, merges leave the index of words out and make it when it is calm: the CPU until the server is at rest has it.
The newest thousand sessions are those of the last minutes; no session may be listed without all of its events.
Once a second {PROBE_EVENTS} events are sent and read: the time from an acknowledgement until a read has them."""


@dataclass
class _Watch:
    """Samples of a server while it is under load."""

    server: Server
    rss_mb: list[float] = field(default_factory=list)
    reads_ms: list[float] = field(default_factory=list)

    def probe(self, stopping: threading.Event) -> None:
        """Send, and read what was sent, again and again."""
        events, (session_id, token) = Events(99), create_session(self.server)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        url, count = f"{self.server.url}/v2/create_events", 0
        while not stopping.wait(PROBE_PAUSE_S):
            answer = self.server.http.request("POST", url, body=events.body(PROBE_EVENTS), headers=headers)
            count += PROBE_EVENTS if answer.status == 200 else 0
            start = time.monotonic()
            stored = count_stored(self.server, session_id)
            self.reads_ms.append((time.monotonic() - start) * 1000)
            assert stored == count, f"{count} events were acknowledged, a read shows {stored}"


def measure() -> list[dict[str, Any]]:
    """One row a figure, one column a server."""
    if ONLY:
        return table([_measure(SECONDS)], GOALS)
    before = measure_peers(PEER_SECONDS, SENDERS)
    ours = _measure(SECONDS)
    limits = _limits(LIMIT_SECONDS)
    after = measure_peers(PEER_SECONDS, SENDERS)
    return table([ours, *map(average, before, after)], GOALS, limits)


def measure_quickly() -> list[dict[str, Any]]:
    return table([_measure(QUICK_SECONDS)], GOALS, _limits(1))


def _limits(seconds: float) -> dict[str, str]:
    events = Events(5)
    return list_limits(lambda: events.body(BATCH_EVENTS), BATCH_EVENTS, SENDERS, seconds)


def _measure(seconds: float) -> Outcome:
    with serve() as server:
        watch, stopping = _Watch(server), threading.Event()
        prober = threading.Thread(target=watch.probe, args=[stopping])
        cpu_s, start = server.cpu_s, time.monotonic()
        prober.start()
        sent = send(
            server,
            senders=SENDERS,
            batch=BATCH_EVENTS,
            seconds=seconds,
            watch=lambda: watch.rss_mb.append(server.rss_mb),
        )
        sent_s, listed = time.monotonic() - start, dict[str, int]()
        newest_s = 0.0
        for page in iter_listed(server):
            newest_s = newest_s or time.monotonic() - start - sent_s
            listed |= page
        queryable_s, used_s = time.monotonic() - start, server.cpu_s - cpu_s
        stopping.set()
        prober.join()
        incomplete = {session: count for session, count in sent.acknowledged.items() if listed.get(session) != count}
        assert not incomplete, f"{len(incomplete)} sessions were listed without all of what was acknowledged"
        for session_id in list(sent.acknowledged)[:: max(1, len(sent.acknowledged) // 50)]:
            assert count_stored(server, session_id) == sent.acknowledged[session_id]
        _rest(server)
        return Outcome(
            title="this server",
            events=sent.events,
            sending_s=sent.seconds,
            queryable_s=queryable_s,
            newest_s=newest_s,
            cpu_s=used_s,
            rested_cpu_s=server.cpu_s - cpu_s,
            ack_ms=(sent.wait_ms(50), sent.wait_ms(99)),
            rss_mb=max([*watch.rss_mb, server.rss_mb]),
            disk_bytes=server.disk_bytes,
            read_ms=(quantiles(watch.reads_ms, n=20)[9], max(watch.reads_ms)),
        )


def _rest(server: Server) -> None:
    """Wait until the server has done nothing for longer than the pauses of its jobs are."""
    calm_s, deadline = 0.0, time.monotonic() + LONGEST_REST_S
    while calm_s < REST_S and time.monotonic() < deadline:
        before = server.cpu_s
        time.sleep(2)
        calm_s = calm_s + 2 if (server.cpu_s - before) / 2 < REST_CORES else 0.0
