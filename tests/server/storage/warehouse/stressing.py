"""Parallel tenants on one warehouse, each asking for its own: does anyone get another's answer?

    python -m tests.server.storage.warehouse.stressing FOLDER [shared]

prints how many answers were right, wrong or an error, as JSON. With ``shared`` all threads use one connection, which is
what the warehouse must never do: it shows that this stress can tell.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agentops_server.errors import Unavailable
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
from agentops_server.storage.warehouse.pool import ConnectionPool
from agentops_server.storage.warehouse.port import Warehouse

TENANTS = 16
ROWS = 20
QUERIES = 150
"""Of each tenant."""
SHARED_QUERIES = 30
"""Sharing is found out soon."""

TABLE = "CREATE TABLE things (tenant String, n UInt32) ENGINE = MergeTree ORDER BY (tenant, n)"
SQL = """
SELECT tenant, n, {tenant:String} AS asked, sleepEachRow(0.0001) AS slept FROM things
WHERE tenant = {tenant:String} AND n < {limit:UInt32} ORDER BY n
"""


class SharingPool(ConnectionPool):
    def __init__(self, pool: ConnectionPool) -> None:
        super().__init__(lambda: pool._connections[0], 1, 0)

    @contextmanager
    def lend(self) -> Iterator[Any]:
        yield self._connections[0]


class SharingWarehouse(EmbeddedWarehouse):
    """The mistake: one connection for everyone."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._readers = self._stream_readers = SharingPool(self._readers)


def fill(warehouse: Warehouse) -> None:
    warehouse.execute(TABLE)
    rows = [json.dumps({"tenant": f"tenant-{t}", "n": n}) for t in range(TENANTS) for n in range(ROWS)]
    warehouse.insert("things", "\n".join(rows).encode())


def ask(warehouse: Warehouse, tenant: str, round_number: int) -> str:
    """``right``, ``wrong`` or ``error``."""
    limit = 1 + round_number % ROWS
    parameters = {"tenant": tenant, "limit": limit}
    try:
        if round_number % 5:  # noqa: SIM108 - two lines read better than one of 115 columns
            lines = warehouse.query(SQL, parameters)
        else:
            lines = b"".join(warehouse.stream(SQL, parameters))
    except Unavailable:
        return "error"
    rows = [json.loads(line) for line in lines.splitlines()]
    expected = [(tenant, tenant, n) for n in range(limit)]
    return "right" if [(row["tenant"], row["asked"], row["n"]) for row in rows] == expected else "wrong"


def stress(warehouse: Warehouse, queries: int = QUERIES) -> Counter[str]:
    def ask_many(tenant: str) -> list[str]:
        return [ask(warehouse, tenant, n) for n in range(queries)]

    with ThreadPoolExecutor(TENANTS) as pool:
        answers = pool.map(ask_many, [f"tenant-{n}" for n in range(TENANTS)])
        return Counter(answer for of_one in answers for answer in of_one)


def main(folder: str, *mode: str) -> None:
    warehouse = SharingWarehouse(Path(folder)) if mode else EmbeddedWarehouse(Path(folder))
    fill(warehouse)
    print(json.dumps(stress(warehouse, SHARED_QUERIES if mode else QUERIES)), flush=True)
    if not mode:
        warehouse.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
