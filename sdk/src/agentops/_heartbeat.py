"""Signs of life: a session that runs and has nothing to send says so now and then, and the server knows it is not dead.

Best effort: a sign that does not get through is not sent again, and none is kept on disk.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._protocol import Conversation

Encode = Callable[[], bytes]


class _Participation:
    __slots__ = ("encode_sign", "introduce")

    def __init__(self, introduce: Encode, encode_sign: Encode) -> None:
        self.introduce = introduce
        self.encode_sign = encode_sign


class Heartbeat:
    """The sessions that this process takes part in through one destination, and when each was last heard of."""

    is_pending = has_adopted = False  # nobody waits for a sign

    def __init__(self, interval_ms: int) -> None:
        self._interval_seconds = interval_ms / 1000
        self.reset()

    def reset(self) -> None:
        """In a forked child: it speaks for the sessions that it takes part in itself."""
        self._changed = threading.Condition()
        self._speaking_of: bytes | None = None
        self._sessions: dict[bytes, _Participation] = {}
        self._last_sent: dict[bytes, float] = {}

    def join(self, session: bytes, introduce: Encode, encode_sign: Encode) -> None:
        """Speak for a session from its first delivery on. Called by the agent's threads."""
        self._sessions[session] = _Participation(introduce, encode_sign)

    def leave(self, session: bytes) -> None:
        """The session has ended here."""
        self._sessions.pop(session, None)
        self._last_sent.pop(session, None)

    def note_sent(self, session: bytes) -> None:
        """The server has heard of the session just now."""
        if session in self._sessions:
            self._last_sent[session] = time.monotonic()

    def settle(self, session: bytes) -> None:
        """Wait until no sign of this session is on its way: an end that overtook one would be taken back by it."""
        with self._changed:
            self._changed.wait_for(lambda: self._speaking_of != session)

    @property
    def keeps_awake(self) -> bool:
        """True while a session runs: how it ends is still to be sent, and at the exit no thread can be started."""
        return bool(self._sessions)

    @property
    def next_due(self) -> float | None:
        """When (monotonic) the next sign is to be given."""
        if not self._interval_seconds:
            return None
        last = min(self._last_sent.copy().values(), default=None)
        return None if last is None else last + self._interval_seconds

    def scan(self) -> None:
        """Dead processes give no signs."""

    def advance(self, conversation: Conversation) -> bool:
        """Give the signs that are due; false, because there is nothing more to do at once."""
        from ._protocol import RetryLaterError, Step  # noqa: PLC0415 - it imports urllib3
        from ._records import UPDATE, Record  # noqa: PLC0415

        for session, participation in self._iter_due():
            self._last_sent[session] = time.monotonic()
            with self._speak(session) as is_still_here:
                if not is_still_here:
                    continue
                sign = Record(UPDATE, session, 0, participation.encode_sign(), 0)
                try:
                    conversation.perform(Step(UPDATE, session, [sign]), participation.introduce())
                except RetryLaterError:
                    return False
        return False

    @contextmanager
    def _speak(self, session: bytes) -> Iterator[bool]:
        """Meanwhile `settle` waits. False if the session has ended since it was due."""
        with self._changed:
            self._speaking_of = session
        try:
            yield session in self._sessions
        finally:
            with self._changed:
                self._speaking_of = None
                self._changed.notify_all()

    def _iter_due(self) -> Iterator[tuple[bytes, _Participation]]:
        now = time.monotonic()
        for session, last in self._last_sent.copy().items():
            participation = self._sessions.get(session)
            if participation is None:
                self._last_sent.pop(session, None)  # it ended between a request and the note of it
            elif self._interval_seconds and now - last >= self._interval_seconds:
                yield session, participation
