"""``agentops-server`` that kills itself with SIGKILL at one step of what becomes of a request, before or after it.

AGENTOPS_TEST_DIE_AT says where: ``before append`` (to the journal), ``after events`` (a table of the warehouse),
``after release`` (of the journal). It counts once AGENTOPS_TEST_ARMED_BY exists.
"""

import os
import signal
from collections.abc import Sequence
from pathlib import Path

from agentops_server.cli import main
from agentops_server.storage.journal.journal import Journal
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse

WHERE, STEP = os.environ["AGENTOPS_TEST_DIE_AT"].split()
ARMED_BY = Path(os.environ["AGENTOPS_TEST_ARMED_BY"])
insert, append, release = EmbeddedWarehouse.insert, Journal.append, Journal.release


def die(where: str, step: str) -> None:
    if (where, step) == (WHERE, STEP) and ARMED_BY.exists():
        ARMED_BY.unlink()  # once: the next start lives on
        os.kill(os.getpid(), signal.SIGKILL)


def insert_and_die(self: EmbeddedWarehouse, table: str, rows: bytes) -> None:
    die("before", table)
    insert(self, table, rows)
    die("after", table)


def append_and_die(self: Journal, payloads: Sequence[bytes]) -> list[int]:
    die("before", "append")
    ends = append(self, payloads)
    die("after", "append")
    return ends


def release_and_die(self: Journal, position: int) -> None:
    die("before", "release")
    release(self, position)
    die("after", "release")


EmbeddedWarehouse.insert = insert_and_die  # type: ignore[method-assign]
Journal.append = append_and_die  # type: ignore[method-assign]
Journal.release = release_and_die  # type: ignore[method-assign]

if __name__ == "__main__":
    main()
