"""Tells when a module has been imported, by a finder in front of the others that looks at a few names only."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, cast

from ._guard import attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.abc import Loader
    from importlib.machinery import ModuleSpec
    from types import ModuleType


class ImportHook:
    """Calls `note(name)` on the importing thread once a module of that name is there, whole.

    A finder by what it can do. To derive it from `importlib.abc.MetaPathFinder` would cost `init()` 13 ms.
    """

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self._names: set[str] = set()
        self._looking = threading.local()

    def install(self, names: set[str]) -> None:
        """Wait for these modules."""
        self._names = set(names)
        if self not in sys.meta_path:
            sys.meta_path.insert(0, self)

    def uninstall(self) -> None:
        """Wait for none."""
        self._names = set()
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec that the other finders give, with a loader that tells us; None for every other module."""
        del path, target
        if fullname not in self._names or getattr(self._looking, "name", None) == fullname:
            return None
        from importlib.util import find_spec  # noqa: PLC0415 - init() has no use for it

        self._looking.name = fullname
        try:
            spec = find_spec(fullname)
        finally:
            self._looking.name = None
        if spec is not None and spec.loader is not None and hasattr(spec.loader, "exec_module"):
            spec.loader = cast("Loader", _Loader(spec.loader, self._note))
        return spec


class _Loader:
    """The module's own loader, and a word afterwards. Whatever else is asked of it, the own one answers."""

    def __init__(self, loader: Loader, note: Callable[[str], None]) -> None:
        self._loader = loader
        self._note = note

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        spec = module.__spec__
        # From here on the module looks as if we had never been there.
        module.__loader__ = self._loader
        if spec is not None:
            spec.loader = self._loader
        self._loader.exec_module(module)
        attempt(self._note, None, module.__name__)

    def __getattr__(self, name: str) -> object:
        return getattr(self._loader, name)
