"""The one logger of the SDK. It has no handler of its own: warnings reach stderr through logging's last resort."""

from __future__ import annotations

import logging

logger = logging.getLogger("agentops")


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
