"""What is in the journal and not yet in the warehouse, by session: whoever reads one waits until it is there."""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.ingest.entry import SessionKey


class Pending:
    """Positions in the journal: where each session's and project's last record ends, and how far the loading is."""

    def __init__(self, loaded: int = 0, backlog_end: int = 0, hurry: Callable[[], None] = lambda: None) -> None:
        """What an earlier process left is everybody's.

        Args:
            loaded: The position up to which everything is in the warehouse.
            backlog_end: The position up to which an earlier process wrote.
            hurry: Called when somebody begins to wait.
        """
        self.hurry = hurry
        self._loaded = loaded
        self._backlog_end = backlog_end
        self._end = backlog_end
        self._sessions: OrderedDict[SessionKey, int] = OrderedDict()
        self._projects: dict[ProjectId, int] = {}
        self._times: deque[tuple[int, int]] = deque()
        self._changed = threading.Condition()
        self._targets: list[int] = []

    def add(self, keys: Iterable[SessionKey], end: int, received_ns: int) -> None:
        """A record of these sessions was appended.

        Args:
            keys: The sessions.
            end: The position after it.
            received_ns: When the oldest of what it holds was received.
        """
        with self._changed:
            for key in keys:
                self._sessions[key] = end
                self._sessions.move_to_end(key)
                self._projects[key[0]] = end
            self._end = end
            self._times.append((end, received_ns))

    def advance(self, loaded: int) -> None:
        """Everything before this position is in the warehouse now."""
        with self._changed:
            self._loaded = loaded
            while self._sessions and next(iter(self._sessions.values())) <= loaded:
                self._sessions.popitem(last=False)
            while self._times and self._times[0][0] <= loaded:
                self._times.popleft()
            self._changed.notify_all()

    @property
    def end(self) -> int:
        """The position after everything that was acknowledged."""
        return self._end

    @property
    def is_wanted(self) -> bool:
        """Whether somebody waits for what is not loaded yet. One who has it may not have noticed so far."""
        with self._changed:
            return any(target > self._loaded for target in self._targets)

    def has(self, project_id: ProjectId, session_id: SessionId) -> bool:
        """Whether records of the session wait to be loaded."""
        return self._sessions.get((project_id, session_id), 0) > self._loaded

    def received_before_ns(self, now_ns: int) -> int:
        """Everything that was appended, and received before this time, is in the warehouse."""
        with self._changed:
            if self._loaded < self._backlog_end:
                return 0
            return self._times[0][1] if self._times else now_ns

    def wait(
        self, project_id: ProjectId, session_ids: Iterable[SessionId] | None, timeout_s: float, upto: int | None = None
    ) -> bool:
        """Wait until what the project, or these of its sessions, have in the journal is loaded.

        Args:
            project_id: The project.
            session_ids: Its sessions; all of them where it is None.
            timeout_s: How long.
            upto: What is after this position is of no interest; None: all that is there by now.

        Returns:
            False when that took longer than the timeout.
        """
        target = self._target(project_id, session_ids)
        return self.wait_until(target if upto is None else min(target, upto), timeout_s)

    def _target(self, project_id: ProjectId, session_ids: Iterable[SessionId] | None) -> int:
        ends = [self._backlog_end]
        if session_ids is None:
            ends.append(self._projects.get(project_id, 0))
        else:
            ends += [self._sessions.get((project_id, session_id), 0) for session_id in session_ids]
        return max(ends)

    def wait_until(self, target: int, timeout_s: float) -> bool:
        """Wait until everything before this position is loaded; False when that took longer than the timeout."""
        if target <= self._loaded:
            return True
        with self._changed:
            self._targets.append(target)
            self.hurry()
            try:
                return self._changed.wait_for(lambda: self._loaded >= target, timeout_s)
            finally:
                self._targets.remove(target)
