"""Numbered SQL files, each applied once. Every statement in them is idempotent, so a killed migration starts over."""

from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files

import msgspec

from agentops_server.domain.clock import now_ns
from agentops_server.errors import Unavailable
from agentops_server.storage.warehouse.port import Warehouse

_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations (number UInt32, name String, checksum String, applied_ns Int64)
ENGINE = MergeTree ORDER BY number SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
"""


class _Applied(msgspec.Struct):
    number: int
    name: str
    checksum: str
    applied_ns: int


def migrate(warehouse: Warehouse) -> None:
    """Bring the warehouse to the schema of this version.

    Raises:
        Unavailable: A file that was applied before has changed since, or a newer version's migration was applied.
    """
    warehouse.execute(_TABLE)
    lines = warehouse.query("SELECT number, name, checksum, applied_ns FROM schema_migrations", {})
    applied = {row.number: row for row in msgspec.json.decode(_as_array(lines), type=list[_Applied])}
    shipped = dict(_iter_files())
    if unknown := applied.keys() - shipped.keys():
        raise Unavailable(
            f"the data was written by a newer agentops-server (migration {max(unknown)}): upgrade this one"
        )
    for number, (name, sql) in sorted(shipped.items()):
        checksum = sha256(sql.encode()).hexdigest()
        if number in applied:
            if applied[number].checksum != checksum:
                raise Unavailable(f"migration {name} has changed since it was applied to this data")
            continue
        for statement in split_statements(sql):
            warehouse.execute(statement)
        warehouse.insert("schema_migrations", msgspec.json.encode(_Applied(number, name, checksum, now_ns())))


def _iter_files() -> Iterator[tuple[int, tuple[str, str]]]:
    for file in files(__package__).joinpath("sql/migrations").iterdir():
        if file.name.endswith(".sql"):
            yield int(file.name.partition("_")[0]), (file.name, file.read_text("utf-8"))


def split_statements(sql: str) -> list[str]:
    """The statements of a file, which each end with a semicolon at the end of a line."""
    return [statement for part in f"{sql}\n".split(";\n") if (statement := part.strip())]


def _as_array(lines: bytes) -> bytes:
    return b"[" + b",".join(lines.splitlines()) + b"]"
