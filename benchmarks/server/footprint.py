"""What the server weighs before it has anything to do."""

import tempfile
import time
from importlib.metadata import distribution
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.serving import serve

RUNS = 5
REST_S = 5


def measure() -> list[dict[str, Any]]:
    """First start on an empty folder, starts on a used one, and memory after five seconds at rest."""
    first, again, memory = [], [], []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as folder:
            with serve(Path(folder) / "data") as server:
                first.append(server.start_s)
            with serve(Path(folder) / "data") as server:
                again.append(server.start_s)
                time.sleep(REST_S)
                memory.append(server.rss_mb)
    return [
        {"figure": "first start to first healthy answer", "median": f"{median(first):.2f} s"},
        {"figure": "later start to first healthy answer", "median": f"{median(again):.2f} s"},
        {"figure": "resident memory at rest", "median": f"{median(memory):.0f} MB"},
        {"figure": "installed packages of the runtime", "median": f"{_installed_mb():.0f} MB"},
    ]


def _installed_mb() -> float:
    """What the packages of requirements/runtime.txt take on disk."""
    lines = (Path(__file__).parents[2] / "requirements" / "runtime.txt").read_text().splitlines()
    names = [line.partition("==")[0] for line in lines if "==" in line and ";" not in line]
    total = 0
    for name in names:
        found = distribution(name)
        total += sum(
            Path(str(found.locate_file(file))).stat().st_size for file in found.files or () if _exists(found, file)
        )
    return total / 1e6


def _exists(found: Any, file: Any) -> bool:
    return Path(str(found.locate_file(file))).is_file()
