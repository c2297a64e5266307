"""Numbered SQL files, each applied once. Every statement in them is idempotent, so a killed migration starts over."""

import re
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

import msgspec

from agentops_server.domain.clock import now_ns
from agentops_server.errors import Unavailable
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.rows import decode_rows

_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations (number UInt32, name String, checksum String, applied_ns Int64)
ENGINE = MergeTree ORDER BY number SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
"""
_COMMENT = re.compile(r"^\s*--.*\n", re.MULTILINE)
_IS_THERE = "SELECT 1 FROM system.tables WHERE database = currentDatabase() AND name = 'schema_migrations'"


class _Applied(msgspec.Struct):
    number: int
    name: str
    checksum: str
    applied_ns: int


class Migration(NamedTuple):
    """A file that ships with this version."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return sha256(self.sql.encode()).hexdigest()


def migrate(warehouse: Warehouse) -> list[str]:
    """Bring the warehouse to the schema of this version; returns the names of the files that were missing.

    Raises:
        Unavailable: A file that was applied before has changed since, or a newer version's migration was applied.
    """
    warehouse.execute(_TABLE)
    missing = find_missing(warehouse)
    for migration in missing:
        for statement in split_statements(migration.sql):
            warehouse.execute(statement)
        row = _Applied(migration.number, migration.name, migration.checksum, now_ns())
        warehouse.insert("schema_migrations", msgspec.json.encode(row))
    return [migration.name for migration in missing]


def find_missing(warehouse: Warehouse) -> list[Migration]:
    """The migrations that were not applied yet, in order. It changes nothing; raises as `migrate` does."""
    applied = _read_applied(warehouse)
    shipped = {migration.number: migration for migration in list_shipped()}
    if unknown := applied.keys() - shipped.keys():
        raise Unavailable(
            f"the data was written by a newer agentops-server (migration {max(unknown)}): upgrade this one"
        )
    for number, row in applied.items():
        if row.checksum != shipped[number].checksum:
            raise Unavailable(f"migration {shipped[number].name} has changed since it was applied to this data")
    return [migration for number, migration in shipped.items() if number not in applied]


def _read_applied(warehouse: Warehouse) -> dict[int, _Applied]:
    if not warehouse.query(_IS_THERE, {}):
        return {}
    lines = warehouse.query("SELECT number, name, checksum, applied_ns FROM schema_migrations", {})
    return {row.number: row for row in decode_rows(lines, _Applied)}


def list_shipped() -> list[Migration]:
    """All migrations of this version, in order."""
    return sorted(_iter_files())


def _iter_files() -> Iterator[Migration]:
    for file in files(__package__).joinpath("sql/migrations").iterdir():
        if file.name.endswith(".sql"):
            yield Migration(int(file.name.partition("_")[0]), file.name, file.read_text("utf-8"))


def split_statements(sql: str) -> list[str]:
    """The statements of a file, without its comments; each ends with a semicolon at the end of a line."""
    text = _COMMENT.sub("", f"{sql}\n")
    return [statement for part in text.split(";\n") if (statement := part.strip())]
