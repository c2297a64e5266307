"""Which sessions may have events: a 'no' is certain and costs no query, a 'yes' is to be looked up.

Nearly every trace that comes in begins just now, and to ask the warehouse for what it has of each cost more than to
read the spans. A hash of every session that got something sets a few bits here (a Bloom filter, in layers that grow):
two bytes a session, one wrong 'yes' in four hundred.
"""

import threading
from collections.abc import Iterable
from hashlib import blake2b

from agentops_server.domain.ids import SessionId

FIRST_SESSIONS = 1 << 16
_BITS_A_SESSION = 16
_HASHES = 4
_GROWTH = 4


class _Layer:
    """Room for a number of sessions, a power of two."""

    def __init__(self, sessions: int) -> None:
        self._bits = bytearray(sessions * _BITS_A_SESSION // 8)
        self._mask = sessions * _BITS_A_SESSION - 1
        self.free = sessions
        self.sessions = sessions

    def add(self, places: list[int]) -> None:
        for place in places:
            place &= self._mask  # noqa: PLW2901 - the same place, in this layer
            self._bits[place >> 3] |= 1 << (place & 7)
        self.free -= 1

    def has(self, places: list[int]) -> bool:
        return all(self._bits[(place & self._mask) >> 3] >> (place & self._mask & 7) & 1 for place in places)


class SeenSessions:
    """Filled by the writer with what comes in, and once with what is stored already. Any thread may ask."""

    def __init__(self) -> None:
        self._layers = [_Layer(FIRST_SESSIONS)]
        self._is_sure = False
        self._lock = threading.Lock()

    def add(self, session_ids: Iterable[SessionId]) -> None:
        """These sessions have something from now on."""
        for session_id in session_ids:
            places = _places(session_id)
            with self._lock:
                if not any(layer.has(places) for layer in self._layers):
                    self._room().add(places)

    def be_sure(self) -> None:
        """Whatever was stored before this process began is in it now."""
        self._is_sure = True

    @property
    def is_sure(self) -> bool:
        """Whether it ever says 'no'."""
        return self._is_sure

    def may_have(self, session_ids: Iterable[SessionId]) -> bool:
        """Whether any of these sessions may have something."""
        if not self._is_sure:
            return True
        return any(layer.has(places) for places in map(_places, session_ids) for layer in self._layers)

    def _room(self) -> _Layer:
        """The layer to add to: the newest, or one that is larger."""
        newest = self._layers[-1]
        if not newest.free:
            newest = _Layer(newest.sessions * _GROWTH)
            self._layers = [*self._layers, newest]
        return newest


def _places(session_id: SessionId) -> list[int]:
    digest = int.from_bytes(blake2b(session_id.bytes, digest_size=8).digest(), "big")
    start, step = digest >> 32, digest & 0xFFFFFFFF | 1
    return [start + n * step for n in range(_HASHES)]
