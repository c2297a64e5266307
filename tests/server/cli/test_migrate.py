"""`agentops-server migrate`: both stores, and what it says before."""

import os
import subprocess
from pathlib import Path

import pytest

from agentops_server.storage.control import migration
from agentops_server.storage.warehouse import migrations
from agentops_server.storage.warehouse.guards import lock_folder
from tests.serving import PROGRAM

from .conftest import Command, Outcome

EVERY = [f"control store: {number}" for number in migration.list_after(None)] + [
    f"warehouse: {each.name}" for each in migrations.list_shipped()
]
TIMEOUT_S = 60
UP_TO_DATE = ["control store: up to date", "warehouse: up to date"]


@pytest.fixture
def command() -> Command:
    """In a process of its own, as the engine wants it."""

    def run(*arguments: object) -> Outcome:
        done = subprocess.run(
            [str(PROGRAM), *map(str, arguments)], capture_output=True, text=True, timeout=TIMEOUT_S, env=os.environ
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    return run


def test_a_dry_run_names_everything_and_makes_nothing(command: Command, tmp_path: Path) -> None:
    outcome = command("migrate", "--dry-run", "--data-dir", tmp_path / "data")
    assert outcome.code == 0
    assert outcome.out.splitlines() == [f"{each} is missing" for each in EVERY]
    assert not (tmp_path / "data").exists()


def test_both_stores_are_migrated_once(command: Command, tmp_path: Path) -> None:
    assert command("migrate", "--data-dir", tmp_path).out.splitlines() == [f"{each} applied" for each in EVERY]
    assert command("migrate", "--data-dir", tmp_path).out.splitlines() == UP_TO_DATE
    assert command("migrate", "--dry-run", "--data-dir", tmp_path).out.splitlines() == UP_TO_DATE


def test_a_dry_run_names_what_an_older_version_left(command: Command, tmp_path: Path) -> None:
    command("migrate", "--data-dir", tmp_path)
    (tmp_path / "control.sqlite").unlink()
    said = command("migrate", "--dry-run", "--data-dir", tmp_path).out.splitlines()
    assert said[0] == "control store: 0001 is missing"
    assert said[-1] == "warehouse: up to date"


def test_a_warehouse_that_a_server_holds_is_refused_in_one_line(command: Command, tmp_path: Path) -> None:
    (tmp_path / "warehouse").mkdir()
    with lock_folder(tmp_path / "warehouse"):
        outcome = command("migrate", "--data-dir", tmp_path)
    assert outcome.code == 1
    assert "in use by another agentops-server" in outcome.err
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize(
    ("variable", "url", "problem"),
    [
        ("AGENTOPS_WAREHOUSE_URL", "clickhouse://me:s3cret@127.0.0.1:1/x", "nothing takes connections there"),
        ("AGENTOPS_WAREHOUSE_URL", "mysql://me:s3cret@host/x", "its scheme must be one of clickhouse"),
        ("AGENTOPS_CONTROL_URL", "mysql://me:s3cret@host/x", "cannot be on 'mysql'"),
        ("AGENTOPS_CONTROL_URL", "postgresql://me:s3cret@127.0.0.1:1/x", "Connection refused"),
    ],
)
def test_a_url_that_leads_nowhere_is_said_in_one_line_without_its_password(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, url: str, problem: str
) -> None:
    monkeypatch.setenv(variable, url)
    outcome = command("migrate", "--data-dir", tmp_path)
    assert outcome.code == 1
    assert problem in outcome.err
    assert outcome.err.count("\n") == 1
    assert "s3cret" not in outcome.err + outcome.out
