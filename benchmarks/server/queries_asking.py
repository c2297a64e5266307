"""The questions of a page and its users, asked over HTTP and timed."""

import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import quantiles
from typing import Any

from benchmarks.serving import Server


@dataclass(frozen=True)
class Patience:
    """How often a question is asked: as many times, unless the time is over before."""

    times: int
    longest_s: float


@dataclass(frozen=True)
class Timed:
    """How long the answers to a question took."""

    waits_ms: list[float]

    @property
    def p50_ms(self) -> float:
        """The median."""
        return self._cut(50)

    @property
    def p95_ms(self) -> float:
        """What 95 of 100 took at most."""
        return self._cut(95)

    def _cut(self, percent: int) -> float:
        if len(self.waits_ms) == 1:
            return self.waits_ms[0]
        return quantiles(self.waits_ms, n=100, method="inclusive")[percent - 1]

    def __str__(self) -> str:
        return f"{self.p50_ms:,.0f} / {self.p95_ms:,.0f}"


def time_question(ask: Callable[[], float], patience: Patience) -> Timed:
    """Ask it again and again, after once that does not count.

    Args:
        ask: Asks it, and says for how many milliseconds it waited.
        patience: How often.
    """
    ask()
    waits_ms: list[float] = []
    deadline = time.monotonic() + patience.longest_s
    while len(waits_ms) < patience.times and (not waits_ms or time.monotonic() < deadline):
        waits_ms.append(ask())
    return Timed(waits_ms)


LONGEST_ARRIVAL_S = 60
TARGETS_MS = {
    "figures of one session": 50,
    "figures of a session that is being recorded": 50,
    "newest 50 sessions with their figures": 100,
    "50 sessions by cost": 200,
    "50 sessions by tag and end state": 200,
    "the same by cost": 200,
    "summary by day and model": 300,
    "search for a rare word": 500,
    "search for two frequent words": 500,
    "sessions with a word": 500,
    "10,000 events whole": 1000,
}
"""How soon 95 of 100 answers should be there."""


class Asker:
    """Asks one server with one key. An answer without what it must have ends the benchmark."""

    def __init__(self, server: Server, api_key: str) -> None:
        self._waited_ms = 0.0
        self._server = server
        self._headers = {"X-Agentops-Api-Key": api_key}
        self._random = random.Random(1)
        self._ids = [row["session_id"] for row in self._pages("order=asc", 200)]
        (self._large,) = (row["session_id"] for row in self._pages("sort=events", 1))
        assert self.get(f"/v2/sessions/{self._large}/stats")["events"] >= 10_000

    def questions(self) -> dict[str, Callable[[], None]]:
        """All of them, by title."""
        return {
            "figures of one session": lambda: self._figures(self._random.choice(self._ids)),
            "figures of a session that is being recorded": lambda: self._figures(self._recorded()),
            "newest 50 sessions with their figures": lambda: self._list(""),
            "50 sessions by cost": lambda: self._list("sort=cost"),
            "50 sessions by tag and end state": lambda: self._list("tag=staging&end_state=Failure"),
            "the same by cost": lambda: self._list("tag=staging&end_state=Failure&sort=cost"),
            "summary by day and model": lambda: self._overview("?part=models"),
            "the whole overview of the project": lambda: self._overview(""),
            "search for a rare word": lambda: self._search("needle"),
            "search for two frequent words": lambda: self._search("content role"),
            "sessions with a word": lambda: self._list("q=needle"),
            "waterfall of 10,000 events": self._waterfall,
            "10,000 events whole": self._export,
        }

    def time(self, ask: Callable[[], None], patience: Patience) -> Timed:
        """How long its answers take, to their last byte."""

        def wait() -> float:
            self._waited_ms = 0.0
            ask()
            return self._waited_ms

        return time_question(wait, patience)

    def get(self, path: str, *, counts: bool = True) -> Any:
        """The JSON of an answer; the wait for it may belong to no question."""
        start = time.perf_counter()
        answer = self._server.http.request("GET", self._server.url + path, headers=self._headers, timeout=120)
        self._waited_ms += (time.perf_counter() - start) * 1000 * counts
        assert answer.status == 200, answer.data[:500]
        return json.loads(answer.data)

    def _pages(self, query: str, limit: int) -> Iterator[Any]:
        yield from self.get(f"/v2/sessions?{query}&limit={limit}")["sessions"]

    def _recorded(self) -> str:
        """One of the sessions that events come in for."""
        deadline = time.monotonic() + LONGEST_ARRIVAL_S
        while time.monotonic() < deadline:
            rows = self.get("/v2/sessions?limit=10", counts=False)["sessions"]
            if running := [str(row["session_id"]) for row in rows if row["is_running"]]:
                return self._random.choice(running)
            time.sleep(0.5)
        raise AssertionError("no events come in")

    def _figures(self, session_id: str) -> None:
        assert self.get(f"/v2/sessions/{session_id}/stats")["session_id"] == session_id

    def _list(self, query: str) -> None:
        rows = self.get(f"/v2/sessions?{query}&limit=50")["sessions"]
        assert rows
        assert all(row["stats"]["session_id"] == row["session_id"] for row in rows)

    def _overview(self, query: str) -> None:
        assert self.get(f"/v2/overview{query}")["models"]

    def _search(self, words: str) -> None:
        assert self.get(f"/v2/search?q={words.replace(' ', '+')}")["events"]

    def _waterfall(self) -> None:
        cursor, count = "", 0
        while cursor is not None:
            page = self.get(f"/v2/sessions/{self._large}/events?limit=5000&cursor={cursor}")
            cursor, count = page["next_cursor"], count + len(page["events"])
        assert count >= 10_000

    def _export(self) -> None:
        answer = self.get(f"/v2/sessions/{self._large}/export")
        assert sum(len(answer[name]) for name in ("llms", "tools", "actions", "errors")) >= 10_000
