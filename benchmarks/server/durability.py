"""Two ways to be durable before the answer, under the same load: a journal, and group commit into the warehouse."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.server.load import Events
from benchmarks.server.sending import Sent, count_stored, create_session, send
from benchmarks.serving import Server, serve

WAYS = {"journal": "stalling", "group commit": "group_commit"}
SENDERS, BATCH, PER_SECOND = 4, 100, 3000
READS = 60
SECONDS = 30
QUICK_SECONDS = 4
STALL_S = 5
NOTES = f"""Both acknowledge only what is synced to disk. The same server but for the writer; {SENDERS} senders of
batches of {BATCH} events of 3 KB on the same machine, first as fast as they are acknowledged, then {PER_SECOND:,} a
second. 'Read your writes' is a batch of ten, its acknowledgement and then the session's stats, on a server at rest.
The stall is {STALL_S} s in which the warehouse takes nothing."""


@dataclass(frozen=True)
class Result:
    """What one way did."""

    fast: Sent
    fast_cpu_s: float
    paced: Sent
    paced_cpu_s: float
    reads_ms: list[float]
    stalled: int
    settled_s: float


def measure() -> list[dict[str, Any]]:
    """One row a figure, one column a way."""
    return _table(SECONDS)


def measure_quickly() -> list[dict[str, Any]]:
    return _table(QUICK_SECONDS)


def _table(seconds: int) -> list[dict[str, Any]]:
    results = {way: _measure(variant, seconds) for way, variant in WAYS.items()}
    figures = {
        "events a second, as fast as acknowledged": lambda r: f"{r.fast.events / r.fast.seconds:,.0f}",
        "server CPU per 1,000 of them": lambda r: f"{r.fast_cpu_s / r.fast.events * 1000:.3f} s",
        "acknowledgement, p50 and p99": lambda r: f"{r.fast.wait_ms(50):.0f} and {r.fast.wait_ms(99):.0f} ms",
        "from the last acknowledgement until all is queryable": lambda r: f"{r.settled_s:.2f} s",
        f"server CPU per 1,000, at {PER_SECOND:,} a second": lambda r: f"{r.paced_cpu_s / r.paced.events * 1000:.3f} s",
        "acknowledgement then, p50 and p99": lambda r: f"{r.paced.wait_ms(50):.0f} and {r.paced.wait_ms(99):.0f} ms",
        "read your writes, p50": lambda r: f"{median(r.reads_ms):.0f} ms",
        "read your writes, p95": lambda r: f"{quantiles(r.reads_ms, n=20)[18]:.0f} ms",
        "events acknowledged in a stall": lambda r: f"{r.stalled:,}",
    }
    return [
        {"figure": name, **{way: show(result) for way, result in results.items()}} for name, show in figures.items()
    ]


def _measure(variant: str, seconds: int) -> Result:
    with _serve(variant) as (server, stalled_while):
        cpu = server.cpu_s
        fast = send(server, senders=SENDERS, batch=BATCH, seconds=seconds)
        settled_s = _wait_until_stored(server, fast)
        fast_cpu = server.cpu_s - cpu
        cpu = server.cpu_s
        paced = send(server, senders=SENDERS, batch=BATCH, seconds=seconds, per_second=PER_SECOND)
        _wait_until_stored(server, paced)
        paced_cpu = server.cpu_s - cpu
        reads = _read_own_writes(server)
        stalled = _send_into_a_stall(server, stalled_while)
        return Result(fast, fast_cpu, paced, paced_cpu, reads, stalled, settled_s)


@contextmanager
def _serve(variant: str) -> Iterator[tuple[Server, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        stalled_while = Path(folder) / "stalled"
        environment = {"BENCH_STALLED_WHILE": str(stalled_while)}
        with serve(program=["-m", f"benchmarks.server.variants.{variant}"], environment=environment) as server:
            yield server, stalled_while


def _wait_until_stored(server: Server, sent: Sent) -> float:
    start = time.monotonic()
    for session_id, count in sent.acknowledged.items():
        stored = count_stored(server, session_id)
        assert stored == count, f"{count} events were acknowledged, {stored} are stored"
    return time.monotonic() - start


def _read_own_writes(server: Server) -> list[float]:
    events, (session_id, token) = Events(), create_session(server)
    times = []
    for n in range(1, READS + 1):
        start = time.monotonic()
        _post(server, token, events.body(10))
        assert count_stored(server, session_id) == 10 * n
        times.append((time.monotonic() - start) * 1000)
    return times


def _send_into_a_stall(server: Server, stalled_while: Path) -> int:
    events, (session_id, token) = Events(), create_session(server)
    stalled_while.touch()
    accepted, end = 0, time.monotonic() + STALL_S
    while time.monotonic() < end:
        accepted += BATCH if _post(server, token, events.body(BATCH)) == 200 else 0
    stalled_while.unlink()
    deadline = time.monotonic() + 30
    while count_stored(server, session_id) != accepted:
        assert time.monotonic() < deadline, "what was acknowledged in the stall is not there half a minute after it"
        time.sleep(0.1)
    return accepted


def _post(server: Server, token: str, body: bytes) -> int:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return server.http.request("POST", f"{server.url}/v2/create_events", body=body, headers=headers).status
