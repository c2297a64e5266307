"""The attributes of one span while its dialects are read: what was understood is told apart from what is left."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, TypeVar

import msgspec

from agentops_server.wire.dialects.shape import shape_of

Tree: TypeAlias = dict[str, Any] | list[Any] | Any
_Found = TypeVar("_Found")

_MOST_LEVELS = 24
_JSON_STARTS = ("{", "[", '"')


class Attributes:
    """Attributes by their names. Reading one marks it as understood."""

    __slots__ = ("_shape", "_understood", "_values", "answers")

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values
        self._understood: set[str] = set()
        self._shape = shape_of(values)
        self.answers = 0
        """How often something that was asked for was there."""

    def __contains__(self, name: str) -> bool:
        if name in self._values:
            self.answers += 1
            return True
        return False

    @property
    def idle(self) -> set[object]:
        """Who never found a name that it asked for, among attributes of these names: it finds nothing here either."""
        return self._shape.idle

    def ask(self, find: "Callable[[Attributes], _Found]") -> _Found | None:
        """What a function finds that looks at attributes only; None where it finds nothing.

        One that was told 'no' to everything it asked for is not called again for attributes of the same names.
        """
        idle = self._shape.idle
        if find in idle:
            return None
        answers = self.answers
        found = find(self)
        if self.answers == answers and not found:
            idle.add(find)
        return found

    def peek(self, name: str) -> Any:
        """The value, without marking it; None where there is none."""
        if name not in self._values:
            return None
        self.answers += 1
        return self._values[name]

    def peek_any(self, *names: str) -> Any:
        """The first value of these that is there and not empty or 0, without marking it; None where there is none."""
        present = self._shape.present(names)
        self.answers += len(present)
        return next((value for name in present if (value := self._values[name])), None)

    def find(self, *names: str) -> Any:
        """The value of the first of these that is there and not empty, or None."""
        present = self._shape.present(names)
        if not present:
            return None
        self.answers += 1
        for name in present:
            value = self._values[name]
            if value or value == 0:
                self._understood.add(name)
                return value
        return None

    def find_new(self, *names: str) -> Any:
        """Like `find`, among those that nobody has understood yet."""
        present = self._shape.present(names)
        if not present:
            return None
        self.answers += 1
        for name in present:
            value = self._values[name]
            if name not in self._understood and (value or value == 0):
                self._understood.add(name)
                return value
        return None

    def understand(self, name: str) -> None:
        """Mark it, where it is there and not empty."""
        value = self._values.get(name)
        if value or value == 0:
            self._understood.add(name)

    def text(self, *names: str) -> str:
        """The same as text; "" for none."""
        return to_text(self.find(*names))

    def json(self, *names: str) -> Any:
        """The same, decoded where it is JSON inside text."""
        return unwrap(self.find(*names))

    def has(self, prefix: str) -> bool:
        """Whether any name begins so."""
        if self._shape.starting(prefix):
            self.answers += 1
            return True
        return False

    def has_family(self, word: str) -> bool:
        """Whether any name is this word, or begins with it and a dot."""
        if word in self._shape.families:
            self.answers += 1
            return True
        return False

    def starting(self, prefix: str) -> Iterator[tuple[str, Any]]:
        """Every attribute whose name begins so: the rest of the name, and the value."""
        names = self._shape.starting(prefix)
        self.answers += len(names)
        for name in names:
            self._understood.add(name)
            yield name[len(prefix) :], self._values[name]

    def names(self) -> Iterator[str]:
        """All names."""
        self.answers += 1
        yield from self._values

    def names_starting(self, *prefixes: str) -> tuple[str, ...]:
        """The names that begin with any of these, in their order."""
        names = self._shape.starting_any(prefixes)
        self.answers += len(names)
        return names

    def fold(self, prefix: str) -> Tree:
        """Flat names as the values that they were made of: ``0.role`` and ``0.content`` as ``[{"role": …, …}]``.

        Numbers only order: a list has as many elements as there are different ones, however large they are.
        """
        root: dict[str, Any] = {}
        for rest, value in self.starting(prefix):
            parts = rest.split(".", _MOST_LEVELS)
            place = root
            for part in parts[:-1]:
                inner = place.get(part)
                if not isinstance(inner, dict):
                    inner = place[part] = {}
                place = inner
            place.setdefault(parts[-1], value)
        return _listed(root)

    def left(self) -> Iterator[tuple[str, Any]]:
        """What nobody has understood."""
        return ((name, value) for name, value in self._values.items() if name not in self._understood)


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(name.isascii() and name.isdigit() for name in value):
        return [_listed(value[name]) for name in sorted(value, key=lambda digits: (len(digits), digits))]
    return {name: _listed(inner) for name, inner in value.items()}


def unwrap(value: Any) -> Any:
    """JSON inside text as what it means, twice where it was encoded twice; any other value as it is."""
    for _ in range(2):
        if not isinstance(value, str) or not value.lstrip().startswith(_JSON_STARTS):
            break
        try:
            value = msgspec.json.decode(value)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            break
    return value


def to_text(value: Any) -> str:
    """A value as text: itself, or its JSON; "" for None."""
    if value is None:
        return ""
    return value if isinstance(value, str) else to_json(value)


def to_json(value: Any) -> str:
    """JSON text of a value; of what cannot be written so, JSON of its text."""
    try:
        return msgspec.json.encode(value).decode()
    except (msgspec.MsgspecError, ValueError, TypeError, OverflowError, RecursionError):
        return msgspec.json.encode(repr(value)[:10_000]).decode()


def payload(value: Any) -> str:
    """A payload as JSON text: JSON inside text is taken out of it; "" for none."""
    if value is None or value == "":
        return ""
    return to_json(unwrap(value))
