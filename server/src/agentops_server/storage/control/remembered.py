"""Answers of the control store that are asked for with every request, kept for as long as its file did not change.

Whoever writes to a SQLite file, this process or another, changes the time and size of it or of its write-ahead log. To
look at those takes microseconds, and a transaction a thousand times that. So what one commits the others still see with
their next call. Nothing is kept where a change could not be seen so: on a database that is no file, and while the last
change is so recent that the next one could have the same time.
"""

import os
import time
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, Generic, TypeVar

MOST_ANSWERS = 10_000
# File systems note times in steps of the kernel's clock, of up to 10 ms.
SETTLED_NS = 50_000_000

_Question = TypeVar("_Question", bound=Hashable)
_Answer = TypeVar("_Answer")
Stamp = tuple[Any, ...]


def find_stamp(path: Path | None) -> Stamp | None:
    """What changes with the SQLite file; None where nothing tells for certain."""
    if path is None:
        return None
    try:
        states = [os.stat(path), _find_state(f"{path}-wal")]
    except OSError:
        return None
    times = [state.st_mtime_ns for state in states if state is not None]
    if time.time_ns() - max(times) < SETTLED_NS:
        return None
    return tuple(None if each is None else (each.st_mtime_ns, each.st_size, each.st_ino) for each in states)


def _find_state(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


class Remembered(Generic[_Question, _Answer]):
    """The answers to one kind of question."""

    def __init__(self, path: Path | None) -> None:
        """Remember nothing yet.

        Args:
            path: The SQLite file that is asked; None where the database is another one, of which nothing is kept.
        """
        self._path = path
        self._answers: dict[_Question, tuple[Stamp, _Answer]] = {}

    def find(self, question: _Question, ask: Callable[[], _Answer]) -> _Answer:
        """The answer: the one that is kept, or else what asking tells."""
        stamp = find_stamp(self._path)
        if stamp is None:
            return ask()
        kept = self._answers.get(question)
        if kept is not None and kept[0] == stamp:
            return kept[1]
        answer = ask()  # of a change meanwhile it may know: the stamp is the one from before it
        if len(self._answers) >= MOST_ANSWERS:
            self._answers.clear()
        self._answers[question] = (stamp, answer)
        return answer
