"""What recording costs an agent that records 200 events a second, which is more than most do."""

from typing import Any

from benchmarks.sdk.burst import describe_limit, describe_recording
from benchmarks.sdk.environments import describe, provide
from benchmarks.sdk.running import Plan, run
from benchmarks.sdk.targets import BARE_WRITE, TARGETS

EVENTS, PER_SECOND, RUNS = 1_000, 200, 5
NOTES = f"""{PER_SECOND} events a second for {EVENTS // PER_SECOND} seconds, {RUNS} runs each, all of them in turns.
Between two events the program sleeps, and finds the caches of its core cold: the bare write shows by how much.
All else is as in [the table of the burst](sdk.burst.md)."""


def measure() -> list[dict[str, Any]]:
    """Five runs each, in turns: the machine is not as fast at all times."""
    plan = Plan(events=EVENTS, per_second=PER_SECOND)
    for target in [*TARGETS, BARE_WRITE]:
        provide(target)
    rounds = [[run(target, plan) for target in [*TARGETS, BARE_WRITE]] for _ in range(RUNS)]
    *outcomes, limits = map(list, zip(*rounds, strict=True))
    rows = [
        {"SDK": describe(target), **describe_recording(runs)} for target, runs in zip(TARGETS, outcomes, strict=True)
    ]
    return [*rows, describe_limit(limits)]


def measure_quickly() -> list[dict[str, Any]]:
    """One run each of fewer events."""
    for target in TARGETS:
        provide(target)
    plan = Plan(events=200, per_second=PER_SECOND)
    return [{"SDK": describe(target), **describe_recording([run(target, plan)])} for target in TARGETS]
