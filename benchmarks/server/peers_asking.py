"""The peers beside our answers: each is started, given spans over OTLP until it shows them all, and asked."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import urllib3

from benchmarks.sdk import environments as installed
from benchmarks.server import keeping
from benchmarks.server.peers_questions import Client, Peer
from benchmarks.server.peers_spans import BATCH_SPANS, iter_bodies
from benchmarks.server.queries_asking import Patience, time_question

LARGE_TRACE_SPANS = 10_000
LONGEST_START_S = 180
LONGEST_LOAD_S = 7200
PATIENCE = Patience(30, 120)
SHOW_EVERY_S = 30


def ask_peer(peer: Peer, spans: int, keep: Path | None = None) -> tuple[str, dict[str, str]]:
    """A column of the table: the peer's name, and p50 / p95 in milliseconds by question.

    Args:
        peer: Whom to ask.
        spans: How many it is given.
        keep: Where its data are kept for the next run; None: nowhere.
    """
    installed.provide(peer.target)
    large = min(LARGE_TRACE_SPANS, spans // 2)
    with keeping.filled(keep, _name(peer, spans), lambda folder: _fill(peer, folder, spans, large)) as (folder, noted):
        answers = {"disk": f"{noted['disk_bytes'] / 1e9:.2f} GB"}
        peer.prepare(folder)
        with running(peer, folder) as client:
            for title, ask in peer.questions.items():
                first_ms = _wait(ask, client)
                timed = time_question(lambda ask=ask: _wait(ask, client), PATIENCE)  # type: ignore[misc]
                answers[title] = f"{timed}, first {first_ms:,.0f}"
                print(f"  {peer.target.title}, {title}: {answers[title]}", file=sys.stderr, flush=True)
    if large != LARGE_TRACE_SPANS:
        answers["10,000 events whole"] += f" ({large:,} only)"
    return f"{installed.describe(peer.target)}, {spans:,} spans", answers


def keep_peer(peer: Peer, spans: int, keep: Path) -> None:
    """Load it for a later run."""
    installed.provide(peer.target)
    large = min(LARGE_TRACE_SPANS, spans // 2)
    keeping.provide(keep, _name(peer, spans), lambda folder: _fill(peer, folder, spans, large))


def _name(peer: Peer, spans: int) -> str:
    digest = keeping.digest_of(["peers_spans.py"])
    return f"{peer.target.name}-{installed.find_version(peer.target)}-{spans}-{digest}"


def _fill(peer: Peer, folder: Path, spans: int, large: int) -> dict[str, int]:
    with running(peer, folder) as client:
        _load(peer, client, spans, large)
    return {"disk_bytes": sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())}


def _wait(ask: Callable[[Client], int], client: Client) -> float:
    client.waited_ms = 0.0
    assert ask(client) > 0
    return client.waited_ms


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
    deadline = time.monotonic() + LONGEST_LOAD_S
    url, headers = f"{client.url}/v1/traces", {"Content-Type": "application/x-protobuf", **peer.headers}
    sent, show = 0, _Progress(f"spans of {spans:,} into {peer.target.title}")
    for body in iter_bodies(spans, large):
        while (answer := client.http.request("POST", url, body=body, headers=headers)).status == 503:
            assert time.monotonic() < deadline, "it does not take them"
            time.sleep(1)
        assert answer.status == 200, answer.data[:500]
        sent += BATCH_SPANS
        show(sent, "sent")
    while (count := peer.count_spans(client)) < spans:
        assert time.monotonic() < deadline, f"it shows {count:,} of {spans:,}"
        show(count, "shown")
        time.sleep(1)


class _Progress:
    """A line now and then."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._next = time.monotonic()

    def __call__(self, count: int, done: str) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + SHOW_EVERY_S
            print(f"  {count:,} {self._title} {done}", file=sys.stderr, flush=True)
