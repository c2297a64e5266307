"""Connections of the embedded engine, each used by one caller at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from agentops_server.errors import Unavailable

if TYPE_CHECKING:
    from chdb.state.sqlitelike import Connection


class ConnectionPool:
    """Lends connections. A queue of this kind may be put into from a finalizer, whatever that interrupted."""

    def __init__(self, connect: "Callable[[], Connection]", size: int, wait_s: float) -> None:
        """Connect.

        Args:
            connect: Makes one connection.
            size: How many.
            wait_s: Seconds that a caller waits for a connection.
        """
        self._connections = [connect() for _ in range(size)]
        self._wait_s = wait_s
        self._free: SimpleQueue[Connection] = SimpleQueue()
        for connection in self._connections:
            self._free.put(connection)

    @property
    def free(self) -> int:
        """How many nobody uses."""
        return self._free.qsize()

    @contextmanager
    def lend(self) -> "Iterator[Connection]":
        """A connection for this caller alone.

        Raises:
            Unavailable: All are in use for too long, or the pool is closed.
        """
        try:
            connection = self._free.get(timeout=self._wait_s)
        except Empty:
            raise Unavailable("too many queries are running; try again in a few seconds") from None
        if not self._connections:
            self._free.put(connection)
            raise Unavailable("the warehouse is closed")
        try:
            yield connection
        finally:
            self._free.put(connection)

    def close(self) -> None:
        """Close all of them."""
        for connection in self._connections:
            connection.close()
        self._connections.clear()
