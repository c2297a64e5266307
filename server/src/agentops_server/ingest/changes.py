"""Which sessions got events since their totals were last made."""

import itertools
import threading

from agentops_server.domain.clock import now_ns
from agentops_server.domain.ids import ProjectId, SessionId


class Changes:
    """A set of sessions, filled by the writer and emptied by the job that sums them up."""

    def __init__(self, *, is_unsure: bool = False) -> None:
        """Begin with none.

        Args:
            is_unsure: An earlier process may have left sessions that nobody has looked for: until `be_sure` is called
                any may be one.
        """
        self._is_unsure = is_unsure
        self._sessions: dict[tuple[ProjectId, SessionId], int] = {}
        self._taken: dict[tuple[ProjectId, SessionId], int] = {}
        self._numbers: dict[tuple[ProjectId, SessionId], int] = {}
        self._count = itertools.count(1)
        self._lock = threading.Lock()

    def add(self, project_id: ProjectId, session_id: SessionId, received_ns: int | None = None) -> None:
        """The session has new events, the first of them received at this time, or just now."""
        at_ns = now_ns() if received_ns is None else received_ns
        with self._lock:
            known_ns = self._sessions.get((project_id, session_id), at_ns)
            self._sessions[project_id, session_id] = min(known_ns, at_ns)
            self._numbers[project_id, session_id] = next(self._count)

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
                if key not in self._sessions:
                    self._numbers.pop(key, None)

    def renumber(self) -> None:
        """Any session may have lost events, too: what was summed up since it changed holds no longer."""
        with self._lock:
            for key in self._numbers:
                self._numbers[key] = next(self._count)

    def summed_before_ns(self, at_ns: int) -> int:
        """What was received before this time, and is in the warehouse by `at_ns`, is in the rows."""
        with self._lock:
            return min((*self._sessions.values(), *self._taken.values()), default=at_ns)

    @property
    def waiting(self) -> int:
        """How many sessions wait to be summed up."""
        return len(self._sessions) + len(self._taken)

    def among(self, project_id: ProjectId, session_ids: list[SessionId]) -> dict[SessionId, int]:
        """Those of these sessions whose row may miss an event, each with a number that rises when it changes again.

        The number is 0 where nobody knows whether the session changed.
        """
        with self._lock:
            found = {session_id: self._numbers.get((project_id, session_id), 0) for session_id in session_ids}
        return {session_id: number for session_id, number in found.items() if number or self._is_unsure}
