"""What recording costs an agent that records as fast as it can."""

from typing import Any

from benchmarks.sdk.environments import describe, provide
from benchmarks.sdk.figures import cpu_ms, middle, reported, show, worst_loss
from benchmarks.sdk.running import Outcome, Plan, run
from benchmarks.sdk.targets import BARE_WRITE, OURS, PEERS, Target

EVENTS, MANY_EVENTS, RUNS = 20_000, 100_000, 5
_SLOW_PEERS = ("agentops-0.3", "mlflow")
_SLOW = (5_000, 3)
NOTES = """One event is an LLM call of 2 KB prompt and 1 KB completion, constructed and recorded, timed on the caller's
thread. Caller and a server that only counts, on loopback, have a core each. The runs are made in turns; times and CPU
are their medians, the loss is the worst of them. CPU is that of the whole process, delivery included, per 1,000 events.
Memory is the most it grew beyond its size after one event and a second's rest. Finish is `end_session()` or its like
with its default limits, exit from there until the process is gone. SDKs that take milliseconds per event record fewer
events in fewer runs."""


def measure() -> list[dict[str, Any]]:
    """Five runs of 20,000 events, this SDK with 100,000 too, and three of 5,000 for slow peers; all in turns."""
    turns = [(OURS, EVENTS, RUNS), (OURS, MANY_EVENTS, RUNS)]
    turns += [(peer, *(_SLOW if peer.name in _SLOW_PEERS else (EVENTS, RUNS))) for peer in PEERS]
    turns.append((BARE_WRITE, EVENTS, RUNS))
    for target, *_ in turns:
        provide(target)
    outcomes: list[list[Outcome]] = [[] for _ in turns]
    for number in range(RUNS):
        for (target, events, runs), found in zip(turns, outcomes, strict=True):
            if number < runs:
                found.append(run(target, Plan(events=events)))
    *of_sdks, limits = outcomes
    rows = [_describe(target, events, found) for (target, events, _), found in zip(turns, of_sdks, strict=False)]
    return [*rows, describe_limit(limits)]


def measure_quickly() -> list[dict[str, Any]]:
    """One run each of few events."""
    return [_row(OURS, EVENTS), *(_row(peer, 1_000 if peer.name in _SLOW_PEERS else EVENTS) for peer in PEERS)]


def _row(target: Target, events: int) -> dict[str, Any]:
    provide(target)
    return _describe(target, events, [run(target, Plan(events=events))])


def _describe(target: Target, events: int, outcomes: list[Outcome]) -> dict[str, Any]:
    runs = len(outcomes)
    return {"SDK": describe(target), "events": f"{events:,}", "runs": runs, **describe_recording(outcomes)}


def describe_limit(outcomes: list[Outcome]) -> dict[str, str]:
    """What a bare write to a file takes the same way, in the same run: it shows what the machine makes of a call."""
    names = {"p50 µs": "p50_us", "p99 µs": "p99_us", "mean µs": "mean_us"}
    return {"SDK": BARE_WRITE.title} | {title: reported(outcomes, name) for title, name in names.items()}


def describe_recording(outcomes: list[Outcome]) -> dict[str, str]:
    """The figures of recording without faults."""
    sizes = [outcome.received["wire_bytes"] / max(1, outcome.received["events"]) for outcome in outcomes]
    return {
        "p50 µs": reported(outcomes, "p50_us"),
        "p99 µs": reported(outcomes, "p99_us"),
        "mean µs": reported(outcomes, "mean_us"),
        "max ms": reported(outcomes, "max_us", 1e-3),
        "CPU ms per 1,000": cpu_ms(outcomes),
        "memory growth MB": show(max(outcome.report["rss_growth_mb"] for outcome in outcomes)),
        "lost": worst_loss(outcomes),
        "finish s": reported(outcomes, "finish_s"),
        "exit s": middle(outcome.exit_s for outcome in outcomes),
        "wire bytes per event": middle(sizes),
    }
