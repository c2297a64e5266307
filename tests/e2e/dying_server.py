"""``agentops-server`` that kills itself with SIGKILL at one insert into its warehouse, before or after it is durable.

AGENTOPS_TEST_DIE_AT says where: ``before events``, ``after sessions``. It counts once AGENTOPS_TEST_ARMED_BY exists.
"""

import os
import signal
from pathlib import Path

from agentops_server.cli import main
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse

WHERE, TABLE = os.environ["AGENTOPS_TEST_DIE_AT"].split()
ARMED_BY = Path(os.environ["AGENTOPS_TEST_ARMED_BY"])
insert = EmbeddedWarehouse.insert


def die(where: str, table: str) -> None:
    if (where, table) == (WHERE, TABLE) and ARMED_BY.exists():
        ARMED_BY.unlink()  # once: the next start lives on
        os.kill(os.getpid(), signal.SIGKILL)


def insert_and_die(self: EmbeddedWarehouse, table: str, rows: bytes) -> None:
    die("before", table)
    insert(self, table, rows)
    die("after", table)


EmbeddedWarehouse.insert = insert_and_die  # type: ignore[method-assign]

if __name__ == "__main__":
    main()
