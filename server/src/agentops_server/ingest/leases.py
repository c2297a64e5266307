"""When each participant of a session was last heard of: traffic renews its lease, the sweep ends who fell silent."""

import threading

from agentops_server.domain.ids import ParticipantId, ProjectId, SessionId


class Leases:
    """The times of receipt, in memory: after a restart every participant has a whole lease again."""

    def __init__(self, started_ns: int) -> None:
        self._started_ns = started_ns
        self._heard_ns: dict[tuple[ProjectId, SessionId, ParticipantId], int] = {}
        self._lock = threading.Lock()

    def renew(self, project_id: ProjectId, session_id: SessionId, participant_id: ParticipantId, at_ns: int) -> None:
        """The participant was heard of."""
        with self._lock:
            self._heard_ns[project_id, session_id, participant_id] = at_ns

    def heard_ns(self, project_id: ProjectId, session_id: SessionId, participant_id: ParticipantId) -> int:
        """When the participant was last heard of, or when this server started."""
        return self._heard_ns.get((project_id, session_id, participant_id), self._started_ns)

    def forget_before(self, before_ns: int) -> None:
        """Drop times that no lease reaches any more; whoever they are of counts as silent since the start."""
        with self._lock:
            self._heard_ns = {key: at_ns for key, at_ns in self._heard_ns.items() if at_ns >= before_ns}
