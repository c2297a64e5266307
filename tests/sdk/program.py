"""Runs a small agent program in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from .recording_server import RecordingServer

PRELUDE = """
import os, signal, sys, threading, time
import agentops
from agentops import ActionEvent, ErrorEvent, LLMEvent, ToolEvent
"""


def environment(server: RecordingServer, spool_dir: Path, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        "AGENTOPS_API_KEY": server.key,
        "AGENTOPS_API_ENDPOINT": server.endpoint,
        "AGENTOPS_SPOOL_DIR": str(spool_dir),
        "AGENTOPS_ENV_DATA_OPT_OUT": "true",
        "AGENTOPS_STRICT": "1",
        **more,
    }


def start(source: str, env: dict[str, str]) -> subprocess.Popen[str]:
    return start_as_it_is(PRELUDE + source, env)


def start_as_it_is(source: str, env: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", source],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for it; its exit code, stdout and stderr, in which no swallowed error may show."""
    out, err = process.communicate(timeout=60)
    assert "AGENTOPS_STRICT" not in err, err
    return process.returncode, out, err


def send_signal(process: subprocess.Popen[str], number: int) -> None:
    """Signal a program that has just said something, once it is done with saying it: a handler that prints meanwhile
    would find the stream in use.
    """
    time.sleep(0.1)
    process.send_signal(number)


def run(source: str, env: dict[str, str]) -> tuple[int, str, str]:
    return finish(start(source, env))


def read_errors(process: subprocess.Popen[str]) -> str:
    """The stderr of a program that ended, whose stdout is read already."""
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout, process.stderr:
        text = process.stderr.read()
        process.wait(60)
    return text


def read_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    if not line:
        raise AssertionError(process.communicate(timeout=60)[1])
    return line
