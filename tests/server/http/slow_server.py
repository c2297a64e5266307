"""``agentops-server`` whose look for a session takes a minute while the file AGENTOPS_TEST_SLOW_WHILE exists.

The loader's own look stays as it is: nothing is read that is not stored yet.
"""

import os
from importlib.resources import files
from pathlib import Path

from agentops_server.cli import main
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
from agentops_server.storage.warehouse.port import Parameters

SLOW_WHILE = Path(os.environ["AGENTOPS_TEST_SLOW_WHILE"])
SLOW = "SELECT sum(sleepEachRow(0.1)) FROM numbers(600) SETTINGS max_block_size = 1"
OF_THE_LOADER = files("agentops_server.storage.warehouse").joinpath("sql/find_sessions.sql").read_text("utf-8")
query = EmbeddedWarehouse.query


def query_slowly(self: EmbeddedWarehouse, sql: str, parameters: Parameters) -> bytes:
    looks = "FROM sessions" in sql and sql != OF_THE_LOADER and parameters.keys() & {"session_id", "session_ids"}
    if looks and SLOW_WHILE.exists():
        return query(self, SLOW, {})
    return query(self, sql, parameters)


EmbeddedWarehouse.query = query_slowly  # type: ignore[method-assign]

if __name__ == "__main__":
    main()
