"""The one writer of the telemetry plane: a thread that commits what all requests bring, together.

An insert into the warehouse costs about the same for one row as for a thousand, so whatever arrives while one commit
runs goes into the next (group commit). A future is done only when its work is durable. Session updates are folded here
into what is stored, which is safe because nobody else writes.
"""

import queue
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import TypeAlias

from agentops_server.domain.clock import now_ns
from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.domain.session import Session, apply
from agentops_server.errors import Busy, Unavailable
from agentops_server.ingest.changes import Changes
from agentops_server.ingest.leases import Leases
from agentops_server.ingest.work import Encoded, Work, encode_work
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.rows import encode_rows, session_row
from agentops_server.storage.warehouse.sessions import find_session

COMMIT_BYTES = 16 << 20
KNOWN_SESSIONS = 10_000
# Events first: whoever finds a session finds its events.
TABLES = ("events", "agents", "session_totals")

_SessionKey: TypeAlias = tuple[ProjectId, SessionId]
_Waiting: TypeAlias = tuple[Encoded, "Future[None]"]


class Writer:
    """Takes work from any thread and commits it in groups."""

    def __init__(
        self,
        warehouse: Warehouse,
        leases: Leases | None = None,
        changes: Changes | None = None,
        *,
        waiting_limit_bytes: int = 256 << 20,
    ) -> None:
        """Start the thread.

        Args:
            warehouse: Where to write.
            leases: Renewed by whatever is written.
            changes: Told of the sessions that got events.
            waiting_limit_bytes: How much work may wait for a commit before more is refused.
        """
        self._warehouse = warehouse
        self._leases = leases or Leases(now_ns())
        self._changes = changes or Changes()
        self._limit = waiting_limit_bytes
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._waiting_bytes = 0
        self._lock = threading.Lock()
        self._sessions: OrderedDict[_SessionKey, Session] = OrderedDict()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="agentops-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Work) -> "Future[None]":
        """Queue work; the future is done once it is durable, or holds the error that kept it from being.

        Raises:
            Busy: More waits than may wait.
            Unavailable: The server is shutting down.
        """
        encoded = encode_work(work)
        future: Future[None] = Future()
        with self._lock:
            if self._closed:
                raise Unavailable("the server is shutting down; send it again to the next one")
            if self._waiting_bytes and self._waiting_bytes + encoded.size_bytes > self._limit:
                raise Busy("more is waiting to be written than the server may hold; send it again later")
            self._waiting_bytes += encoded.size_bytes
            self._waiting.put((encoded, future))
        for key, at_ns in work.heard_of.items():
            self._leases.renew(*key, at_ns)
        return future

    def close(self) -> None:
        """Commit what waits, then end the thread."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            group, last = self._gather(first)
            self._commit_group(group)
            if last:
                return

    def _gather(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        group, size_bytes = [first], first[0].size_bytes
        while size_bytes < COMMIT_BYTES:
            try:
                item = self._waiting.get_nowait()
            except queue.Empty:
                break
            if item is None:
                return group, True
            group.append(item)
            size_bytes += item[0].size_bytes
        return group, False

    def _commit_group(self, group: Sequence[_Waiting]) -> None:
        """Commit all together; when that fails, each alone, so that one that cannot be stored fails no other."""
        error = self._try_commit([work for work, _ in group])
        for work, future in group:
            own = error if error is None or len(group) == 1 else self._try_commit([work])
            with self._lock:
                self._waiting_bytes -= work.size_bytes
            _settle(future, own)

    def _try_commit(self, works: Sequence[Encoded]) -> Exception | None:
        try:
            self._commit(works)
        except Exception as error:  # noqa: BLE001 - the thread must live on; the error reaches who sent the work
            self._sessions.clear()
            return error
        return None

    def _commit(self, works: Sequence[Encoded]) -> None:
        changed: dict[_SessionKey, Session] = {}
        for update in (update for work in works for update in work.updates):
            key = (update.project_id, update.session_id)
            known = changed.get(key) or self._find(key)
            session = apply(known, update)
            if known is None or replace(session, version=known.version) != known:
                changed[key] = session
        for table in TABLES:
            self._insert(table, (work.tables[table] for work in works))
            if table == "events":
                self._mark(works)
        self._insert("sessions", [encode_rows(map(session_row, changed.values()))])
        for key, session in changed.items():
            self._remember(key, session)

    def _mark(self, works: Sequence[Encoded]) -> None:
        """After the events are stored, so that sums made from now on have them; before anybody is told."""
        for key in (key for work in works for key in work.changed):
            self._changes.add(*key)

    def _insert(self, table: str, blocks: Iterable[bytes]) -> None:
        if rows := b"\n".join(block for block in blocks if block):
            self._warehouse.insert(table, rows)

    def _find(self, key: _SessionKey) -> Session | None:
        if key in self._sessions:
            return self._sessions[key]
        return find_session(self._warehouse, *key)

    def _remember(self, key: _SessionKey, session: Session) -> None:
        self._sessions[key] = session
        self._sessions.move_to_end(key)
        while len(self._sessions) > KNOWN_SESSIONS:
            self._sessions.popitem(last=False)


def _settle(future: "Future[None]", error: Exception | None) -> None:
    if not future.set_running_or_notify_cancel():
        return
    if error is None:
        future.set_result(None)
    else:
        future.set_exception(error)
