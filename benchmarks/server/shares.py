"""Where the server's CPU goes while events come in as fast as it takes them: by kind of thread, per 1,000 events."""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from benchmarks.server import ingest, otlp
from benchmarks.server.sending import send
from benchmarks.serving import Server, serve

SECONDS = 30
QUICK_SECONDS = 5
NOTES = f"""{ingest.SENDERS} senders of a hundred events of 3 KB a request, for {SECONDS} s, on the same cores. What two
threads do at once takes each of them longer than it would alone, by a third or more: how much, the senders' own CPU
tells, for their work is always the same."""
# The engine's threads by the names that it gives them; those of Python have the program's.
_ENGINE = {
    "ThreadPool": "engine: inserts and queries",
    "QueryPullPipeEx": "engine: inserts and queries",
    "MergeMutate": "engine: merges",
}
_LOOP = "event loop and HTTP"
_PYTHON = "all other threads of Python: requests, journal, loader, jobs"
_REST = "engine: everything else, and threads that have ended"
_KINDS = (_LOOP, _PYTHON, *dict.fromkeys(_ENGINE.values()), _REST)


def measure() -> list[dict[str, Any]]:
    """One row a kind of thread, one column a protocol."""
    return _measure(SECONDS)


def measure_quickly() -> list[dict[str, Any]]:
    return _measure(QUICK_SECONDS)


def _measure(seconds: float) -> list[dict[str, Any]]:
    columns = {"v2": _measure_one(_send_v2, seconds), "OTLP": _measure_one(_send_otlp, seconds)}
    return [{"CPU ms per 1,000 events": row, **{name: told[row] for name, told in columns.items()}} for row in _rows()]


def _rows() -> list[str]:
    return [*_KINDS, "the whole server", "the senders, for comparison", "events a second, while they were sent"]


def _send_v2(server: Server, seconds: float) -> int:
    return send(server, senders=ingest.SENDERS, batch=ingest.BATCH_EVENTS, seconds=seconds).events


def _send_otlp(server: Server, seconds: float) -> int:
    return otlp.send(server, seconds).spans


def _measure_one(sending: Callable[[Server, float], int], seconds: float) -> dict[str, str]:
    with serve() as server:
        before, cpu_s, own_s, start = _by_thread(server), server.cpu_s, time.process_time(), time.monotonic()
        events = sending(server, seconds)
        sent_s, own_s, used_s = time.monotonic() - start, time.process_time() - own_s, server.cpu_s - cpu_s
        shares: Counter[str] = Counter()
        for thread, (kind, thread_s) in _by_thread(server).items():
            shares[kind] += thread_s - before.get(thread, (kind, 0.0))[1]
    shares[_REST] += used_s - sum(shares.values())
    told = {**shares, "the whole server": used_s, "the senders, for comparison": own_s}
    rows = {row: f"{told.get(row, 0.0) / events * 1e6:.1f}" for row in _rows()}
    return rows | {_rows()[-1]: f"{events / sent_s:,.0f}"}


def _by_thread(server: Server) -> dict[int, tuple[str, float]]:
    """The kind and the CPU seconds of each thread."""
    program = server.process.name()
    return {
        thread.id: (_kind(thread.id, server.process, program), thread.user_time + thread.system_time)
        for thread in server.process.threads()
    }


def _kind(thread: int, process: psutil.Process, program: str) -> str:
    try:
        name = Path(f"/proc/{process.pid}/task/{thread}/comm").read_text("utf-8").strip()
    except OSError:  # it has ended meanwhile
        return _REST
    if thread == process.pid:
        return _LOOP
    return _PYTHON if name == program else _ENGINE.get(name, _REST)
