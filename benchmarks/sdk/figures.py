"""Measured values as the tables show them: the median of the runs, and of losses the worst."""

from collections.abc import Iterable
from statistics import median

from benchmarks.sdk.running import Outcome

UNKNOWN = "-"


def show(value: float) -> str:
    """Three significant digits, without an exponent; a whole number as it is."""
    if value == int(value):
        return f"{value:,.0f}"
    if value < 0.001:
        return "< 0.001"
    digits = max(0, 2 - int(f"{value:e}".split("e")[1]))
    return f"{value:,.{digits}f}"


def middle(values: Iterable[float | None], factor: float = 1.0) -> str:
    """The median of what is known."""
    known = [value for value in values if value is not None]
    return show(median(known) * factor) if known else UNKNOWN


def reported(outcomes: list[Outcome], name: str, factor: float = 1.0) -> str:
    """The median of a value that the agents report."""
    return middle((outcome.report.get(name) for outcome in outcomes), factor)


def worst_loss(outcomes: list[Outcome]) -> str:
    """The most events that a run lost, and their share."""
    worst = max(outcomes, key=lambda outcome: outcome.lost)
    if not worst.lost:
        return "0"
    return f"{worst.lost:,} ({worst.lost / worst.recorded:.0%})"


def cpu_ms(outcomes: list[Outcome]) -> str:
    """CPU milliseconds of the whole process per 1,000 events, their delivery included."""
    return middle(outcome.report["cpu_s"] / outcome.report["timed"] * 1e6 for outcome in outcomes)
