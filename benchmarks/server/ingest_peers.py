"""The load of `benchmarks.server.ingest` for peers, over OTLP/HTTP."""

import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles

import psutil

from benchmarks.sdk.environments import describe, provide
from benchmarks.server.outcome import Outcome
from benchmarks.server.peers_asking import running
from benchmarks.server.peers_questions import PEERS, Client, Peer
from benchmarks.server.peers_spans import BATCH_SPANS, iter_bodies

LONGEST_DRAIN_S = 3600
SAMPLED_EVERY = 10
# More than any of them takes in the time.
MOST_SPANS = 10_000_000


def measure_peers(seconds: float, senders: int) -> list[Outcome]:
    """Each peer alone, one after the other."""
    return [_measure(peer, seconds, senders) for peer in PEERS]


def _measure(peer: Peer, seconds: float, senders: int) -> Outcome:
    provide(peer.target)
    with tempfile.TemporaryDirectory() as folder, running(peer, Path(folder)) as client:
        url, headers = f"{client.url}/v1/traces", {"Content-Type": "application/x-protobuf", **peer.headers}
        bodies, lock, waits, rss_mb = iter_bodies(MOST_SPANS, BATCH_SPANS), threading.Lock(), [], [_rss_mb()]
        start, cpu_s = time.monotonic(), _cpu_s()

        def run(_number: int) -> None:
            while time.monotonic() - start < seconds:
                body = _next(bodies, lock)
                asked = time.monotonic()
                while client.http.request("POST", url, body=body, headers=headers).status != 200:
                    time.sleep(0.5)  # it says that it is full
                with lock:
                    waits.append((time.monotonic() - asked) * 1000)
                    if len(waits) % SAMPLED_EVERY == 0:
                        rss_mb.append(_rss_mb())

        with ThreadPoolExecutor(senders) as pool:
            list(pool.map(run, range(senders)))
        sending_s = time.monotonic() - start
        spans = len(waits) * BATCH_SPANS
        _drain(peer, client, spans)
        cuts = quantiles(waits, n=100)
        return Outcome(
            title=describe(peer.target),
            events=spans,
            sending_s=sending_s,
            queryable_s=time.monotonic() - start,
            cpu_s=_cpu_s() - cpu_s,
            ack_ms=(cuts[49], cuts[98]),
            rss_mb=max([*rss_mb, _rss_mb()]),
            disk_bytes=sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file()),
        )


def _next(bodies: Iterator[bytes], lock: threading.Lock) -> bytes:
    with lock:
        return next(bodies)


def _drain(peer: Peer, client: Client, spans: int) -> None:
    deadline = time.monotonic() + LONGEST_DRAIN_S
    while (count := peer.count_spans(client)) < spans:
        assert time.monotonic() < deadline, f"it acknowledged {spans:,} and shows {count:,}"
        time.sleep(0.5)


def _processes() -> list[psutil.Process]:
    """The peer's: nothing else was started by this one."""
    return [process for process in psutil.Process().children(recursive=True) if process.is_running()]


def _cpu_s() -> float:
    return sum(times.user + times.system for times in (process.cpu_times() for process in _processes()))


def _rss_mb() -> float:
    return sum(process.memory_info().rss for process in _processes()) / 1e6
