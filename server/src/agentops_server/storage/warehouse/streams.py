"""Answers that are read block by block, and how many of them may be open at once.

Who reads an answer decides how long it stays open, and each holds a connection of the engine. So streams have a share
of their own, which leaves the connections of queries alone however many readers stall; and where no stream is free, the
one that was read longest ago gives way, if that is long ago.
"""

import threading
import time
from collections.abc import Generator, Iterator
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Self
from weakref import WeakSet

from agentops_server.errors import Unavailable

MOST = 8
WAIT_S = 10.0
IDLE_S = 60.0
_POLL_S = 0.2


class StreamShare:
    """Opens streams, up to a number of them at once."""

    def __init__(self, most: int = MOST, wait_s: float = WAIT_S, idle_s: float = IDLE_S) -> None:
        """Nothing is open yet.

        Args:
            most: How many streams may be open.
            wait_s: Seconds that one more waits for a place.
            idle_s: Seconds after which a stream that nobody reads may lose its place.
        """
        # A queue of this kind may be put into from a finalizer, whatever that interrupted.
        self._places: SimpleQueue[None] = SimpleQueue()
        for _ in range(most):
            self._places.put(None)
        self._wait_s = wait_s
        self._idle_s = idle_s
        self._streams: WeakSet[Stream] = WeakSet()
        self._lock = threading.Lock()

    def open(self, blocks: Generator[bytes, None, None]) -> "Stream":
        """A stream of these blocks, which are closed with it.

        Raises:
            Unavailable: As many streams as may be are open, and all are being read.
        """
        deadline = time.monotonic() + self._wait_s
        while not self._take_place():
            if not self._cut_one() and time.monotonic() > deadline:
                raise Unavailable("too many exports are being read; try again when one of them has ended")
        stream = Stream(blocks, self._places, self._idle_s)
        with self._lock:
            self._streams.add(stream)
        return stream

    def close(self) -> None:
        """End every stream, after the block that somebody may be reading: the engine may go then."""
        with self._lock:
            streams = list(self._streams)
        for stream in streams:
            stream.cut("the server stops; read this export again later")

    def _take_place(self) -> bool:
        try:
            self._places.get(timeout=min(_POLL_S, self._wait_s))
        except Empty:
            return False
        return True

    def _cut_one(self) -> bool:
        """Take the place of the stream that was read longest ago; false if all were read lately."""
        with self._lock:
            streams = sorted(self._streams, key=lambda stream: stream.read_at_s)
        return any(stream.cut_if_idle() for stream in streams)


class Stream(Iterator[bytes]):
    """Blocks of an answer. It is closed when it ends or fails, when it is dropped, and by `close`."""

    def __init__(self, blocks: Generator[bytes, None, None], places: "SimpleQueue[None]", idle_s: float) -> None:
        self.read_at_s = time.monotonic()
        self._blocks = blocks
        self._places = places
        self._idle_s = idle_s
        self._lock = threading.Lock()
        self._is_open = True
        self._why_cut = ""

    def __next__(self) -> bytes:
        with self._lock:
            if self._why_cut:
                raise Unavailable(self._why_cut)
            try:
                return next(self._blocks)
            except BaseException:
                self._end()
                raise
            finally:
                self.read_at_s = time.monotonic()

    def close(self) -> None:
        """End the query, if it still runs."""
        with self._lock:
            self._end()

    def cut(self, why: str) -> None:
        """Close it, so that the next read fails with this reason."""
        with self._lock:
            if self._is_open:
                self._why_cut = why
                self._end()

    def cut_if_idle(self) -> bool:
        """Close it, so that the next read fails, unless somebody reads it now or did lately."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            if not self._is_open or time.monotonic() - self.read_at_s < self._idle_s:
                return False
            self._why_cut = f"this export was not read for {self._idle_s:g} seconds while others waited; read it faster"
            self._end()
            return True
        finally:
            self._lock.release()

    def _end(self) -> None:
        if self._is_open:
            self._is_open = False
            try:
                self._blocks.close()
            finally:
                self._places.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()
