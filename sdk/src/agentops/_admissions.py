"""What the server has let in: shared by the threads that speak to it, so that a token is asked for once."""

from __future__ import annotations


class Admissions:
    """The tokens of sessions, by session id (16 bytes), and why the sessions without one are refused for ever."""

    def __init__(self) -> None:
        self.tokens: dict[bytes, str] = {}
        self.refused: dict[bytes, str] = {}
