"""How long to wait before something that failed is tried again: twice as long each time, with jitter."""

from __future__ import annotations

import time

FIRST_SECONDS = 0.2
CAP_SECONDS = 30.0


class Backoff:
    """The failures in a row of one thing."""

    def __init__(self) -> None:
        self._failures = 0
        self._failed_at = 0.0
        self._wait_seconds = 0.0
        self._least_seconds = 0.0

    @property
    def is_clear(self) -> bool:
        """True when the last attempt did not fail."""
        return not self._failures

    def clear(self) -> None:
        self._failures = 0

    def fail(self, *, at_once_longest: bool = False, least_seconds: float = 0.0) -> float:
        """Note a failure; the seconds to wait now. `at_once_longest` is for what only a person can mend.

        Nobody who waits shortens it to less than `least_seconds`.
        """
        import random  # noqa: PLC0415 - nothing fails at import

        self._failures += 1
        longest = CAP_SECONDS if at_once_longest else FIRST_SECONDS * 2.0 ** min(self._failures - 1, 16)
        # Jitter spreads agents apart; it guards nothing.
        self._wait_seconds = min(CAP_SECONDS, longest) * random.uniform(0.5, 1.0)  # noqa: S311
        self._failed_at = time.monotonic()
        self._least_seconds = least_seconds
        return max(self._wait_seconds, least_seconds)

    def due(self, limit_seconds: float | None = None) -> float:
        """When (monotonic) to try again; `limit_seconds` shortens the wait for somebody who is waiting."""
        wait = self._wait_seconds if limit_seconds is None else min(self._wait_seconds, limit_seconds)
        return self._failed_at + max(wait, self._least_seconds)
