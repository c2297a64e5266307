"""The one logger of the SDK. It has no handler of its own: warnings reach stderr through logging's last resort.

`AGENTOPS_LOGGING_LEVEL` and `AGENTOPS_LOGGING_TO_FILE` change that, for programs that have not set up logging.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logging import Logger
    from pathlib import Path

_NAME = "agentops"


class _LazyLogger:
    """`logging.getLogger("agentops")`. Importing logging takes 10 ms, so it waits until there is something to say.

    What nobody hears unless logging was set up, is not said as long as nobody has imported that.
    """

    def error(self, message: str, *arguments: object, exc_info: BaseException | None = None) -> None:
        _say("error", message, arguments, exc_info)

    def warning(self, message: str, *arguments: object) -> None:
        _say("warning", message, arguments)

    def info(self, message: str, *arguments: object) -> None:
        if "logging" in sys.modules:
            _say("info", message, arguments)

    def debug(self, message: str, *arguments: object) -> None:
        if "logging" in sys.modules:
            _say("debug", message, arguments)


logger = _LazyLogger()


def find_logger() -> Logger:
    """The logger itself."""
    from logging import getLogger  # noqa: PLC0415 - see above

    return getLogger(_NAME)


def _say(level: str, message: str, arguments: tuple[object, ...], exc_info: BaseException | None = None) -> None:
    try:
        say = getattr(find_logger(), level)
    except ImportError:  # in a signal handler, while what it interrupts imports logging
        return
    say(message, *arguments, exc_info=exc_info, stacklevel=3)


def set_up_log(level: int | None, path: Path | None) -> None:
    """Show the SDK's log from a level on, and append it to a file; None leaves either as it is."""
    if level is None and path is None:
        return
    from ._log_handlers import add_fallback, add_file  # noqa: PLC0415 - as above

    if level is not None:
        find_logger().setLevel(level)
        add_fallback(find_logger())
    if path is not None:
        try:
            add_file(find_logger(), path)
        except OSError as error:
            logger.warning("AgentOps cannot write its log to %s (%s).", path, error)


def put_back_log() -> None:
    """Take the handlers away again."""
    handlers = sys.modules.get(f"{__package__}._log_handlers")
    if handlers is not None:
        handlers.remove_all(find_logger())


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
