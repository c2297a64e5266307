"""Which sessions got events since their totals were last made."""

import threading

from agentops_server.domain.ids import ProjectId, SessionId


class Changes:
    """A set of sessions, filled by the writer and emptied by the job that sums them up."""

    def __init__(self) -> None:
        self._sessions: dict[tuple[ProjectId, SessionId], None] = {}
        self._taken: set[tuple[ProjectId, SessionId]] = set()
        self._lock = threading.Lock()

    def add(self, project_id: ProjectId, session_id: SessionId) -> None:
        """The session has new events."""
        with self._lock:
            self._sessions[project_id, session_id] = None

    def take(self, limit: int) -> list[tuple[ProjectId, SessionId]]:
        """Up to `limit` sessions, the longest waiting first, to be summed up; until `settle` they count as changed."""
        with self._lock:
            taken = list(self._sessions)[:limit]
            for key in taken:
                del self._sessions[key]
            self._taken.update(taken)
        return taken

    def settle(self, keys: list[tuple[ProjectId, SessionId]]) -> None:
        """The rows of these sessions, which were taken, are stored."""
        with self._lock:
            self._taken.difference_update(keys)

    def __len__(self) -> int:
        """How many sessions wait to be summed up."""
        return len(self._sessions) + len(self._taken)

    def among(self, project_id: ProjectId, session_ids: list[SessionId]) -> list[SessionId]:
        """Those of these sessions whose row may miss an event."""
        with self._lock:
            keys = [(project_id, session_id) for session_id in session_ids]
            return [key[1] for key in keys if key in self._sessions or key in self._taken]
