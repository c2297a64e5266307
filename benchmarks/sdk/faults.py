"""What a server's fault does to an agent and to what it records."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.sdk.environments import describe, provide
from benchmarks.sdk.figures import UNKNOWN, middle, reported, show, worst_loss
from benchmarks.sdk.running import Outcome, Plan, run
from benchmarks.sdk.targets import OURS, PEERS, Target

RUNS = 5
_APART_S = 2.0
_FROM_START = Plan(events=200, per_second=40, settle_s=0, limit_s=30, kill_after_s=60, starts_again=True)
_OUTAGE = replace(_FROM_START, events=1280, limit_s=60, kill_after_s=90)
_OUTAGE_FROM_S, _OUTAGE_UNTIL_S = 6.0, 21.0
NOTES = f"""40 events a second: {_FROM_START.events} of them against a server that has the fault from start to exit,
or {_OUTAGE.events:,} of them against one that has it for {_OUTAGE_UNTIL_S - _OUTAGE_FROM_S:.0f} seconds in between.
Then the server is well and the program is started once more: what has not arrived after that is lost.
*Blocked* is the sum of all calls of the recording function that took longer than 50 ms. Finish is `end_session()`
or its like with its default limits, exit from there until the process is gone; whoever takes longer than
{_FROM_START.kill_after_s:.0f} s in all (outages: {_OUTAGE.kill_after_s:.0f} s) is killed.
Of this SDK the worst of {RUNS} runs is shown; peers run once. Runs that are made together start {_APART_S:.0f} s apart
and share a core, so single milliseconds mean nothing here."""


@dataclass(frozen=True)
class Fault:
    """A fault as the table names it, and the plan that meets it."""

    title: str
    plan: Plan


def _outage(mode: str) -> Plan:
    return replace(_OUTAGE, changes=((_OUTAGE_FROM_S, mode), (_OUTAGE_UNTIL_S, "ok")))


FAULTS = (
    Fault("down", replace(_FROM_START, mode="refuse")),
    Fault("hangs", replace(_FROM_START, mode="hang")),
    Fault("answers after 5 s", replace(_FROM_START, mode="slow")),
    Fault("answers 500", replace(_FROM_START, mode="error")),
    Fault("down for 15 s", _outage("refuse")),
    Fault("answers 500 for 15 s", _outage("error")),
)


def measure() -> list[dict[str, Any]]:
    """Every fault, this SDK first and the peers after it."""
    return _measure(FAULTS, RUNS)


def measure_quickly() -> list[dict[str, Any]]:
    """Two of the faults, with fewer events; who hangs is killed sooner."""
    faults = [replace(fault, plan=replace(fault.plan, events=100, kill_after_s=12)) for fault in FAULTS[:2]]
    return _measure(faults, 1)


def _measure(faults: Sequence[Fault], runs: int) -> list[dict[str, Any]]:
    for target in (OURS, *PEERS):
        provide(target)
    rows = []
    for fault in faults:
        rows.append(_row(fault, OURS, _run_together([OURS] * runs, fault.plan)))
        found = _run_together(PEERS, fault.plan)
        rows += [_row(fault, peer, [outcome]) for peer, outcome in zip(PEERS, found, strict=True)]
    return rows


def _run_together(targets: Sequence[Target], plan: Plan) -> list[Outcome]:
    """Runs that overlap: they wait more than they work. Their starts, which do work, are apart."""

    def run_later(numbered: tuple[int, Target]) -> Outcome:
        time.sleep(numbered[0] * _APART_S)
        return run(numbered[1], plan)

    with ThreadPoolExecutor(len(targets)) as pool:
        return list(pool.map(run_later, enumerate(targets)))


def _row(fault: Fault, target: Target, outcomes: list[Outcome]) -> dict[str, Any]:
    return {
        "server": fault.title,
        "SDK": describe(target),
        "init() s": _most(outcomes, "init_s") if outcomes[0].report else f"> {outcomes[0].process_s:.0f}",
        "p50 µs": reported(outcomes, "p50_us"),
        "longest ms": _most(outcomes, "max_us", 1e-3),
        "blocked s": _most(outcomes, "blocked_s"),
        "recorded": middle(outcome.recorded for outcome in outcomes),
        "arrived by the exit": show(min(outcome.received["events"] for outcome in outcomes)),
        "lost": worst_loss(outcomes) if all(outcome.recorded for outcome in outcomes) else UNKNOWN,
        "finish s": _most(outcomes, "finish_s"),
        "exit s": _exits(outcomes),
    }


def _most(outcomes: list[Outcome], name: str, factor: float = 1.0) -> str:
    known = [outcome.report[name] for outcome in outcomes if name in outcome.report]
    return show(max(known) * factor) if known else UNKNOWN


def _exits(outcomes: list[Outcome]) -> str:
    if any(outcome.was_killed for outcome in outcomes):
        return f"killed at {outcomes[0].process_s:.0f}"
    known = [outcome.exit_s for outcome in outcomes if outcome.exit_s is not None]
    return show(max(known)) if known else "ended by its own error"
