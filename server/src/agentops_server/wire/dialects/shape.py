"""Which names a span's attributes have, apart from their values.

A program's spans are alike: a few sets of names come again and again. What follows from the names alone, such as which
of a hundred that are looked for are there, is worked out once for each set and remembered.
"""

from collections.abc import Iterable
from typing import TypeVar

# Names are the sender's choice: of sets without end, or of endless names, nothing is to be remembered for good.
MOST_SHAPES = 1000
MOST_NAMES = 100
LONGEST_NAMES = 4000
_MOST_QUESTIONS = 500

_Key = TypeVar("_Key")


class Shape:
    """A set of names, in an order, and the answers to what was asked of it."""

    __slots__ = ("_names", "_present", "_starting", "_starting_any", "families", "idle")

    def __init__(self, names: Iterable[str]) -> None:
        self._names = dict.fromkeys(names)
        self._present: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._starting: dict[str, tuple[str, ...]] = {}
        self._starting_any: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.families = frozenset(name.partition(".")[0] for name in self._names)
        """What stands before the first dot of each name."""
        self.idle: set[object] = set()
        """Finders that were told 'no' to all that they asked of these names."""

    def present(self, wanted: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the wanted names that are there, in the order in which they are wanted."""
        found = self._present.get(wanted)
        if found is None:
            found = tuple(name for name in wanted if name in self._names)
            _remember(self._present, wanted, found)
        return found

    def starting(self, prefix: str) -> tuple[str, ...]:
        """The names that begin so."""
        found = self._starting.get(prefix)
        if found is None:
            found = tuple(name for name in self._names if name.startswith(prefix))
            _remember(self._starting, prefix, found)
        return found

    def starting_any(self, prefixes: tuple[str, ...]) -> tuple[str, ...]:
        """The names that begin with any of the prefixes."""
        found = self._starting_any.get(prefixes)
        if found is None:
            found = tuple(name for name in self._names if name.startswith(prefixes))
            _remember(self._starting_any, prefixes, found)
        return found


_shapes: dict[tuple[str, ...], Shape] = {}


def shape_of(names: Iterable[str]) -> Shape:
    """The shape of these names. It may be called from any thread: at worst one is made twice."""
    key = tuple(names)
    if (known := _shapes.get(key)) is not None:
        return known
    shape = Shape(key)
    if len(key) <= MOST_NAMES and sum(map(len, key)) <= LONGEST_NAMES:
        if len(_shapes) >= MOST_SHAPES:
            _shapes.clear()
        _shapes[key] = shape
    return shape


def _remember(answers: dict[_Key, tuple[str, ...]], question: _Key, answer: tuple[str, ...]) -> None:
    """Questions are those of the dialects, a few hundred; some of theirs are made of what a sender wrote, though."""
    if len(answers) < _MOST_QUESTIONS:
        answers[question] = answer
