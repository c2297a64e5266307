"""Statements for one node as statements for a cluster.

There is one schema, written for one node. On a cluster every table ``t`` of it is two: ``t_local`` on each node,
replicated, and ``t`` in front of all of them, under the name that queries and inserts use. Rows are spread by project
and session, so that whatever is grouped, joined or reduced (FINAL) by session is complete on each node; a table without
sessions is small and lives on the first shard.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from agentops_server.errors import Unavailable

LOCAL = "_local"
# Where a replicated table is known in Keeper: ClickHouse's own default, from the macros of each node.
_REPLICA = "'/clickhouse/tables/{uuid}/{shard}', '{replica}'"

_TABLE = r"(?P<table>[A-Za-z_]\w*)"
_CREATE = re.compile(rf"CREATE TABLE IF NOT EXISTS {_TABLE}\s*\((?P<columns>.*)\)\s*ENGINE = (?P<rest>.*)", re.DOTALL)
_ENGINE = re.compile(r"(?P<engine>(?:Replacing)?MergeTree)(?:\((?P<version>\w+)\))?(?P<rest>.*)", re.DOTALL)
_ALTER = re.compile(rf"ALTER TABLE {_TABLE}\s+(?P<rest>.*)", re.DOTALL)
_DELETE = re.compile(rf"DELETE FROM {_TABLE}\s+(?P<rest>WHERE .*)", re.DOTALL)  # noqa: S608 - it reads SQL
# Changes of columns concern the table in front too; indices, settings, mutations and masks do not.
_COLUMNS = re.compile(r"(?:ADD|DROP|RENAME|MODIFY|COMMENT) COLUMN ")
_NODE_TABLES = re.compile(r"\b(FROM|JOIN) (system\.(?:parts|mutations))\b")
_NODE_ROWS = re.compile(rf"\b(FROM|JOIN) (\w+){LOCAL}\b")


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster by its name in the servers' configuration (``remote_servers``)."""

    name: str
    database: str
    """Of all tables. It is always named: what `currentDatabase()` is on another node, that node says."""

    settings: ClassVar[dict[str, str | int]] = {
        "distributed_foreground_insert": 1,  # an insert answers when the shards have it, not when this node has
        "distributed_product_mode": "local",  # a join by session finds both sides on one node
        "load_balancing": "in_order",  # what is read is what was written last, not a replica that lags
    }

    def spread(self, statement: str) -> list[str]:
        """The statements of the cluster that do what this one does on one node.

        Raises:
            Unavailable: It is none of the forms that the schema and the deletions use.
        """
        text = statement.strip()
        for pattern, form in self._forms().items():
            if found := pattern.fullmatch(text):
                return form(found)
        raise Unavailable(f"a cluster cannot do this statement yet: {text[:100]}")

    def widen(self, sql: str) -> str:
        """A query that asks the engine about its tables, or a node for its rows, asking all nodes."""
        wide, count = _NODE_TABLES.subn(rf"\1 clusterAllReplicas('{self.name}', \2)", sql)
        if count:
            return wide.replace("currentDatabase()", f"'{self.database}'")
        return _NODE_ROWS.sub(r"\1 \2", sql)

    def _forms(self) -> "dict[re.Pattern[str], Callable[[re.Match[str]], list[str]]]":
        return {_CREATE: self._create, _ALTER: self._alter, _DELETE: self._delete}

    def _create(self, found: re.Match[str]) -> list[str]:
        table, columns = found["table"], found["columns"]
        engine = _ENGINE.fullmatch(found["rest"])
        if engine is None:
            raise Unavailable(f"a cluster cannot replicate the engine of {table} yet: {found['rest'][:100]}")
        arguments = ", ".join(filter(None, [_REPLICA, engine["version"]]))
        front = f"Distributed('{self.name}', '{self.database}', '{table}{LOCAL}', {_sharding(columns)})"
        replicated = f"Replicated{engine['engine']}({arguments}){engine['rest']}"
        return [
            f"CREATE TABLE IF NOT EXISTS {table}{LOCAL} {self._everywhere}\n({columns})\nENGINE = {replicated}",
            f"CREATE TABLE IF NOT EXISTS {table} {self._everywhere} AS {table}{LOCAL}\nENGINE = {front}",
        ]

    def _alter(self, found: re.Match[str]) -> list[str]:
        table = found["table"].removesuffix(LOCAL)
        names = [f"{table}{LOCAL}", table] if _COLUMNS.match(found["rest"]) else [f"{table}{LOCAL}"]
        return [f"ALTER TABLE {name} {self._everywhere} {found['rest']}" for name in names]

    def _delete(self, found: re.Match[str]) -> list[str]:
        table = f"{found['table'].removesuffix(LOCAL)}{LOCAL}"
        return [f"DELETE FROM {table} {self._everywhere} {found['rest']}"]  # noqa: S608 - the statement was ours before

    @property
    def _everywhere(self) -> str:
        return f"ON CLUSTER '{self.name}'"


def _sharding(columns: str) -> str:
    """The shard of a row: by its session, else always the first one (an expression without a column is not taken)."""
    names = [line.split()[0] for line in columns.strip().splitlines() if line.strip()]
    return "cityHash64(project_id, session_id)" if "session_id" in names else f"0 * cityHash64({names[0]})"
