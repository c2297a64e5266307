"""Gates: the first call of a library loads its instrumentor, and then begins anew under it.

Instrumentors take half a second to import. `init()` must not take that, and a thread must not do it meanwhile: there
is code, the OpenAI client's among it, that looks at modules in `sys.modules` while they are still being imported. So
where a library was imported before `init()`, the few functions by which a call of it begins are wrapped until one of
them is called. No call is missed, and a program that makes none pays nothing.
"""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any

from agentops._guard import attempt

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from ._libraries import Library


class _Gate:
    __slots__ = ("name", "owner", "previous", "wrapper")

    def __init__(self, owner: type | ModuleType, name: str, wrapper: object, previous: object) -> None:
        self.owner = owner
        self.name = name
        self.wrapper = wrapper
        self.previous = previous


class Gates:
    """The gates of libraries whose instrumentors are not loaded yet.

    Args:
        load: loads a library's instrumentor; called by the first call, on its thread.
    """

    def __init__(self, load: Callable[[Library], None]) -> None:
        self._load = load
        self._gates: list[_Gate] = []
        self._missing: dict[str, list[tuple[str, Library]]] = {}

    def close(self, library: Library) -> set[str]:
        """Wrap the doors of a library; the modules of those doors that are not imported yet."""
        missing = set()
        for door in library.doors:
            module, _, path = door.partition(":")
            if module in sys.modules:
                attempt(self._close, None, module, path, library)
            else:
                self._missing.setdefault(module, []).append((path, library))
                missing.add(module)
        return missing

    def note_import(self, module: str) -> None:
        """A module is there now: so are the doors in it."""
        for path, library in self._missing.pop(module, []):
            attempt(self._close, None, module, path, library)

    def remove(self) -> None:
        """Put back what was there, where the gate is still outermost."""
        self._missing.clear()
        while self._gates:
            gate = self._gates.pop()
            if gate.owner.__dict__.get(gate.name) is gate.wrapper:
                setattr(gate.owner, gate.name, gate.previous)

    def _close(self, module: str, path: str, library: Library) -> None:
        owner_name, _, name = path.rpartition(".")
        owner: type | ModuleType = sys.modules[module]
        owner = getattr(owner, owner_name) if owner_name else owner
        previous = owner.__dict__[name]
        is_method = not isinstance(previous, (classmethod, staticmethod))
        function = previous if is_method else previous.__func__
        wrapper: Any = self._wrap(function, owner, name, library)
        setattr(owner, name, wrapper if is_method else type(previous)(wrapper))
        self._gates.append(_Gate(owner, name, owner.__dict__[name], previous))

    def _wrap(
        self, function: Callable[..., Any], owner: type | ModuleType, name: str, library: Library
    ) -> Callable[..., Any]:
        @functools.wraps(function)
        def gate(*args: Any, **kwargs: Any) -> Any:
            before = owner.__dict__.get(name)
            self._load(library)
            if owner.__dict__.get(name) is before:  # not among what the instrumentor lays its own over
                return function(*args, **kwargs)
            return getattr(owner, name)(*(args[1:] if isinstance(before, classmethod) else args), **kwargs)

        return gate
