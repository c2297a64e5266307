"""What was read of sessions, remembered until they change. It may be: one process at a time writes a warehouse.

(See `agentops_server.storage.warehouse.ownership`.) The one that writes counts every change here after it is stored. A
reader notes the count before it asks; what it got holds for as long as no later change of the session was counted.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Generic, TypeAlias, TypeVar

from agentops_server.domain.ids import ProjectId, SessionId

_Key: TypeAlias = tuple[ProjectId, SessionId]
Value = TypeVar("Value")

MOST_CHANGED = 20_000
"""Sessions whose last change is known; any other one counts as changed with the last that was dropped."""
MOST_REMEMBERED = 1000


class Versions:
    """A count of changes, and where it stood when each session changed last."""

    def __init__(self) -> None:
        self._count = 0
        self._oldest = 0
        self._since_all = 0
        self._last: OrderedDict[_Key, int] = OrderedDict()
        self._last_of_projects: dict[ProjectId, int] = {}
        self._lock = threading.Lock()

    @property
    def now(self) -> int:
        """The count. Note it before asking for what is to be remembered."""
        return self._count

    def mark(self, keys: Iterable[_Key]) -> None:
        """These sessions changed; whoever asks from now on sees it."""
        with self._lock:
            self._count += 1
            for key in keys:
                self._last[key] = self._last_of_projects[key[0]] = self._count
                self._last.move_to_end(key)
            while len(self._last) > MOST_CHANGED:
                _, self._oldest = self._last.popitem(last=False)

    def mark_all(self) -> None:
        """Any session may have changed."""
        with self._lock:
            self._count += 1
            self._oldest = self._since_all = self._count
            self._last.clear()
            self._last_of_projects.clear()

    def last_of(self, project_id: ProjectId) -> int:
        """The count of the last change of a session of this project; it differs after each."""
        return max(self._last_of_projects.get(project_id, 0), self._since_all)

    def last(self, key: _Key) -> int:
        """The count of the last change of a session, or a later one."""
        with self._lock:
            return self._last.get(key, self._oldest)


class Remembered(Generic[Value]):
    """Values of sessions, which are not None. Any thread may ask."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions
        self._values: OrderedDict[_Key, tuple[int, Value]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def now(self) -> int:
        """The count of changes. Note it before asking for what is to be remembered."""
        return self._versions.now

    def find(self, project_id: ProjectId, session_ids: Iterable[SessionId]) -> dict[SessionId, Value]:
        """The values of those of these sessions that did not change since."""
        found: dict[SessionId, Value] = {}
        with self._lock:
            for session_id in session_ids:
                key = (project_id, session_id)
                if (value := self._peek(key)) is not None:
                    self._values.move_to_end(key)
                    found[session_id] = value
        return found

    def _peek(self, key: _Key) -> Value | None:
        since, value = self._values.get(key, (0, None))
        return value if self._versions.last(key) <= since else None

    def find_old(self, project_id: ProjectId, session_ids: Iterable[SessionId]) -> list[Value]:
        """Those values of these sessions that are remembered, whether they changed since or not."""
        with self._lock:
            entries = [self._values.get((project_id, session_id)) for session_id in session_ids]
        return [entry[1] for entry in entries if entry is not None]

    def keep(self, project_id: ProjectId, values: Mapping[SessionId, Value], since: int) -> None:
        """Remember what was asked for after the count stood at `since`."""
        with self._lock:
            for session_id, value in values.items():
                self._put((project_id, session_id), value, since)
                self._values.move_to_end((project_id, session_id))
            while len(self._values) > MOST_REMEMBERED:
                self._values.popitem(last=False)

    def _put(self, key: _Key, value: Value, since: int) -> None:
        if key not in self._values or self._values[key][0] <= since:
            self._values[key] = (since, value)
