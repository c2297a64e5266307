"""Runs host programs in processes of their own, with the SDK and without it, and compares how they end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.sdk import program

ABSENT = Path(__file__).with_name("absent")
NOTHING_MORE = "agentops.init(auto_start_session=False, max_wait_time=60_000)"
_PRELUDE = (
    "import asyncio, atexit, os, signal, sys, threading, time\nimport agentops\nfrom agentops import ActionEvent\n"
)


class Outcome(NamedTuple):
    """How a program ended: exit code (negative: the signal that it died of), stdout and stderr."""

    code: int
    out: str
    err: str


SETTLING_S = 0.25


class Hosting:
    """Runs programs in one folder. They share a spool, so the next one delivers what the one before left.

    Args:
        folder: where the programs are written to.
        env: their environment.
    """

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder = folder
        self.env = env

    @property
    def alone_env(self) -> dict[str, str]:
        """The environment of a program for which there is no SDK."""
        return {**self.env, "PYTHONPATH": str(ABSENT)}

    def write(self, source: str, name: str = "host.py") -> Path:
        path = self.folder / name
        path.write_text(_PRELUDE + source)
        return path

    def start(self, source: str, *, alone: bool = False) -> subprocess.Popen[str]:
        command = [sys.executable, "-W", "error", str(self.write(source))]
        return self.open(command, self.alone_env if alone else self.env)

    def open(self, command: Sequence[str], env: dict[str, str]) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, env=env, cwd=self.folder, stdin=pipe, stdout=pipe, stderr=pipe, text=True, start_new_session=True
        )

    def run(self, source: str, *signals: signal.Signals, alone: bool = False) -> Outcome:
        """Run a program to its end. It gets each signal after it has printed another line, whatever it is."""
        process = self.start(source, alone=alone)
        lines = ""
        for number in signals:
            lines += program.read_line(process) + "\n"
            # Who is about to wait may miss an interrupt, without us just as well, and the more while a thread imports.
            time.sleep(SETTLING_S)
            process.send_signal(number)
        code, out, err = program.finish(process)
        return Outcome(code, lines + out, err)

    def run_alike(self, source: str, *signals: signal.Signals) -> Outcome:
        """Run a program without the SDK and with it: exit code, output and traceback must be the same."""
        alone = self.run(source, *signals, alone=True)
        ours = self.run(source, *signals)
        assert _read_lines(ours.err) == _read_lines(alone.err)
        assert ours[:2] == alone[:2]
        return ours

    def deliver(self) -> None:
        """What waits in the spool is delivered by the next program."""
        assert self.run(NOTHING_MORE).code == 0
        assert list((self.folder / "spool").rglob("*.seg")) == []


def _read_lines(traceback: str) -> list[str]:
    """Without the marks below a line: of two calls in one line, a signal may come during either."""
    return [line for line in traceback.splitlines() if line.strip(" ^~")]


def kill_group(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
