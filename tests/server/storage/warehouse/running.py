"""Programs that open the warehouse in a process of their own, because they end it, fork it or fight over it."""

import subprocess
import sys
from pathlib import Path

TIMEOUT_S = 120
OPEN = """
import os, signal, sys, threading
from pathlib import Path
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
warehouse = EmbeddedWarehouse(Path(sys.argv[1]))
assert warehouse.query("SELECT 1 AS one", {}) == b'{"one":1}\\n'
"""


def run_python(*arguments: object) -> "subprocess.CompletedProcess[str]":
    """What became of it; one that hangs fails the test."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)], capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )


def run_with_warehouse(folder: Path, program: str) -> "subprocess.CompletedProcess[str]":
    """Runs a program after it has opened `warehouse` on the folder and asked it something."""
    return run_python("-c", OPEN + program, folder)
