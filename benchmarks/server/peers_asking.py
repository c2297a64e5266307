"""The peers beside our answers: each is started, given spans over OTLP until it shows them all, and asked."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import urllib3

from benchmarks.sdk.environments import describe, provide
from benchmarks.server.peers_questions import PEERS, Client, Peer
from benchmarks.server.peers_spans import iter_bodies
from benchmarks.server.queries_asking import Timed

LARGE_TRACE_SPANS = 10_000
LONGEST_START_S = 180
LONGEST_LOAD_S = 7200
LONGEST_QUESTION_S = 120
MOST_TIMES = 30


def ask_peers(spans: int) -> list[tuple[str, dict[str, str]]]:
    """A column of the table for each peer: its name, and p50 / p95 in milliseconds by question."""
    return [_ask_peer(peer, spans) for peer in PEERS]


def _ask_peer(peer: Peer, spans: int) -> tuple[str, dict[str, str]]:
    provide(peer.target)
    large = min(LARGE_TRACE_SPANS, spans // 2)
    with tempfile.TemporaryDirectory() as folder, running(peer, Path(folder)) as client:
        _load(peer, client, spans, large)
        answers = {title: _time(ask, client) for title, ask in peer.questions.items()}
    if large != LARGE_TRACE_SPANS:
        answers["10,000 events whole"] += f" ({large:,} only)"
    return f"{describe(peer.target)}, {spans:,} spans", answers


@contextmanager
def running(peer: Peer, folder: Path) -> Iterator[Client]:
    """The peer as a process, with its data in the folder; it is killed in the end."""
    places = {"folder": str(folder), "port": str(_free_port()), "grpc_port": str(_free_port())}
    command = [str(peer.target.python), *peer.command.format(**places).split()]
    environment = {name: value.format(**places) for name, value in peer.environment.items()}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={
                "PATH": os.environ.get("PATH", os.defpath),
                "HOME": str(folder),
                "DO_NOT_TRACK": "true",
                **environment,
            },
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            client = Client(f"http://127.0.0.1:{places['port']}")
            _wait_until_healthy(client, peer.health, process)
            yield client
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # it has processes of its own, and its data go with the folder
            process.wait()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_healthy(client: Client, path: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + LONGEST_START_S
    while not _answers(client, path):
        assert time.monotonic() < deadline and process.poll() is None, f"{process.args!r} does not answer"  # noqa: PT018
        time.sleep(0.5)


def _answers(client: Client, path: str) -> bool:
    try:
        return client.http.request("GET", client.url + path).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def _load(peer: Peer, client: Client, spans: int, large: int) -> None:
    print(f"  {spans:,} spans into {peer.target.title}", file=sys.stderr, flush=True)
    deadline = time.monotonic() + LONGEST_LOAD_S
    for body in iter_bodies(spans, large):
        headers = {"Content-Type": "application/x-protobuf", **peer.headers}
        while (
            answer := client.http.request("POST", f"{client.url}/v1/traces", body=body, headers=headers)
        ).status == 503:
            assert time.monotonic() < deadline, "it does not take them"
            time.sleep(1)
        assert answer.status == 200, answer.data[:500]
    while (count := peer.count_spans(client)) < spans:
        assert time.monotonic() < deadline, f"it shows {count:,} of {spans:,}"
        time.sleep(1)


def _time(ask: Callable[[Client], int], client: Client) -> str:
    """Up to thirty times, or as often as two minutes allow, after once that does not count."""
    assert ask(client) > 0
    waits_ms: list[float] = []
    deadline = time.monotonic() + LONGEST_QUESTION_S
    while len(waits_ms) < MOST_TIMES and (not waits_ms or time.monotonic() < deadline):
        start = time.perf_counter()
        ask(client)
        waits_ms.append((time.perf_counter() - start) * 1000)
    timed = Timed(waits_ms)
    return f"{timed.p50_ms:,.0f} / {timed.p95_ms:,.0f}"
