"""The statements of a cluster, checked by the engine's parser: that they run on one, nothing here can tell."""

import json
import re
from pathlib import Path

import pytest

from agentops_server.domain.ids import ProjectId, SessionId, new_uuid7
from agentops_server.errors import Unavailable
from agentops_server.queries import sql_files
from agentops_server.storage.warehouse import erasing, migrations, ownership, payloads
from agentops_server.storage.warehouse.cluster import Cluster
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
from agentops_server.storage.warehouse.migrations import list_shipped, split_statements

CLUSTER = Cluster("main-1", "telemetry")
SHIPPED = [statement for each in list_shipped() for statement in split_statements(each.sql)]
SCHEMA = [migrations._TABLE, ownership._TABLE, *(each for each in SHIPPED if each.startswith("CREATE TABLE"))]
CHANGES = [each for each in SHIPPED if not each.startswith("CREATE TABLE")]
HERE = "ON CLUSTER `main-1`"
FRONT = "Distributed('main-1', 'telemetry', "
SQL_FILES = [
    *Path(sql_files.__file__).parent.glob("sql/**/*.sql"),
    *Path(migrations.__file__).parent.glob("sql/*.sql"),
]


class Spreading:
    """A warehouse that only notes what a cluster would be told to do; it asks a real one."""

    def __init__(self, inner: EmbeddedWarehouse) -> None:
        self._inner = inner
        self.told: list[str] = []

    def execute(self, sql: str) -> None:
        self.told += CLUSTER.spread(sql)

    def query(self, sql: str, parameters: object) -> bytes:
        there = sql.startswith("SELECT 1 FROM")  # every node holds rows of what is deleted
        return b'{"1":1}\n' if there else self._inner.query(sql, parameters)  # type: ignore[arg-type]


def parsed(warehouse: EmbeddedWarehouse, statement: str) -> str:
    """The statement as the engine's parser writes it; it raises `Unavailable` for what is no SQL."""
    answer = warehouse.query("SELECT formatQuerySingleLine({sql:String}) AS text", {"sql": statement})
    text: str = json.loads(answer)["text"]
    assert warehouse.query(f"EXPLAIN AST {statement}", {})
    return text


@pytest.mark.parametrize("number", range(len(SCHEMA)))
def test_a_table_of_the_schema_is_two_on_a_cluster(empty_warehouse: EmbeddedWarehouse, number: int) -> None:
    local, front = (parsed(empty_warehouse, statement) for statement in CLUSTER.spread(SCHEMA[number]))
    table = re.search(r"CREATE TABLE IF NOT EXISTS (\w+)", SCHEMA[number])
    assert table is not None
    name = table[1]
    assert local.startswith(f"CREATE TABLE IF NOT EXISTS {name}_local {HERE} (")
    assert re.search(
        r"ENGINE = Replicated(Replacing)?MergeTree\('/clickhouse/tables/\{uuid\}/\{shard\}', '\{replica\}'", local
    )
    assert front.startswith(f"CREATE TABLE IF NOT EXISTS {name} {HERE} AS {name}_local ENGINE = {FRONT}")
    sharding = "cityHash64(project_id, session_id))" if "session_id UUID" in SCHEMA[number] else "0 * cityHash64("
    assert sharding in front


@pytest.mark.parametrize("number", range(len(CHANGES)))
def test_what_the_schema_changes_of_columns_is_on_both_tables_and_all_else_on_one(
    empty_warehouse: EmbeddedWarehouse, number: int
) -> None:
    found = re.match(r"ALTER TABLE (\w+)\s+((?:ADD|MODIFY) (COLUMN|INDEX|SETTING|TTL)) ", CHANGES[number])
    assert found is not None
    statements = [parsed(empty_warehouse, statement) for statement in CLUSTER.spread(CHANGES[number])]
    tables = [f"{found[1]}_local", found[1]][: 2 if found[3] == "COLUMN" else 1]
    for statement, table in zip(statements, tables, strict=True):
        assert statement.startswith(f"ALTER TABLE {table} {HERE} ({found[2]} ")


def test_a_replacing_table_keeps_its_version_order_and_settings(empty_warehouse: EmbeddedWarehouse) -> None:
    statement = next(each for each in SCHEMA if "EXISTS events" in each)
    alone, local = parsed(empty_warehouse, statement), parsed(empty_warehouse, CLUSTER.spread(statement)[0])
    back = local.replace(f"events_local {HERE}", "events").replace(
        "ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)",
        "ReplacingMergeTree(version)",
    )
    assert back == alone


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "ALTER TABLE events ADD COLUMN IF NOT EXISTS extra UInt8",
            [f"ALTER TABLE {t} {HERE} ADD COLUMN IF NOT EXISTS extra UInt8" for t in ("events_local", "events")],
        ),
        (
            "ALTER TABLE events ADD INDEX IF NOT EXISTS i name TYPE bloom_filter GRANULARITY 1",
            [f"ALTER TABLE events_local {HERE} ADD INDEX IF NOT EXISTS i name TYPE bloom_filter GRANULARITY 1"],
        ),
        (
            "ALTER TABLE events_local APPLY DELETED MASK SETTINGS mutations_sync = 0",
            [f"ALTER TABLE events_local {HERE} APPLY DELETED MASK SETTINGS mutations_sync = 0"],
        ),
        (
            "DELETE FROM events WHERE name = 'a;b' SETTINGS lightweight_deletes_sync = 0",
            [f"DELETE FROM events_local {HERE} WHERE name = 'a;b' SETTINGS lightweight_deletes_sync = 0"],
        ),
    ],
)
def test_changes_reach_every_node(empty_warehouse: EmbeddedWarehouse, statement: str, expected: list[str]) -> None:
    def normal(sql: str) -> str:
        return re.sub(r"[()`']", "", parsed(empty_warehouse, sql))

    assert [normal(each) for each in CLUSTER.spread(statement)] == [normal(each) for each in expected]


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE events",
        "CREATE MATERIALIZED VIEW v AS SELECT 1",
        "CREATE TABLE IF NOT EXISTS t (a UInt8) ENGINE = Log",
    ],
)
def test_a_statement_of_another_form_is_refused(statement: str) -> None:
    with pytest.raises(Unavailable, match="a cluster cannot"):
        CLUSTER.spread(statement)


def test_deleting_reaches_every_node(warehouse: EmbeddedWarehouse) -> None:
    spreading = Spreading(warehouse)
    erasing.erase_sessions(spreading, ProjectId(new_uuid7()), [SessionId(new_uuid7())])  # type: ignore[arg-type]
    erasing.erase_project(spreading, ProjectId(new_uuid7()))  # type: ignore[arg-type]
    deletions = [each for each in spreading.told if each.startswith("DELETE")]
    assert len(deletions) >= 6
    for statement in spreading.told:
        assert "_local ON CLUSTER" in statement
        parsed(warehouse, statement)


def test_questions_about_parts_and_mutations_ask_every_node(empty_warehouse: EmbeddedWarehouse) -> None:
    for sql in (erasing._UNDONE, erasing._MASKED):
        wide = CLUSTER.widen(sql)
        assert re.search(r"FROM clusterAllReplicas\('main-1', system\.(parts|mutations)\)", wide)
        assert "database = 'telemetry'" in wide
        parsed(empty_warehouse, wide)
    assert CLUSTER.widen("SELECT 1 FROM system.tables") == "SELECT 1 FROM system.tables"


def test_a_question_about_the_rows_of_one_node_asks_every_node() -> None:
    assert CLUSTER.widen("SELECT 1 FROM events_local WHERE n = 1") == "SELECT 1 FROM events WHERE n = 1"


def test_every_statement_of_the_room_has_a_form() -> None:
    """`payloads` empties columns; the test fails when it begins to say something that a cluster is not told."""
    source = Path(payloads.__file__).read_text("utf-8")
    assert re.findall(r'f"([A-Z]+ [A-Z]+)', source) == ["ALTER TABLE"]


@pytest.mark.parametrize("path", SQL_FILES, ids=lambda path: path.name)
def test_what_is_joined_on_a_cluster_is_joined_by_session(path: Path) -> None:
    """Each node joins its own rows only, so both sides must hold the same sessions."""
    sql = re.sub(r"--.*|/\*.*?\*/", "", path.read_text("utf-8"))
    joins = re.findall(r"(?<!ARRAY )\bJOIN\b", sql)
    by_session = re.findall(r"USING \([^)]*session_id[^)]*\)|ON [^\n]*session_id", sql)
    assert len(joins) == len(by_session)
    subqueries = re.findall(r"(\w+) (?:NOT )?IN\s*\(\s*SELECT (?:DISTINCT )?(\w+)", sql)
    assert all(pair == ("session_id", "session_id") for pair in subqueries)
