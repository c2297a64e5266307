"""``agentops-server`` whose look for a session takes a minute while the file AGENTOPS_TEST_SLOW_WHILE exists."""

import os
from pathlib import Path

from agentops_server.cli import main
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
from agentops_server.storage.warehouse.port import Parameters

SLOW_WHILE = Path(os.environ["AGENTOPS_TEST_SLOW_WHILE"])
SLOW = "SELECT sum(sleepEachRow(0.1)) FROM numbers(600) SETTINGS max_block_size = 1"
query = EmbeddedWarehouse.query


def query_slowly(self: EmbeddedWarehouse, sql: str, parameters: Parameters) -> bytes:
    if "FROM sessions" in sql and parameters.keys() & {"session_id", "session_ids"} and SLOW_WHILE.exists():
        return query(self, SLOW, {})
    return query(self, sql, parameters)


EmbeddedWarehouse.query = query_slowly  # type: ignore[method-assign]

if __name__ == "__main__":
    main()
