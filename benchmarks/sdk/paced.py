"""What recording costs an agent that records 200 events a second, which is more than most do."""

from typing import Any

from benchmarks.sdk.burst import describe_limit, describe_recording
from benchmarks.sdk.environments import describe, provide
from benchmarks.sdk.running import Plan, run
from benchmarks.sdk.targets import TARGETS, Target

EVENTS, PER_SECOND, RUNS = 1_000, 200, 5
NOTES = f"""{PER_SECOND} events a second for {EVENTS // PER_SECOND} seconds, {RUNS} runs each.
Between two events the program sleeps, and finds the caches of its core cold: the bare write shows by how much.
All else is as in [the table of the burst](sdk.burst.md)."""


def measure() -> list[dict[str, Any]]:
    """Five runs each."""
    limit = describe_limit(Plan(events=EVENTS, per_second=PER_SECOND), RUNS)
    return [*(_row(target, EVENTS, RUNS) for target in TARGETS), limit]


def measure_quickly() -> list[dict[str, Any]]:
    """One run each of fewer events."""
    return [_row(target, 200, 1) for target in TARGETS]


def _row(target: Target, events: int, runs: int) -> dict[str, Any]:
    provide(target)
    outcomes = [run(target, Plan(events=events, per_second=PER_SECOND)) for _ in range(runs)]
    return {"SDK": describe(target), **describe_recording(outcomes)}
