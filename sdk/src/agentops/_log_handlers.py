"""Where the SDK's log is written, for programs that ask for it and have not set up logging."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_own_handlers: dict[object, logging.Handler] = {}


class _Fallback(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to stderr as long as the program itself has no handler that would."""

    def emit(self, record: logging.LogRecord) -> None:
        if not logging.root.handlers:
            super().emit(record)


def add_fallback(logger: logging.Logger) -> None:
    """Show what it says where nobody else does."""
    _add_handler(logger, "stderr", _Fallback)


def add_file(logger: logging.Logger, path: Path) -> None:
    """Append what it says to a file. OSError: it cannot be opened."""
    _add_handler(logger, path, lambda: logging.FileHandler(path, delay=False, encoding="utf-8"))


def remove_all(logger: logging.Logger) -> None:
    """Take the handlers away again."""
    while _own_handlers:
        _, handler = _own_handlers.popitem()
        logger.removeHandler(handler)
        handler.close()


def _add_handler(logger: logging.Logger, key: object, make: Callable[[], logging.Handler]) -> None:
    if key not in _own_handlers:
        _own_handlers[key] = handler = make()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        logger.addHandler(handler)
