"""One run: an agent program with one target's SDK against a sink, from its start until its process is gone."""

import json
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.sdk.sink_process import AGENT_CORE, SinkProcess, open_sink
from benchmarks.sdk.targets import HERE, Target

_AGENT = HERE / "drivers" / "agent.py"
_NOWHERE = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Plan:
    """What an agent does and what it meets. `changes` are (seconds after its start, mode of the sink)."""

    events: int
    per_second: int = 0
    settle_s: float = 1.0
    limit_s: float = 60.0
    kill_after_s: float = 120.0
    mode: str = "ok"
    changes: Sequence[tuple[float, str]] = ()
    starts_again: bool = False


@dataclass
class Outcome:
    """What came of a run. `report` is the agent's own, and lacks what it did not live to see."""

    report: dict[str, Any]
    was_killed: bool
    process_s: float
    exit_s: float | None
    received: dict[str, int]
    arrived_later: int = 0
    log: str = field(default="", repr=False)

    @property
    def recorded(self) -> int:
        """The events whose recording returned."""
        return int(self.report.get("recorded", 0))

    @property
    def lost(self) -> int:
        """The events that did not arrive, neither in time nor after the next start if there was one."""
        return self.recorded - self.received["events"] - self.arrived_later


def run(target: Target, plan: Plan) -> Outcome:
    """Run it in a folder of its own. RuntimeError: the program failed before it began; the message has its log."""
    with tempfile.TemporaryDirectory() as folder, open_sink(plan.mode) as sink:
        with _changing(sink, plan.changes):
            outcome = _run_agent(target, plan, sink, Path(folder))
        if plan.starts_again:
            sink.take_on("ok")
            _run_agent(target, Plan(events=0, settle_s=0, kill_after_s=plan.kill_after_s), sink, Path(folder))
            outcome.arrived_later = sink.report()["events"] - outcome.received["events"]
        return outcome


def _run_agent(target: Target, plan: Plan, sink: SinkProcess, folder: Path) -> Outcome:
    report, log = folder / "report.json", folder / "log"
    task = {
        "driver": target.driver,
        "url": sink.url,
        "events": plan.events,
        "per_second": plan.per_second,
        "settle_s": plan.settle_s,
        "limit_s": plan.limit_s,
        "core": AGENT_CORE,
        "report": str(report),
    }
    report.write_text("{}")
    with log.open("w") as file:
        started = time.monotonic()
        process = subprocess.Popen(
            [target.python, _AGENT, json.dumps(task)], cwd=folder, env=_environment(folder), stdout=file, stderr=file
        )
        was_killed = _wait(process, plan.kill_after_s)
        ended = time.monotonic()
    found = json.loads(report.read_text())
    if not found and not was_killed and plan.mode == "ok":
        raise RuntimeError(f"{target.name} ended with {process.returncode}:\n{log.read_text()[-2000:]}")
    exit_s = ended - found["finished_at"] if "finished_at" in found and not was_killed else None
    return Outcome(found, was_killed, ended - started, exit_s, sink.report(), log=log.read_text()[-2000:])


def _wait(process: subprocess.Popen[bytes], kill_after_s: float) -> bool:
    """Wait for its end without polling, which would be seen in the time of the exit; true if it had to be killed."""
    was_killed = threading.Event()

    def kill() -> None:
        was_killed.set()
        process.kill()

    timer = threading.Timer(kill_after_s, kill)
    timer.start()
    process.wait()
    timer.cancel()
    return was_killed.is_set()


@contextmanager
def _changing(sink: SinkProcess, changes: Sequence[tuple[float, str]]) -> Iterator[None]:
    timers = [threading.Timer(after_s, sink.take_on, [mode]) for after_s, mode in changes]
    for timer in timers:
        timer.start()
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()
            timer.join()


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of ours, a home in the folder, and a proxy that leads nowhere: some peers call home at their start."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "HTTPS_PROXY": _NOWHERE,
        "HTTP_PROXY": _NOWHERE,
        "NO_PROXY": "127.0.0.1",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "true",
    }
