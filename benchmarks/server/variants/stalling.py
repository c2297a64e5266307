"""A warehouse that takes nothing while the file BENCH_STALLED_WHILE exists, as one that is down or migrating."""

import os
from pathlib import Path

from agentops_server.cli import main
from agentops_server.errors import Unavailable
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
from agentops_server.storage.warehouse.port import Parameters

STALLED_WHILE = Path(os.environ.get("BENCH_STALLED_WHILE", "/nowhere"))


def stall_inserts() -> None:
    """Let every call of the embedded warehouse fail while it should."""
    insert, query = EmbeddedWarehouse.insert, EmbeddedWarehouse.query

    def insert_or_fail(self: EmbeddedWarehouse, table: str, rows: bytes) -> None:
        _check()
        insert(self, table, rows)

    def query_or_fail(self: EmbeddedWarehouse, sql: str, parameters: Parameters) -> bytes:
        _check()
        return query(self, sql, parameters)

    EmbeddedWarehouse.insert = insert_or_fail  # type: ignore[method-assign]
    EmbeddedWarehouse.query = query_or_fail  # type: ignore[method-assign]


def _check() -> None:
    if STALLED_WHILE.exists():
        raise Unavailable("stalled")


if __name__ == "__main__":
    stall_inserts()
    main()
