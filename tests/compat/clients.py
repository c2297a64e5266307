"""Runs the driver programs of the published clients, each in its own virtual environment."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.provision import client_python

HERE = Path(__file__).parent
DRIVERS = {"0.3.26": HERE / "drive_0_3.py", "0.2.6": HERE / "drive_0_2.py"}
SCENARIOS = {
    "0.3.26": ("whole", "several", "inherited", "uncaught", "interrupted", "silent"),
    "0.2.6": ("whole", "inherited", "uncaught", "interrupted", "silent"),
}
TIMEOUT_S = 90


@dataclass(frozen=True)
class Run:
    """What one scenario did: its report, and how the process ended."""

    report: dict[str, Any]
    exit_code: int
    log: str


def run_client(version: str, scenario: str, *arguments: str, url: str, api_key: str) -> Run:
    """Runs one scenario of a driver against the server at ``url``.

    The proxy settings lead nowhere on purpose: 0.3.26 asks the package index for a newer version of itself at every
    start, and a test must not reach out of this machine.
    """
    env = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    env |= {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1"}
    env |= {"AGENTOPS_API_KEY": api_key, "AGENTOPS_API_ENDPOINT": url}
    command = [str(client_python(version)), str(DRIVERS[version]), scenario, *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    lines = done.stdout.strip().splitlines()
    if not lines:
        raise AssertionError(f"agentops {version}, {scenario}: no report, exit code {done.returncode}\n{done.stderr}")
    return Run(json.loads(lines[-1]), done.returncode, done.stderr)
