"""Where everything that is to be stored goes: first into a journal, which makes it durable, then into the warehouse.

A thread appends what all requests bring, together, so that they share one sync of the disk (group commit). Another one
loads it into the warehouse (`agentops_server.ingest.loader`).
"""

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from agentops_server.domain.clock import now_ns
from agentops_server.errors import Busy, ServerError, Unavailable
from agentops_server.ingest.block import Block, Filter, Publish
from agentops_server.ingest.changes import Changes
from agentops_server.ingest.entry import SessionKey, encode_entry, entry_keys, make_entry
from agentops_server.ingest.leases import Leases
from agentops_server.ingest.loader import Loader, settle
from agentops_server.ingest.metrics import IngestMetrics
from agentops_server.ingest.pending import Pending
from agentops_server.ingest.refused import RefusedRecords
from agentops_server.ingest.seen import SeenSessions
from agentops_server.ingest.work import Work
from agentops_server.storage.journal.journal import Journal
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.rows import encode_rows

GROUP_BYTES = 16 << 20
JOURNAL_BYTES = 4 << 30
# More than this waits for the warehouse only while it is away or slow, and acknowledgements wait this long for it.
LAG_BYTES = 32 << 20
LONGEST_WAIT_S = 1.0


class _Waiting(NamedTuple):
    record: bytes
    keys: Sequence[SessionKey]
    received_ns: int
    durable: "Future[None]"
    loaded: "Future[None] | None"


class Writer:
    """Takes work from any thread."""

    def __init__(
        self,
        warehouse: Warehouse,
        folder: Path,
        leases: Leases | None = None,
        changes: Changes | None = None,
        metrics: IngestMetrics | None = None,
        *,
        living: Filter = iter,
        publish: Publish = lambda _keys: None,
        journal_limit_bytes: int = JOURNAL_BYTES,
    ) -> None:
        """Open the journal and start the threads.

        Args:
            warehouse: Where to load it.
            folder: Of the journal.
            leases: Renewed by whatever is written.
            changes: Told of the sessions that got events.
            metrics: Where to count.
            living: Leaves of what is loaded that which is not of deleted sessions.
            publish: Told of every session whose readers see something new from now on.
            journal_limit_bytes: How much may wait for the warehouse before more is refused.

        Raises:
            Unavailable: Another process holds the folder.
        """
        self._warehouse = warehouse
        self._leases = leases or Leases(now_ns())
        self._metrics = metrics or IngestMetrics()
        self._limit = journal_limit_bytes
        self._journal = Journal(folder)
        self.pending = Pending(self._journal.released, self._journal.end)
        self.seen = SeenSessions()
        self._block = Block(warehouse, changes or Changes(), living, publish)
        refused = RefusedRecords(folder / "refused", self._metrics)
        self._loader = Loader(self._journal, self._block, self.pending, refused, self._metrics)
        self.pending.hurry = self._loader.wake
        self._metrics.journal_bytes.set_function(lambda: self._journal.waiting_bytes)
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="agentops-journal", daemon=True)
        self._thread.start()
        self._loader.start()

    def accept(self, work: Work) -> "Future[None]":
        """Take work; the future is done once it is durable, or holds the error that kept it from being.

        Raises:
            Busy: More waits for the warehouse than may wait.
            Unavailable: The server is shutting down.
        """
        return self._take(work, None)

    def submit(self, work: Work) -> "Future[None]":
        """Like `accept`, but the future is done once the work is in the warehouse."""
        if work.totals:
            self._warehouse.insert("session_totals", encode_rows(work.totals))
        loaded: Future[None] = Future()
        if work.is_derived:
            loaded.set_result(None)
        else:
            self._take(work, loaded)
        return loaded

    def _take(self, work: Work, loaded: "Future[None] | None") -> "Future[None]":
        received_ns = now_ns()
        entry = make_entry(work, received_ns)
        durable: Future[None] = Future()
        waiting = _Waiting(encode_entry(entry), entry_keys(entry), received_ns, durable, loaded)
        with self._lock:
            if self._closed:
                raise Unavailable("the server is shutting down; send it again to the next one")
            if self._journal.waiting_bytes and self._journal.waiting_bytes + len(waiting.record) > self._limit:
                self._metrics.refusals.labels("journal").inc()
                raise Busy(
                    "more waits for the warehouse than the journal may hold; send it again later", retry_after_s=30
                )
            self._waiting.put(waiting)
        for key, at_ns in work.heard_of.items():
            self._leases.renew(*key, at_ns)
        return durable

    def received_before_ns(self) -> int:
        """What was received before this time is in the warehouse; 0 while an earlier process's records wait."""
        return self.pending.received_before_ns(now_ns())

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep everything out of the warehouse meanwhile, for whoever deletes from it. Work is accepted as always."""
        with self._loader.held():
            yield

    def begin_segment(self) -> "Future[None]":
        """Let go of the journal's file that is written now; the future is done when it is loaded and deleted."""
        self._journal.seal()
        loaded: Future[None] = Future()
        self._take(Work(), loaded)
        return loaded

    def close(self) -> None:
        """Make durable and load what waits, then end the threads."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._waiting.put(None)
        self._thread.join()
        self._loader.close()
        self._journal.close()

    def _run(self) -> None:
        last = False
        while not last and (first := self._waiting.get()) is not None:
            group, last = self._gather(first)
            self._keep_pace()
            self._append(group)

    def _gather(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        group, size_bytes = [first], len(first.record)
        while size_bytes < GROUP_BYTES:
            try:
                item = self._waiting.get_nowait()
            except queue.Empty:
                break
            if item is None:
                return group, True
            group.append(item)
            size_bytes += len(item.record)
        return group, False

    def _keep_pace(self) -> None:
        """Acknowledge no faster than the warehouse loads, or readers would wait ever longer; but never much later."""
        deadline = time.monotonic() + LONGEST_WAIT_S
        while self._journal.waiting_bytes > LAG_BYTES and not self._loader.is_stalled and time.monotonic() < deadline:
            self.pending.wait_until(self._journal.end - LAG_BYTES, 0.1)

    def _append(self, group: Sequence[_Waiting]) -> None:
        start = time.monotonic()
        try:
            ends = self._journal.append([waiting.record for waiting in group])
        except ServerError as error:
            for waiting in group:
                _settle_both(waiting, error)
            return
        self._metrics.append_seconds.observe(time.monotonic() - start)
        for waiting, end in zip(group, ends, strict=True):
            self.pending.add(waiting.keys, end, waiting.received_ns)
            self.seen.add(session_id for _, session_id in waiting.keys)
            if waiting.loaded is not None:
                self._loader.watch(end, waiting.loaded)
            settle(waiting.durable, None)
        self._loader.wake()


def _settle_both(waiting: _Waiting, error: ServerError) -> None:
    settle(waiting.durable, error)
    if waiting.loaded is not None:
        settle(waiting.loaded, error)
