"""Numbered files, each applied once, whatever happens in between."""

from pathlib import Path

import msgspec
import pytest

from agentops_server.errors import Unavailable
from agentops_server.storage.warehouse import migrations
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
from agentops_server.storage.warehouse.migrations import migrate, split_statements
from agentops_server.storage.warehouse.rows import AgentRow, EventRow, SessionRow

SHIPPED = sorted((Path(migrations.__file__).parent / "sql/migrations").glob("*.sql"))
TABLES: dict[str, type[msgspec.Struct]] = {"events": EventRow, "sessions": SessionRow, "agents": AgentRow}


def describe(warehouse: EmbeddedWarehouse) -> bytes:
    sql = "SELECT name, create_table_query FROM system.tables WHERE database = currentDatabase() ORDER BY name"
    return warehouse.query(sql, {})


def applied(warehouse: EmbeddedWarehouse) -> list[bytes]:
    return warehouse.query("SELECT number, name FROM schema_migrations ORDER BY number", {}).splitlines()


def column_names(warehouse: EmbeddedWarehouse, table: str) -> tuple[str, ...]:
    sql = "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = {t:String} ORDER BY position"
    return tuple(msgspec.json.decode(line)["name"] for line in warehouse.query(sql, {"t": table}).splitlines())


def test_a_new_warehouse_gets_every_migration_once(empty_warehouse: EmbeddedWarehouse) -> None:
    migrate(empty_warehouse)
    assert len(applied(empty_warehouse)) == len(SHIPPED) >= 1


def test_migrating_twice_changes_nothing(warehouse: EmbeddedWarehouse) -> None:
    before = describe(warehouse), applied(warehouse)
    migrate(warehouse)
    assert (describe(warehouse), applied(warehouse)) == before


@pytest.mark.parametrize("table", TABLES)
def test_a_rows_fields_are_the_columns_of_its_table(warehouse: EmbeddedWarehouse, table: str) -> None:
    assert column_names(warehouse, table) == TABLES[table].__struct_fields__


def test_a_migration_that_has_changed_is_refused(warehouse: EmbeddedWarehouse) -> None:
    warehouse.execute(
        "ALTER TABLE schema_migrations UPDATE checksum = 'other' WHERE number = 1 SETTINGS mutations_sync = 2"
    )
    with pytest.raises(Unavailable, match=r"0001_telemetry\.sql has changed"):
        migrate(warehouse)


def test_data_of_a_newer_server_is_refused(warehouse: EmbeddedWarehouse) -> None:
    newer = b'{"number": 9999, "name": "9999_future.sql", "checksum": "x", "applied_ns": 1}'
    warehouse.insert("schema_migrations", newer)
    with pytest.raises(Unavailable, match="newer agentops-server .migration 9999.: upgrade this one"):
        migrate(warehouse)


def test_every_statement_may_be_run_again(empty_warehouse: EmbeddedWarehouse) -> None:
    for path in SHIPPED:
        for statement in split_statements(path.read_text("utf-8")):
            empty_warehouse.execute(statement)
            once = describe(empty_warehouse)
            empty_warehouse.execute(statement)
            assert describe(empty_warehouse) == once, statement


def test_statements_end_with_a_semicolon_at_the_end_of_a_line() -> None:
    assert split_statements("SELECT ';' AS a;\n\nSELECT\n2;\n") == ["SELECT ';' AS a", "SELECT\n2"]
    assert split_statements("SELECT 1") == ["SELECT 1"]
    assert split_statements("-- one;\n-- two\nSELECT 1;\n  -- three;\n") == ["SELECT 1"]
