"""A wrapper laid over functions of libraries, and taken away again. Importing this module imports wrapt."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from wrapt import FunctionWrapper

from agentops._guard import attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Layers:
    """The functions over which one wrapper lies.

    Args:
        wrapper: as wrapt has it: is given the function, the instance, the arguments and the named ones.
    """

    def __init__(self, wrapper: Callable[..., Any]) -> None:
        self._wrapper = wrapper
        self._laid: dict[str, tuple[Any, str, object, object]] = {}

    def lay(self, doors: Iterable[str]) -> None:
        """Over these functions, `module:Class.function` or `module:function`, those of them that there are, once."""
        for door in doors:
            if door not in self._laid:
                attempt(self._lay, None, door)

    def _lay(self, door: str) -> None:
        module, _, path = door.partition(":")
        owner_name, _, name = path.rpartition(".")
        owner: Any = sys.modules[module]
        owner = getattr(owner, owner_name) if owner_name else owner
        previous = owner.__dict__[name]
        setattr(owner, name, FunctionWrapper(previous, self._wrapper))
        self._laid[door] = (owner, name, owner.__dict__[name], previous)

    def remove(self) -> None:
        """Put back what was there, where this is still outermost."""
        while self._laid:
            _, (owner, name, wrapper, previous) = self._laid.popitem()
            if owner.__dict__.get(name) is wrapper:
                setattr(owner, name, previous)
