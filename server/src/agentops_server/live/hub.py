"""Who is told that sessions changed: writers publish from any thread, readers wait in the event loop."""

import asyncio
import itertools
import threading
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from agentops_server.domain.ids import ProjectId, SessionId, new_uuid7

KEPT_CHANGES = 2_000
"""How many changes of a project a reader that comes back may have missed before it has to read everything anew."""
MOST_PENDING = 1_000
"""How many sessions may wait for a slow reader; it hears that it missed something instead of more."""


class News(NamedTuple):
    """What a reader is told."""

    number: int
    """Of the last change in it; a reader that comes back with it misses nothing."""
    session_ids: tuple[SessionId, ...]
    missed: bool
    """More changed than can be named: everything has to be read anew."""


class Subscription:
    """One reader. Its methods are for the event loop that it was made in."""

    def __init__(self, project_id: ProjectId, session_id: SessionId | None) -> None:
        self.project_id = project_id
        self.session_id = session_id
        self._loop = asyncio.get_running_loop()
        self._ready = asyncio.Event()
        self._lock = threading.Lock()
        self._waiting: dict[SessionId, None] = {}
        self._number = 0
        self._missed = False
        self.is_closed = False
        self.first: int | None = None
        """Where a new reader begins; None for one that comes back."""

    def tell(self, number: int, session_ids: Iterable[SessionId], *, missed: bool = False) -> None:
        """From any thread. A session that waits already does not wait twice, so a slow reader costs little."""
        with self._lock:
            self._number = number
            self._missed |= missed
            for session_id in session_ids:
                if self.session_id is None or session_id == self.session_id:
                    self._waiting[session_id] = None
            if len(self._waiting) > MOST_PENDING:
                self._waiting.clear()
                self._missed = True
            is_news = self._missed or bool(self._waiting)
        if is_news:
            self._wake()

    def close(self) -> None:
        """From any thread: the reader is told no more."""
        self.is_closed = True
        self._wake()

    async def wait(self, timeout_s: float) -> News | None:
        """The news since the last call, as soon as there are some; None when there were none for so long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ready.wait(), timeout_s)
        self._ready.clear()
        with self._lock:
            if not self._waiting and not self._missed:
                return None
            news = News(self._number, tuple(self._waiting), self._missed)
            self._waiting, self._missed = {}, False
        return news

    def _wake(self) -> None:
        # The loop may be gone: then nobody waits in it.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._ready.set)


@dataclass
class _Project:
    changes: deque[tuple[int, SessionId]] = field(default_factory=lambda: deque(maxlen=KEPT_CHANGES))
    forgotten: int = 0
    """The number of the last change that is kept no longer."""
    readers: set[Subscription] = field(default_factory=set)


class Hub:
    """Changes by project, the last ones kept for readers that come back."""

    def __init__(self) -> None:
        self.epoch = str(new_uuid7())
        """Numbers of another epoch mean nothing: the server was started anew."""
        self._numbers = itertools.count(1)
        self._last = 0
        self._projects: dict[ProjectId, _Project] = {}
        self._lock = threading.Lock()
        self._closed = False

    def publish(self, keys: Iterable[tuple[ProjectId, SessionId]]) -> None:
        """These sessions changed, and whoever reads them now sees it. From any thread."""
        by_project: dict[ProjectId, dict[SessionId, None]] = {}
        for project_id, session_id in keys:
            by_project.setdefault(project_id, {})[session_id] = None
        with self._lock:
            for project_id, session_ids in by_project.items():
                self._publish(project_id, session_ids)

    def _publish(self, project_id: ProjectId, session_ids: Iterable[SessionId]) -> None:
        project = self._projects.setdefault(project_id, _Project())
        number = self._last = next(self._numbers)
        for session_id in session_ids:
            if len(project.changes) == KEPT_CHANGES:
                project.forgotten = project.changes[0][0]
            project.changes.append((number, session_id))
        for reader in project.readers:
            reader.tell(number, session_ids)

    def subscribe(self, project_id: ProjectId, session_id: SessionId | None, last_event_id: str) -> Subscription:
        """A reader of a project, or of one of its sessions; call it in the event loop.

        Args:
            project_id: Whose sessions.
            session_id: Only this one; None for all.
            last_event_id: What `event_id` said of the last news that the reader got; empty for one that is new.
        """
        reader = Subscription(project_id, session_id)
        with self._lock:
            project = self._projects.setdefault(project_id, _Project())
            project.readers.add(reader)
            if not last_event_id:
                reader.first = self._last
            else:
                seen = self._seen(last_event_id)
                missed = seen is None or seen < project.forgotten
                known = [] if seen is None else [each for number, each in project.changes if number > seen]
                reader.tell(self._last, known, missed=missed)
            if self._closed:
                reader.close()
        return reader

    def unsubscribe(self, reader: Subscription) -> None:
        """The reader is gone."""
        with self._lock:
            self._projects[reader.project_id].readers.discard(reader)

    def close(self) -> None:
        """End every reader's waiting, now and from now on: a server that stops waits for none of them."""
        with self._lock:
            self._closed = True
            readers = [reader for project in self._projects.values() for reader in project.readers]
        for reader in readers:
            reader.close()

    def event_id(self, number: int) -> str:
        """The id of news, for a reader that may come back."""
        return f"{self.epoch}.{number}"

    def _seen(self, last_event_id: str) -> int | None:
        epoch, _, number = last_event_id.partition(".")
        return int(number) if epoch == self.epoch and number.isascii() and number.isdigit() else None
