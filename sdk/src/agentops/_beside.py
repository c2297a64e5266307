"""What is known of somebody's instances, kept beside them: those may have slots, be frozen, copied or validated."""

from __future__ import annotations

from typing import Generic, TypeVar
from weakref import ref

T = TypeVar("T")


class Beside(Generic[T]):
    """One thing for each instance, as long as that lives."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, T]] = {}

    def find(self, instance: object) -> T | None:
        found = self._known.get(id(instance))
        return None if found is None else found[1]

    def keep(self, instance: object, thing: T) -> None:
        """Of an instance that `can_be_kept`."""
        key = id(instance)
        self._known[key] = (ref(instance, lambda _: self._known.pop(key, None)), thing)


def can_be_kept(instance: object) -> bool:
    """False if it cannot be referred to weakly, because of its slots."""
    return bool(type(instance).__weakrefoffset__)
