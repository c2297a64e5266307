"""The sink as a process on a core of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.sdk.targets import ROOT

_CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
AGENT_CORE = _CORES[-1] if len(_CORES) > 1 else None
SINK_CORE = _CORES[0] if len(_CORES) > 1 else None
"""Caller and sink do not share a core where there are two."""


class SinkProcess:
    """A running sink."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert process.stdin is not None
        assert process.stdout is not None
        self._stdin, self._stdout = process.stdin, process.stdout
        self.url = f"http://127.0.0.1:{int(self._stdout.readline())}"

    def take_on(self, mode: str) -> None:
        """Have it behave like this from now on."""
        self._ask(mode)

    def report(self) -> dict[str, int]:
        """What arrived: `events` (each once), `requests`, `wire_bytes`."""
        return self._ask("report")

    def _ask(self, line: str) -> dict[str, int]:
        self._stdin.write(line + "\n")
        self._stdin.flush()
        answer: dict[str, int] = json.loads(self._stdout.readline())
        return answer


@contextmanager
def open_sink(mode: str = "ok") -> Iterator[SinkProcess]:
    """Start a sink, and end it."""
    command = [sys.executable, "-m", "benchmarks.sdk.sink", mode]
    if SINK_CORE is not None:
        command.append(str(SINK_CORE))
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield SinkProcess(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(10)
