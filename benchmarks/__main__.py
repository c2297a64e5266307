"""Run benchmarks and write their figures: ``python -m benchmarks [NAME …]``."""

import argparse
import importlib
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.calibration import fsync_ms, hash_ms

BENCHMARKS = {
    "server.footprint": "What the server weighs: install size, cold start, memory at rest",
    "server.ingest": "How many events a second the server takes over v2, durable, with the sender on the same machine",
    "sdk.record": "What recording costs the agent",
}
FIGURES = Path(__file__).parents[1] / "docs" / "reference" / "figures"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="all of them when none is named")
    for name in parser.parse_args().names or BENCHMARKS:
        print(f"{name}: {BENCHMARKS[name]}", flush=True)
        before = _machine()
        rows = importlib.import_module(f"benchmarks.{name}").measure()
        text = _render(name, rows, before)
        FIGURES.mkdir(parents=True, exist_ok=True)
        (FIGURES / f"{name}.md").write_text(text)
        print(text, flush=True)


def _machine() -> str:
    cores = len(os.sched_getaffinity(0))
    python = platform.python_version()
    versions = ", ".join(f"{package} {version(package)}" for package in ("agentops", "agentops-server", "chdb-core"))
    yardstick = f"16 MiB SHA-256 in {hash_ms()} ms of CPU, 4 KiB fsync in {fsync_ms()} ms"
    return f"{datetime.now(UTC):%Y-%m-%d}, {cores} cores, Python {python}, {versions}. Yardstick: {yardstick}."


def _render(name: str, rows: list[dict[str, Any]], machine: str) -> str:
    columns = list(rows[0])
    lines = [
        f"# {BENCHMARKS[name]}",
        "",
        f"Written by `python -m benchmarks {name}`; do not edit. {machine}",
        "",
        f"| {' | '.join(columns)} |",
        f"|{'---|' * len(columns)}",
    ]
    lines += [f"| {' | '.join(str(row[column]) for column in columns)} |" for row in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
