"""A migration that was killed, between any two statements, is completed by the next start."""

import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
from agentops_server.storage.warehouse.migrations import list_shipped, migrate, split_statements

from .schema_file import SCHEMA_FILE, render

TIMEOUT_S = 120
# The table of migrations, every statement, and after the statements of each file the note that it was applied.
STEPS = 1 + sum(len(split_statements(each.sql)) + 1 for each in list_shipped())
PROGRAM = """
import os, signal, sys
from pathlib import Path
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
from agentops_server.storage.warehouse.migrations import migrate

class Mortal(EmbeddedWarehouse):
    left = int(sys.argv[2])

    def step(self):
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1

    def execute(self, sql):
        self.step()
        super().execute(sql)

    def insert(self, table, rows):
        self.step()
        super().insert(table, rows)

migrate(Mortal(Path(sys.argv[1])))
print("done", flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("steps", range(STEPS + 1))
def test_a_migration_that_was_killed_is_completed(tmp_path: Path, steps: int) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), str(steps)]
    killed = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert killed.stdout == ("done\n" if steps == STEPS else "")

    with closing(EmbeddedWarehouse(tmp_path)) as warehouse:
        applied = migrate(warehouse)
        assert (applied == []) == (steps == STEPS)
        assert render(warehouse) == SCHEMA_FILE.read_text("utf-8")
        rows = warehouse.query("SELECT number FROM schema_migrations", {}).splitlines()
        assert len(rows) == len(list_shipped())
