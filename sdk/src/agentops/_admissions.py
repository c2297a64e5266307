"""What the server has let in: shared by the threads that speak to it, so that a token is asked for once."""

from __future__ import annotations

from threading import Lock

_MOST_SESSIONS = 10_000


class Admissions:
    """The tokens of sessions, by session id (16 bytes), and why sessions without one are refused.

    The latest ten thousand: a server with a session per request would fill the memory with them. A token that is gone
    is asked for again.
    """

    def __init__(self) -> None:
        self.tokens: dict[bytes, str] = {}
        self.refused: dict[bytes, str] = {}
        self._lock = Lock()

    def admit(self, session: bytes, token: str) -> None:
        """The server gave the session a token."""
        self._keep(self.tokens, session, token)

    def refuse(self, session: bytes, reason: str) -> None:
        """The server will never take the session."""
        self._keep(self.refused, session, reason)

    def _keep(self, kept: dict[bytes, str], session: bytes, value: str) -> None:
        with self._lock:
            kept[session] = value
            if len(kept) > _MOST_SESSIONS:
                del kept[next(iter(kept))]
