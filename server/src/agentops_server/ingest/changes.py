"""Which sessions got events since their totals were last made."""

import threading
from collections.abc import Iterable

from agentops_server.domain.clock import now_ns
from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.storage.warehouse.growing import GrowingSums
from agentops_server.storage.warehouse.remembered import Versions


class Changes:
    """A set of sessions, filled by the writer and emptied by the job that sums them up.

    Attributes:
        counts: Of what sessions add up to.
        sums: What they add up to, as far as somebody asked.
        rows: Of what is known of them besides.
    """

    def __init__(self, *, is_unsure: bool = False) -> None:
        """Begin with none.

        Args:
            is_unsure: An earlier process may have left sessions that nobody has looked for: until `be_sure` is called
                any may be one.
        """
        self._is_unsure = is_unsure
        self._sessions: dict[tuple[ProjectId, SessionId], int] = {}
        self._taken: dict[tuple[ProjectId, SessionId], int] = {}
        self._lock = threading.Lock()
        self.counts = Versions()
        self.sums = GrowingSums(self.counts)
        self.rows = Versions()

    def add(self, project_id: ProjectId, session_id: SessionId, received_ns: int | None = None) -> None:
        """The session has new events, the first of them received at this time, or just now."""
        at_ns = now_ns() if received_ns is None else received_ns
        with self._lock:
            known_ns = self._sessions.get((project_id, session_id), at_ns)
            self._sessions[project_id, session_id] = min(known_ns, at_ns)
        self.counts.mark([(project_id, session_id)])  # afterwards: who sees the count must find the session in the set

    def be_sure(self) -> None:
        """What an earlier process left is in the set now."""
        self._is_unsure = False

    def take(self, limit: int) -> list[tuple[ProjectId, SessionId]]:
        """Up to `limit` sessions, the longest waiting first, to be summed up; until `settle` they count as changed."""
        with self._lock:
            taken = list(self._sessions)[:limit]
            for key in taken:
                self._taken[key] = self._sessions.pop(key)
        return taken

    def settle(self, keys: list[tuple[ProjectId, SessionId]]) -> None:
        """The rows of these sessions, which were taken, are stored."""
        with self._lock:
            for key in keys:
                self._taken.pop(key, None)

    def forget(self) -> None:
        """Any session may have changed, and have lost events, too."""
        self.counts.mark_all()
        self.rows.mark_all()

    def summed_before_ns(self, at_ns: int) -> int:
        """What was received before this time, and is in the warehouse by `at_ns`, is in the rows."""
        with self._lock:
            return min((*self._sessions.values(), *self._taken.values()), default=at_ns)

    @property
    def waiting(self) -> int:
        """How many sessions wait to be summed up."""
        return len(self._sessions) + len(self._taken)

    def among(self, project_id: ProjectId, session_ids: Iterable[SessionId]) -> set[SessionId]:
        """Those of these sessions whose row may miss an event."""
        if self._is_unsure:
            return set(session_ids)
        with self._lock:
            keys = ((project_id, session_id) for session_id in session_ids)
            return {key[1] for key in keys if key in self._sessions or key in self._taken}
