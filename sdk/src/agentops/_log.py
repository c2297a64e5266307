"""The one logger of the SDK. It has no handler of its own: warnings reach stderr through logging's last resort.

`AGENTOPS_LOGGING_LEVEL` and `AGENTOPS_LOGGING_TO_FILE` change that, for programs that have not set up logging.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

logger = logging.getLogger("agentops")
_own_handlers: dict[object, logging.Handler] = {}


class _Fallback(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to stderr as long as the program itself has no handler that would."""

    def emit(self, record: logging.LogRecord) -> None:
        if not logging.root.handlers:
            super().emit(record)


def set_up_log(level: int | None, path: Path | None) -> None:
    """Show the SDK's log from a level on, and append it to a file; None leaves either as it is."""
    if level is not None:
        logger.setLevel(level)
        _add_handler("stderr", _Fallback)
    if path is not None:
        try:
            _add_handler(path, lambda: logging.FileHandler(path, delay=False, encoding="utf-8"))
        except OSError as error:
            logger.warning("AgentOps cannot write its log to %s (%s).", path, error)


def _add_handler(key: object, make: Callable[[], logging.Handler]) -> None:
    if key not in _own_handlers:
        _own_handlers[key] = handler = make()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        logger.addHandler(handler)


def put_back_log() -> None:
    """Take the handlers away again."""
    while _own_handlers:
        _, handler = _own_handlers.popitem()
        logger.removeHandler(handler)
        handler.close()


class Notices:
    """Says a thing once, until `clear` allows it to be said again."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def warn(self, topic: str, message: str, *arguments: object) -> None:
        if topic not in self._said:
            self._said.add(topic)
            logger.warning(message, *arguments)

    def clear(self, topic: str) -> bool:
        """Forget a topic; true if it had been said."""
        if topic in self._said:
            self._said.discard(topic)
            return True
        return False
