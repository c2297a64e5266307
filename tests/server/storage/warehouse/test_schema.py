"""schema.sql says what the migrations make, in the engine's own words."""

import json
from typing import Any

import pytest

from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
from agentops_server.storage.warehouse.migrations import split_statements

from .schema_file import SCHEMA_FILE, render

ABOUT = {
    "tables": "name, engine_full, sorting_key, primary_key, partition_key",
    "columns": "table, name, position, type, compression_codec, default_kind, default_expression",
    "data_skipping_indices": "table, name, type_full, expr, granularity",
}


def describe(warehouse: EmbeddedWarehouse, what: str) -> list[dict[str, Any]]:
    columns = ABOUT[what]
    order = f"{columns.split(',')[0]}, name"
    sql = f"SELECT {columns} FROM system.{what} WHERE database = currentDatabase() ORDER BY {order}"
    return [json.loads(line) for line in warehouse.query(sql, {}).splitlines()]


def test_the_file_is_what_the_engine_says_of_the_migrated_tables(warehouse: EmbeddedWarehouse) -> None:
    problem = "run python -m tests.server.storage.warehouse.schema_file"
    assert SCHEMA_FILE.read_text("utf-8") == render(warehouse), problem


def test_the_file_makes_the_tables_that_the_migrations_make(warehouse: EmbeddedWarehouse) -> None:
    migrated = {what: describe(warehouse, what) for what in ABOUT}
    tables = [table["name"] for table in migrated["tables"]]
    for table in tables:
        warehouse.execute(f"DROP TABLE {table} SYNC")
    for statement in split_statements(SCHEMA_FILE.read_text("utf-8")):
        warehouse.execute(statement)

    assert {what: describe(warehouse, what) for what in ABOUT} == migrated
    assert {"events", "sessions", "session_totals", "schema_migrations"} <= set(tables)


@pytest.mark.parametrize("what", ["tables", "columns"])
def test_a_difference_would_be_seen(warehouse: EmbeddedWarehouse, what: str) -> None:
    before = describe(warehouse, what)
    warehouse.execute("ALTER TABLE sessions ADD COLUMN extra UInt8")
    warehouse.execute("ALTER TABLE agents MODIFY SETTING fsync_after_insert = 0")
    assert describe(warehouse, what) != before
