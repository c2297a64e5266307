"""Web servers as hosts: started as their users start them, asked by several clients at once, and stopped."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import Queue
from threading import Thread
from typing import Any

import urllib3

from tests.sdk.recording_server import RecordingServer

from .hosting import Hosting, kill_group

_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


class WebHost:
    """A web server in a process of its own that is up."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self._process = process
        self.url = url

    def ask(self, count: int, path: Callable[[int], str]) -> list[str]:
        """The answers to so many requests, eight at a time."""

        def get(number: int) -> str:
            answer = urllib3.request("GET", self.url + path(number), retries=False, timeout=30)
            assert answer.status == 200, answer.data
            return answer.data.decode()

        with ThreadPoolExecutor(8) as executor:
            return list(executor.map(get, range(count)))

    def stop(self) -> int:
        """SIGTERM, and the exit code that comes of it."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(60)


@contextmanager
def serve(hosting: Hosting, command: Sequence[str], *, alone: bool = False) -> Iterator[WebHost]:
    """Start a server that says its address on stderr; whatever is left of it afterwards is killed."""
    process = hosting.open(command, hosting.alone_env if alone else hosting.env)
    addresses: Queue[str | None] = Queue()
    lines: list[str] = []

    def read() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            lines.append(line)
            if found := _ADDRESS.search(line):
                addresses.put(found[0])
        addresses.put(None)

    log = Thread(target=read, daemon=True)
    log.start()
    try:
        url = addresses.get(timeout=60)
        assert url is not None, "".join(lines)
        yield WebHost(process, url)
        assert "AGENTOPS_STRICT" not in "".join(lines)
    finally:
        kill_group(process)
        process.wait(60)
        log.join(60)
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def assert_each_has_its_own(recorder: RecordingServer, answers: Sequence[str], events: int) -> None:
    """Each answer names the session of its request, and a session has the events of its request and no others."""
    assert len(set(answers)) == len(answers)
    for session_id in answers:
        recorded: list[dict[str, Any]] = list(recorder.events[session_id].values())
        assert [event["params"] for event in recorded] == [session_id] * events
        assert len(recorder.arrivals[session_id]) == events
        assert recorder.merged(session_id)["end_state"] == "Success"
