"""Runs a library's program in its environment and reads the session back."""

import json
import os
import subprocess
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, NamedTuple

from tests.provision import ROOT, frameworks_python
from tests.serving import Reader, Server

SDK = ROOT / "sdk" / "src"
TIMEOUT_S = 240
ORDERS = ("before", "after")
"""Whether the library is imported before `agentops.init()`."""


class Run(NamedTuple):
    """What a program has printed, and what it has said besides."""

    printed: str
    said: str


class ProgramError(AssertionError):
    """A program ended with an error, or one of the SDK was swallowed in it."""


def run_program(library: str, program: str, order: str, server: Server, models: str, folder: Path) -> Run:
    """Run a program of a library's environment against a server and a scripted endpoint.

    Raises:
        ProgramError: it failed; the message ends with what it said last.
    """
    env = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    env |= {"AGENTOPS_API_KEY": server.api_key, "AGENTOPS_API_ENDPOINT": server.url, "SCRIPTED_MODELS": models}
    env |= {"AGENTOPS_SPOOL_DIR": str(folder), "AGENTOPS_STRICT": "1", "LANGSMITH_TRACING": "false"}
    env |= {"PYTHONPATH": os.pathsep.join([str(SDK), str(ROOT)]), "HOME": str(folder)}
    command = [str(frameworks_python(library)), "-m", f"tests.frameworks.programs.{program}", order]
    try:
        done = subprocess.run(
            command, env=env, capture_output=True, text=True, timeout=TIMEOUT_S, cwd=ROOT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ProgramError(f"it did not end within {TIMEOUT_S} s") from error
    if done.returncode != 0 or "AGENTOPS_STRICT" in done.stderr:
        raise ProgramError(done.stderr)
    return Run(done.stdout, done.stderr)


class Told(NamedTuple):
    """The session of a program as it was exported, which instrumentor captured what, and what stopping left behind."""

    export: dict[str, Any]
    captured: dict[str, str]
    left: list[str]


def read_run(run: Run, server: Server) -> Told:
    """What became of a program that ends with `asking.run`."""
    told = json.loads(run.printed.strip().splitlines()[-1])
    export = Reader(server.url, server.api_key).export(told["session"])
    return Told(export, told["captured"], told["left"])


def versions_in(library: str) -> dict[str, str]:
    """The distributions of a library's environment."""
    folders = (frameworks_python(library).parent.parent / "lib").glob("python*/site-packages")
    found = distributions(path=[str(folder) for folder in folders])
    return {each.metadata["Name"].lower().replace("_", "-"): each.version for each in found}
