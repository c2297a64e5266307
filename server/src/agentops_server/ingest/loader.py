"""From the journal into the warehouse: a thread that stores what was acknowledged, in blocks as large as may be.

An insert costs about the same for one row as for a thousand, and every one makes a part that is merged later; so
between two of them lies a pause, unless somebody waits for what is in the journal. While the warehouse is away the
records stay where they are. Loading the same ones again, after a kill, changes nothing: rows have ids and versions, and
a fold is idempotent.
"""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager

from agentops_server.errors import ServerError
from agentops_server.ingest.block import Block
from agentops_server.ingest.metrics import IngestMetrics
from agentops_server.ingest.pending import Pending
from agentops_server.ingest.refused import RefusedRecords
from agentops_server.storage.journal.journal import Journal

logger = logging.getLogger(__name__)

BLOCK_BYTES = 16 << 20
PAUSE_S = 0.5
# How often a block of which no record can be stored is tried before its records are set aside.
ATTEMPTS = 5
LONGEST_BACKOFF_S = 5.0
CLOSE_TIMEOUT_S = 10.0

_Record = tuple[int, bytes]
_Failure = tuple[_Record, Exception]


class Loader:
    """Reads the journal, stores blocks, releases what is stored."""

    def __init__(
        self, journal: Journal, block: Block, pending: Pending, refused: RefusedRecords, metrics: IngestMetrics
    ) -> None:
        self._journal = journal
        self._block = block
        self._pending = pending
        self._refused = refused
        self._metrics = metrics
        self._loaded = journal.released
        self._watched: list[tuple[int, Future[None]]] = []
        self._lock = threading.Lock()
        self._storing = threading.Lock()
        self._wake = threading.Event()
        self._attempts = 0
        self._earliest = 0.0
        self._closing_at: float | None = None
        self._thread = threading.Thread(target=self._run, name="agentops-loader", daemon=True)

    def start(self) -> None:
        """Begin with what an earlier process left."""
        self._thread.start()

    @property
    def is_stalled(self) -> bool:
        """Whether the warehouse took nothing when it was tried last."""
        return self._attempts > 0

    def wake(self) -> None:
        """Something was appended, or somebody waits."""
        self._wake.set()

    def watch(self, end: int, future: "Future[None]") -> None:
        """Settle the future once the record that ends at this position is in the warehouse, or is set aside."""
        with self._lock:
            self._watched.append((end, future))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nothing is stored meanwhile, and what was known of sessions is asked of the warehouse again afterwards."""
        with self._storing:
            try:
                yield
            finally:
                self._block.forget()

    def close(self) -> None:
        """Load what waits and end the thread; what the warehouse does not take in ten seconds stays in the journal."""
        self._closing_at = time.monotonic()
        self._wake.set()
        self._thread.join()
        with self._lock:
            left, self._watched = self._watched, []
        for _, future in left:
            future.cancel()

    def _run(self) -> None:
        with self._storing:
            self._refused.try_again(self._block)
        while self._wait_until_due():
            end = self._journal.end
            try:
                records = self._journal.read(self._loaded, BLOCK_BYTES)
                with self._storing:
                    failures = self._load(records)
            except ServerError as error:
                self._back_off(error)
                continue
            self._attempts = 0
            self._advance(records[-1][0] if records else end, failures)

    def _wait_until_due(self) -> bool:
        """False when the thread should end."""
        while True:
            self._wake.clear()
            waiting_bytes = self._journal.end - self._loaded
            now = time.monotonic()
            if self._closing_at is not None and (not waiting_bytes or now > self._closing_at + CLOSE_TIMEOUT_S):
                return False
            if waiting_bytes and (now >= self._earliest or self._is_urgent(waiting_bytes)):
                return True
            self._wake.wait(max(self._earliest - now, 0) if waiting_bytes else None)

    def _is_urgent(self, waiting_bytes: int) -> bool:
        if self._attempts:
            return False
        waited_for = self._closing_at is not None or bool(self._watched) or self._pending.is_wanted
        return waited_for or waiting_bytes >= BLOCK_BYTES

    def _load(self, records: Sequence[_Record]) -> list[_Failure]:
        """Store them; returns those that cannot be, where that is their own fault.

        Raises:
            ServerError: The warehouse takes none of them.
        """
        start = time.monotonic()
        failures = self._try(records)
        if failures and len(failures) == len(records) and self._attempts + 1 < ATTEMPTS:
            raise _as_server_error(failures[0][1])
        for (end, record), error in failures:
            self._refused.keep(end, record, error)
        self._metrics.loaded(sum(len(record) for _, record in records), time.monotonic() - start)
        return failures

    def _try(self, records: Sequence[_Record]) -> list[_Failure]:
        """Store them together; when that fails, by halves, so that one that cannot be stored keeps no other from it."""
        try:
            self._block.store([record for _, record in records])
        except Exception as error:
            self._block.forget()
            if not self._block.warehouse_answers():
                raise _as_server_error(error) from error
            if len(records) == 1:
                return [(records[0], error)]
            half = len(records) // 2
            return self._try(records[:half]) + self._try(records[half:])
        return []

    def _back_off(self, error: ServerError) -> None:
        if not self._attempts:
            logger.warning("the warehouse takes nothing; what comes in waits in the journal: %s", error.message)
        self._attempts += 1
        self._earliest = time.monotonic() + min(0.1 * 2**self._attempts, LONGEST_BACKOFF_S)
        self._metrics.stalled(True)

    def _advance(self, end: int, failures: Sequence[_Failure]) -> None:
        self._loaded = end
        self._journal.release(end)
        self._earliest = time.monotonic() + PAUSE_S
        self._metrics.stalled(False)
        with self._lock:
            done = [each for each in self._watched if each[0] <= end]
            self._watched = [each for each in self._watched if each[0] > end]
        self._pending.advance(end)
        errors = {position: error for (position, _), error in failures}
        for position, future in done:
            settle(future, errors.get(position))


def settle(future: "Future[None]", error: BaseException | None) -> None:
    """End the future, unless whoever waited for it went away."""
    if not future.set_running_or_notify_cancel():
        return
    if error is None:
        future.set_result(None)
    else:
        future.set_exception(error)


def _as_server_error(error: Exception) -> ServerError:
    return error if isinstance(error, ServerError) else ServerError(f"what was to be stored is not storable: {error!r}")
