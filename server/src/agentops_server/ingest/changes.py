"""Which sessions got events since their totals were last made."""

import threading

from agentops_server.domain.ids import ProjectId, SessionId


class Changes:
    """A set of sessions, filled by the writer and emptied by the job that sums them up."""

    def __init__(self) -> None:
        self._sessions: dict[tuple[ProjectId, SessionId], None] = {}
        self._lock = threading.Lock()

    def add(self, project_id: ProjectId, session_id: SessionId) -> None:
        """The session has new events."""
        with self._lock:
            self._sessions[project_id, session_id] = None

    def take(self, limit: int) -> list[tuple[ProjectId, SessionId]]:
        """Up to `limit` sessions, the longest waiting first; they are no longer in the set."""
        with self._lock:
            taken = list(self._sessions)[:limit]
            for key in taken:
                del self._sessions[key]
        return taken

    def among(self, project_id: ProjectId, session_ids: list[SessionId]) -> list[SessionId]:
        """Those of these sessions that are in the set."""
        return [session_id for session_id in session_ids if (project_id, session_id) in self._sessions]
