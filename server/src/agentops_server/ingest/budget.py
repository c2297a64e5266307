"""How much of requests' bodies may be in memory at once, so that a hundred large ones cost no more than a few."""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from agentops_server.errors import Busy
from agentops_server.ingest.metrics import IngestMetrics

LONGEST_RETRY_S = 60
# How much of the old rate is kept when a new one is measured, a second apart.
_SMOOTHING = 0.5


class Share:
    """What one request holds of the budget."""

    def __init__(self, budget: "Budget") -> None:
        self._budget = budget
        self.size_bytes = 0

    def grow(self, size_bytes: int) -> None:
        """Take more of the budget.

        Raises:
            Busy: There is not enough left. A request that is alone gets what it asks for.
        """
        self._budget.take(self, size_bytes)
        self.size_bytes += size_bytes


class Budget:
    """Bytes in flight: of bodies from the first byte read to the acknowledgement."""

    def __init__(self, limit_bytes: int, metrics: IngestMetrics | None = None) -> None:
        self._limit_bytes = limit_bytes
        self._metrics = metrics or IngestMetrics()
        self._metrics.in_flight_bytes.set_function(lambda: self._used_bytes)
        self._lock = threading.Lock()
        self._used_bytes = 0
        self._drained_bytes = 0
        self._measured_at = time.monotonic()
        self._bytes_per_s = float(limit_bytes)

    @contextmanager
    def share(self) -> Iterator[Share]:
        """A request's part, which is given back in the end."""
        share = Share(self)
        try:
            yield share
        finally:
            with self._lock:
                self._used_bytes -= share.size_bytes
                self._drained_bytes += share.size_bytes
                self._measure()

    def take(self, share: Share, size_bytes: int) -> None:
        """See `Share.grow`."""
        with self._lock:
            others = self._used_bytes - share.size_bytes
            if others and self._used_bytes + size_bytes > self._limit_bytes:
                self._metrics.refusals.labels("memory").inc()
                raise Busy(
                    f"bodies of {self._limit_bytes} bytes are being stored already; send it again later",
                    retry_after_s=self._retry_after_s(),
                )
            self._used_bytes += size_bytes

    def _measure(self) -> None:
        """The rate at which bodies are done with, while there are some."""
        now = time.monotonic()
        if (elapsed := now - self._measured_at) < 1:
            return
        rate = self._drained_bytes / elapsed
        self._bytes_per_s = _SMOOTHING * self._bytes_per_s + (1 - _SMOOTHING) * rate
        self._measured_at, self._drained_bytes = now, 0

    def _retry_after_s(self) -> int:
        """When what is in flight now is done with, at the rate measured last."""
        return min(max(math.ceil(self._used_bytes / max(self._bytes_per_s, 1)), 1), LONGEST_RETRY_S)
