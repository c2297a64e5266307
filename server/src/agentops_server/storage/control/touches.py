"""Which keys were noted as used in the last minute, so that not every request writes."""

from threading import Lock

from agentops_server.domain.clock import NS
from agentops_server.domain.ids import KeyId

INTERVAL_NS = 60 * NS


class Touches:
    """The time at which each key was noted last, by this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._noted_ns: dict[KeyId, int] = {}

    def admit(self, key_id: KeyId, at_ns: int) -> bool:
        """True for the first use of a key, and for the first one a minute or more after the one admitted last."""
        with self._lock:
            noted_ns = self._noted_ns.get(key_id)
            if noted_ns is not None and at_ns - noted_ns < INTERVAL_NS:
                return False
            self._noted_ns[key_id] = at_ns
            return True
