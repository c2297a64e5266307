"""What importing an SDK costs, and what it weighs once it has delivered something."""

import json
import subprocess
from typing import Any

from benchmarks.sdk.environments import describe, provide
from benchmarks.sdk.figures import UNKNOWN, middle, reported
from benchmarks.sdk.running import Plan, run
from benchmarks.sdk.sink_process import AGENT_CORE
from benchmarks.sdk.targets import OURS, TARGETS, Target

RUNS = 7
NOTES = f"""Medians of {RUNS} processes each, bytecode compiled, files in the page cache. Imported is what an agent
needs; memory (resident) and modules are what that adds to a bare interpreter. *Ready* is after `init()`, one event and
a second's rest: this SDK imports its HTTP client in its worker, which an import alone does not show."""
_PROGRAM = """
import json, os, sys, time
core, size = json.loads(sys.argv[1]), os.sysconf("SC_PAGE_SIZE")
if core is not None:
    os.sched_setaffinity(0, {core})
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * size / 1e6
modules, before = len(sys.modules), resident()
start = time.perf_counter()
exec(sys.argv[2])
took = time.perf_counter() - start
print(json.dumps([took * 1e3, resident() - before, len(sys.modules) - modules, before]))
"""


def measure() -> list[dict[str, Any]]:
    """Seven processes per target, which take turns."""
    return _measure(RUNS)


def measure_quickly() -> list[dict[str, Any]]:
    """Two processes."""
    return _measure(2)


def _measure(runs: int) -> list[dict[str, Any]]:
    for target in TARGETS:
        provide(target)
        _import(target, target.imports)  # compiles and warms
    return [_bare(runs), *(_row(target, runs) for target in TARGETS)]


def _bare(runs: int) -> dict[str, Any]:
    found = [_import(OURS, "pass") for _ in range(runs)]
    base = f"{middle(one[3] for one in found)} in all"
    return _cells("bare Python", "0", base, "0", UNKNOWN, UNKNOWN)


def _row(target: Target, runs: int) -> dict[str, Any]:
    found = [_import(target, target.imports) for _ in range(runs)]
    ready = [run(target, Plan(events=0)) for _ in range(runs)]
    base = [_import(target, "pass")[3] for _ in range(runs)]
    added = [outcome.report["rss_before_mb"] - before for outcome, before in zip(ready, base, strict=True)]
    return _cells(
        describe(target),
        middle(one[0] for one in found),
        middle(one[1] for one in found),
        middle(one[2] for one in found),
        reported(ready, "init_s", 1e3),
        middle(added),
    )


def _cells(target: str, *values: str) -> dict[str, Any]:
    names = ("import ms", "memory MB", "modules", "init() ms", "memory when ready MB")
    return {"SDK": target, **dict(zip(names, values, strict=True))}


def _import(target: Target, statement: str) -> list[float]:
    command = [str(target.python), "-I", "-c", _PROGRAM, json.dumps(AGENT_CORE), statement]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    values: list[float] = json.loads(done.stdout.splitlines()[-1])
    return values
