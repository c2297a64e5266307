"""What was deleted on purpose, known at every moment: a late delivery must not bring it back."""

import threading
from collections.abc import Iterable
from typing import TypeAlias

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.domain.retention import WHOLE_PROJECT, Tombstone
from agentops_server.errors import SessionDeleted
from agentops_server.storage.control.store import ControlStore

SessionKey: TypeAlias = tuple[ProjectId, SessionId]

MESSAGE = "this session was deleted; what comes late for it is not kept. Record under a new session id"


class Tombstones:
    """The tombstones of the control store, with all of their keys in memory (about 100 bytes each)."""

    def __init__(self, control: ControlStore) -> None:
        self._control = control
        self._lock = threading.Lock()
        self._keys: set[SessionKey] = set()
        self._newest_ns = 0
        self.refresh()

    def refresh(self) -> None:
        """Learn what other processes deleted since the last time."""
        stones = self._control.list_tombstones(self._newest_ns)
        with self._lock:
            self._remember(stones)

    def add(self, stones: list[Tombstone]) -> None:
        """Keep tombstones; they are durable when this returns."""
        self._control.add_tombstones(stones)
        with self._lock:
            self._remember(stones)

    def _remember(self, stones: Iterable[Tombstone]) -> None:
        for stone in stones:
            self._keys.add((stone.project_id, stone.session_id))
            self._newest_ns = max(self._newest_ns, stone.deleted_ns)

    def has(self, project_id: ProjectId, session_id: SessionId) -> bool:
        """Whether the session, or all of its project, was deleted."""
        return bool(self._keys) and not self._keys.isdisjoint([(project_id, session_id), (project_id, WHOLE_PROJECT)])

    def refuse(self, project_id: ProjectId, session_id: SessionId) -> None:
        """Raise `SessionDeleted` where it was deleted."""
        if self.has(project_id, session_id):
            raise SessionDeleted(MESSAGE)
