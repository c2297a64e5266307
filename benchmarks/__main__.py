"""Run benchmarks and write their figures: ``python -m benchmarks [NAME …]``; ``sdk`` stands for all of that group."""

import argparse
import importlib
import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.calibration import fsync_ms, hash_ms

BENCHMARKS = {
    "server.footprint": "What the server weighs: install size, cold start, memory at rest",
    "server.ingest": "How many events a second the server takes, durable and readable, beside its peers",
    "server.otlp": "How many spans a second the server takes over OTLP, durable and readable, beside its peers",
    "server.stages": "What each step of the write path costs",
    "server.shares": "Where the server's CPU goes while events come in",
    "server.durability": "What two ways to be durable before the answer cost",
    "server.kills": "What is lost or doubled when the server is killed under load",
    "server.fuzz": "What a million odd requests do to the server",
    "server.queries": "How long questions take on a million events and on ten million small ones, beside its peers",
    "server.export": "What an export takes of the server's memory, from ten thousand events to a million",
    "dashboard.rendering": "How fast the page shows a session of 50,000 events, and a list of 100,000 sessions",
    "sdk.imports": "What importing the SDK costs, beside its peers",
    "sdk.burst": "What recording as fast as possible costs, beside its peers",
    "sdk.paced": "What recording 200 events a second costs, beside its peers",
    "sdk.faults": "What faults of the server cost, beside its peers",
}
FIGURES = Path(__file__).parents[1] / "docs" / "reference" / "figures"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="all of them when none is named")
    parser.add_argument("--quick", action="store_true", help="a short form, to see that they work; writes no figures")
    parser.add_argument("--seconds", type=int, help="how long a benchmark that sends for a time sends")
    parser.add_argument("--events", type=int, help="how much a benchmark that loads events loads")
    parser.add_argument("--keep", type=Path, help="a folder where what takes long to load is kept for the next run")
    parser.add_argument("--only", nargs="+", default=[], help="some columns of a table; writes no figures")
    arguments = parser.parse_args()
    for name in _find_names(arguments.names):
        module = importlib.import_module(f"benchmarks.{name}")
        if arguments.events and hasattr(module, "EVENTS"):
            module.EVENTS = module.QUICK_EVENTS = arguments.events
        if arguments.seconds and hasattr(module, "SECONDS"):
            module.SECONDS = module.QUICK_SECONDS = arguments.seconds
        if arguments.keep and hasattr(module, "KEEP"):
            module.KEEP = arguments.keep.resolve()
        if arguments.only and hasattr(module, "ONLY"):
            module.ONLY = tuple(arguments.only)
        if arguments.quick and not hasattr(module, "measure_quickly"):
            continue
        print(f"{name}: {BENCHMARKS[name]}", flush=True)
        before = _machine()
        rows = module.measure_quickly() if arguments.quick else module.measure()
        text = _render(name, rows, before, "" if arguments.quick else getattr(module, "NOTES", ""))
        if not arguments.quick and not arguments.only:
            FIGURES.mkdir(parents=True, exist_ok=True)
            (FIGURES / f"{name}.md").write_text(text)
        print(text, flush=True)


def _find_names(given: Sequence[str]) -> list[str]:
    """The benchmarks that are named, one by one or by their group."""
    unknown = [word for word in given if not any(name == word or name.startswith(f"{word}.") for name in BENCHMARKS)]
    if unknown:
        raise SystemExit(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    return [name for name in BENCHMARKS if not given or name in given or name.partition(".")[0] in given]


def _machine() -> str:
    cores = len(os.sched_getaffinity(0))
    versions = ", ".join(f"{package} {version(package)}" for package in ("agentops", "agentops-server", "chdb-core"))
    yardstick = f"16 MiB SHA-256 in {hash_ms()} ms of CPU, 4 KiB fsync in {fsync_ms()} ms"
    on = f"{datetime.now(UTC):%Y-%m-%d}, {cores} cores, Python {_describe_python()}"
    return f"{on}, {versions}. Yardstick: {yardstick}."


def _describe_python() -> str:
    """Its version, and whose it is if a distribution built it: with profiles, without which it is a sixth slower."""
    version = platform.python_version()
    if sys.base_prefix != "/usr":
        return version
    return f"{version} of {platform.freedesktop_os_release()['NAME']}"


def _render(name: str, rows: list[dict[str, Any]], machine: str, notes: str) -> str:
    columns = list(rows[0])
    lines = [
        f"# {BENCHMARKS[name]}",
        "",
        f"Written by `python -m benchmarks {name}`; do not edit. {machine}",
        "",
        *([notes, ""] if notes else []),
        f"| {' | '.join(columns)} |",
        f"|{'---|' * len(columns)}",
    ]
    lines += [f"| {' | '.join(str(row.get(column, '')) for column in columns)} |" for row in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
