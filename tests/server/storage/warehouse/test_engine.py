"""The embedded engine is set up as it is meant to be; it says nothing of an option that it does not take."""

import json
import re
import uuid
from collections.abc import Mapping
from pathlib import Path

import pytest

from agentops_server.errors import Unavailable
from agentops_server.ingest.loader import BLOCK_BYTES
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
from agentops_server.storage.warehouse.engine import FILE_NAME, OPTIONS, TABLES
from agentops_server.storage.warehouse.rows import EventRow, encode_rows

from .running import run_with_warehouse

SETTINGS = "SELECT name, value FROM system.{table} WHERE changed"
PARTS = "SELECT part_type FROM system.parts WHERE active AND table = 'events' AND database = currentDatabase()"


def ask(warehouse: EmbeddedWarehouse, table: str) -> dict[str, str]:
    lines = warehouse.query(SETTINGS.format(table=table), {}).splitlines()
    return {row["name"]: row["value"] for row in map(json.loads, lines)}


def as_text(settings: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in settings.items()}


@pytest.mark.parametrize("name", ["data", "my data", "100%25", "a+b", "größe"])
def test_the_engine_has_all_of_its_settings_wherever_its_data_is(tmp_path: Path, name: str) -> None:
    warehouse = EmbeddedWarehouse(tmp_path / name / "warehouse")
    try:
        assert as_text(OPTIONS).items() <= ask(warehouse, "server_settings").items()
        assert ask(warehouse, "merge_tree_settings") == as_text(TABLES)
    finally:
        warehouse.close()


def test_the_engine_has_its_settings_below_a_folder_with_an_ampersand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "R&D").mkdir()
    monkeypatch.chdir(tmp_path / "R&D")
    warehouse = EmbeddedWarehouse(Path("data"))
    try:
        assert ask(warehouse, "merge_tree_settings") == as_text(TABLES)
    finally:
        warehouse.close()


@pytest.mark.parametrize("name", ["R&D", "why?"])
def test_a_folder_that_the_engine_cannot_be_told_of_is_refused_before_it_is_made(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unavailable, match="--data-dir"):
        EmbeddedWarehouse(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_the_engine_gives_memory_back_soon(tmp_path: Path) -> None:
    program = """
(line,) = [
    line for line in warehouse.query("SELECT * FROM system.jemalloc_stats", {}).decode().split("\\\\n")
    if "opt.dirty_decay_ms" in line
]
print(line)
"""
    done = run_with_warehouse(tmp_path / "warehouse", program)
    assert re.search(r"opt.dirty_decay_ms: 100\b", done.stdout), done.stderr


def test_settings_that_cannot_be_written_are_said_and_let_the_folder_go(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(Unavailable, match="cannot be opened"):
        EmbeddedWarehouse(tmp_path)
    (tmp_path / FILE_NAME).rmdir()
    EmbeddedWarehouse(tmp_path).close()


def test_a_whole_block_is_one_file(warehouse: EmbeddedWarehouse) -> None:
    project_id, session_id, text = uuid.uuid4(), uuid.uuid4(), "x" * (BLOCK_BYTES // 100)
    rows = [EventRow(project_id, session_id, uuid.uuid4(), 1, 1, "llm", "llms", 1, prompt=text) for _ in range(100)]
    warehouse.insert("events", encode_rows(rows))
    assert warehouse.query(PARTS, {}).splitlines() == [b'{"part_type":"Compact"}']
