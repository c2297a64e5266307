"""What came of a load, as rows of a table with a column for each server."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """One server under load. `ack_ms` is p50 and p99, `read_ms` p50 and the longest; None where nobody asked."""

    title: str
    events: int
    sending_s: float
    queryable_s: float
    cpu_s: float
    """Until all of it could be read, with the merges until then."""
    ack_ms: tuple[float, float]
    rss_mb: float
    disk_bytes: int
    read_ms: tuple[float, float] | None = None
    newest_s: float | None = None
    """From the last acknowledgement until the newest thousand sessions were listed, with all of their events."""
    rested_cpu_s: float | None = None
    """Until nothing was left to be done: every merge, and the index of words where it was put off."""

    @property
    def per_second(self) -> float:
        """Events a second from the first one sent until all of them could be read."""
        return self.events / self.queryable_s


def average(one: Outcome, other: Outcome) -> Outcome:
    """The mean of two turns of one server of which nobody read, and the most memory of either."""
    return Outcome(
        title=one.title,
        events=(one.events + other.events) // 2,
        sending_s=fmean([one.sending_s, other.sending_s]),
        queryable_s=fmean([one.queryable_s, other.queryable_s]),
        cpu_s=fmean([one.cpu_s, other.cpu_s]),
        ack_ms=(fmean([one.ack_ms[0], other.ack_ms[0]]), fmean([one.ack_ms[1], other.ack_ms[1]])),
        rss_mb=max(one.rss_mb, other.rss_mb),
        disk_bytes=(one.disk_bytes + other.disk_bytes) // 2,
    )


_SERVER_CPU = "server CPU per 1,000 events, with merges until all can be read"
_FIGURES: dict[str, tuple[str, Callable[[Outcome], str]]] = {
    "events acknowledged, and all of them readable in the end": ("all", lambda o: f"{o.events:,}"),
    "sent for": ("", lambda o: f"{o.sending_s:,.0f} s"),
    "events a second, until all can be read": ("rate", lambda o: f"{o.per_second:,.0f}"),
    "seconds from the last acknowledgement until then": ("", lambda o: f"{o.queryable_s - o.sending_s:.1f}"),
    "until the newest thousand sessions are listed, complete": (
        "2",
        lambda o: "-" if o.newest_s is None else f"{o.newest_s:.1f}",
    ),
    _SERVER_CPU: ("cpu", lambda o: f"{o.cpu_s / o.events * 1000:.3f} s"),
    "the same until it is at rest, words indexed": (
        "",
        lambda o: "-" if o.rested_cpu_s is None else f"{o.rested_cpu_s / o.events * 1000:.3f} s",
    ),
    "acknowledgement, p50": ("", lambda o: f"{o.ack_ms[0]:,.0f} ms"),
    "acknowledgement, p99": ("ack", lambda o: f"{o.ack_ms[1]:,.0f} ms"),
    "read of what was just acknowledged, p50 and longest": (
        "read",
        lambda o: "-" if o.read_ms is None else f"{o.read_ms[0]:,.0f} and {o.read_ms[1]:,.0f} ms",
    ),
    "resident memory, the most": ("rss", lambda o: f"{o.rss_mb:,.0f} MB"),
    "disk per event": ("", lambda o: f"{o.disk_bytes / o.events:,.0f} bytes"),
}


def table(
    outcomes: Sequence[Outcome], goals: Mapping[str, str], limits: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """A row for each figure, with what is wanted beside it.

    Args:
        outcomes: Of each server, ours first. Its rate as a multiple of each other's is in a row of its own.
        goals: What is wanted, by `all`, `rate`, `cpu`, `ack`, `read` and `rss`.
        limits: What the machine could do, by name; each is a row.
    """
    ours, *others = (o.title for o in outcomes)
    rows = [
        {"figure": name, "wanted": goals.get(goal, ""), **{o.title: show(o) for o in outcomes}}
        for name, (goal, show) in _FIGURES.items()
    ]
    if others:
        ratios = {o.title: f"{outcomes[0].per_second / o.per_second:,.0f} times" for o in outcomes[1:]}
        rows.append(
            {"figure": "the first one's events a second are", "wanted": goals.get("times", ""), ours: "", **ratios}
        )
    blank = dict.fromkeys(others, "")
    rows += [{"figure": name, "wanted": "", ours: text, **blank} for name, text in (limits or {}).items()]
    return rows
