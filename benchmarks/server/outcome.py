"""What came of a load, as rows of a table with a column for each server."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """One server under load. `ack_ms` is p50 and p99, `read_ms` p50 and the longest; None where nobody asked."""

    title: str
    events: int
    sending_s: float
    queryable_s: float
    cpu_s: float
    ack_ms: tuple[float, float]
    rss_mb: float
    disk_bytes: int
    read_ms: tuple[float, float] | None = None

    @property
    def per_second(self) -> float:
        """Events a second from the first one sent until all of them could be read."""
        return self.events / self.queryable_s


_FIGURES: dict[str, Callable[[Outcome], str]] = {
    "events acknowledged, and all of them readable in the end": lambda o: f"{o.events:,}",
    "events a second, until all can be read": lambda o: f"{o.per_second:,.0f}",
    "seconds from the last acknowledgement until then": lambda o: f"{o.queryable_s - o.sending_s:.1f}",
    "server CPU per 1,000 events": lambda o: f"{o.cpu_s / o.events * 1000:.3f} s",
    "acknowledgement, p50": lambda o: f"{o.ack_ms[0]:,.0f} ms",
    "acknowledgement, p99": lambda o: f"{o.ack_ms[1]:,.0f} ms",
    "read of what was just acknowledged, p50 and longest": lambda o: (
        "-" if o.read_ms is None else f"{o.read_ms[0]:,.0f} and {o.read_ms[1]:,.0f} ms"
    ),
    "resident memory, the most": lambda o: f"{o.rss_mb:,.0f} MB",
    "disk per event": lambda o: f"{o.disk_bytes / o.events:,.0f} bytes",
}


def table(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """A row for each figure; the first server's rate as a multiple of each other's in the last one."""
    rows = [{"figure": name, **{o.title: show(o) for o in outcomes}} for name, show in _FIGURES.items()]
    ours = outcomes[0]
    ratios = {o.title: f"{ours.per_second / o.per_second:,.0f} times" for o in outcomes[1:]}
    return [*rows, {"figure": "the first one's events a second are", ours.title: "", **ratios}] if ratios else rows
