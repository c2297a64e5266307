"""A warehouse around the real one that counts its inserts, and that can be made to wait or to fail."""

from collections.abc import Iterator
from threading import Event as Signal

from agentops_server.errors import Unavailable
from agentops_server.storage.warehouse.port import Format, Parameters, Warehouse

PATIENCE_S = 30


class WrappedWarehouse:
    """Delegates everything. While `gate` is clear, inserts wait; `refused` names a table that takes nothing; while it
    `is_away`, it answers nothing at all.
    """

    def __init__(self, inner: Warehouse) -> None:
        self._inner = inner
        self.gate = Signal()
        self.gate.set()
        self.waiting = Signal()
        self.inserted: list[tuple[str, int]] = []
        self.queries = 0
        self.refused = ""
        self.is_away = False

    def check(self) -> None:
        if self.is_away:
            raise Unavailable("away")

    def insert(self, table: str, rows: bytes) -> None:
        self.waiting.set()
        assert self.gate.wait(PATIENCE_S)
        self.check()
        if table == self.refused:
            raise Unavailable("refused")
        self._inner.insert(table, rows)
        self.inserted.append((table, len(rows.splitlines())))

    def query(self, sql: str, parameters: Parameters) -> bytes:
        self.queries += 1
        self.check()
        return self._inner.query(sql, parameters)

    def stream(self, sql: str, parameters: Parameters, output: Format = Format.LINES) -> Iterator[bytes]:
        return self._inner.stream(sql, parameters, output)

    def execute(self, sql: str) -> None:
        self._inner.execute(sql)

    def close(self) -> None:
        self._inner.close()
