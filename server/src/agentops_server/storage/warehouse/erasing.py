"""Taking rows out of the warehouse for good: first for every reader at once, later from the disk.

A lightweight DELETE hides rows as soon as its mutation ran, in all parts and all versions. Their bytes go when the mask
is applied, which rewrites the parts that have one; the engine removes the replaced parts (chDB at once, a ClickHouse
server after its ``old_parts_lifetime``, eight minutes by default). Both are mutations, which run beside inserts and
concern only parts that were there before.
"""

import time
from collections.abc import Sequence
from uuid import UUID

import msgspec

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.errors import Unavailable
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.rows import decode_rows

# So many ids fit into one statement, whose text is limited to 256 KiB.
SESSIONS_AT_ONCE = 2000
POLL_S = 0.05

_TABLES = """
SELECT tables.name AS name, toBool(countIf(columns.name = 'session_id')) AS has_sessions
FROM system.tables AS tables
JOIN system.columns AS columns ON columns.database = tables.database AND columns.table = tables.name
WHERE tables.database = currentDatabase() AND tables.engine LIKE '%MergeTree'
GROUP BY tables.name
HAVING countIf(columns.name = 'project_id') > 0
"""
_UNDONE = """
SELECT table || '/' || mutation_id AS id, latest_fail_reason AS failure
FROM system.mutations
WHERE database = currentDatabase() AND NOT is_done
"""
_MASKED = """
SELECT DISTINCT table AS id, '' AS failure
FROM system.parts
WHERE database = currentDatabase() AND active AND has_lightweight_delete
"""

_REPLACED = """
SELECT table || '/' || name AS id, '' AS failure
FROM system.parts
WHERE database = currentDatabase() AND NOT active
"""


class _Table(msgspec.Struct):
    name: str
    has_sessions: bool


class _Named(msgspec.Struct):
    id: str
    failure: str


def erase_sessions(warehouse: Warehouse, project_id: ProjectId, session_ids: Sequence[SessionId]) -> None:
    """Begin to hide all rows of these sessions, in every table."""
    some = [session_ids[start : start + SESSIONS_AT_ONCE] for start in range(0, len(session_ids), SESSIONS_AT_ONCE)]
    for table in _list_tables(warehouse):
        if table.has_sessions:
            for ids in some:
                _delete(warehouse, table.name, f"project_id = {_uuid(project_id)} AND session_id IN ({_uuids(ids)})")


def erase_project(warehouse: Warehouse, project_id: ProjectId) -> None:
    """Begin to hide all rows of a project, in every table."""
    for table in _list_tables(warehouse):
        _delete(warehouse, table.name, f"project_id = {_uuid(project_id)}")


def apply_masks(warehouse: Warehouse) -> None:
    """Begin to rewrite the parts that hold hidden rows."""
    for table in _list_names(warehouse, _MASKED):
        warehouse.execute(f"ALTER TABLE {table} APPLY DELETED MASK SETTINGS mutations_sync = 0")


def list_undone(warehouse: Warehouse) -> set[str]:
    """The mutations that were begun and are not done.

    Raises:
        Unavailable: The engine cannot do one of them.
    """
    return _list_names(warehouse, _UNDONE)


def list_replaced(warehouse: Warehouse) -> set[str]:
    """The parts that others replace, and that are still on the disk."""
    return _list_names(warehouse, _REPLACED)


def wait_for_mutations(warehouse: Warehouse, timeout_s: float) -> bool:
    """Wait until every mutation that was begun is done; false when that takes longer; raise as `list_undone`."""
    wanted = list_undone(warehouse)
    end = time.monotonic() + timeout_s
    while wanted:
        if time.monotonic() > end:
            return False
        time.sleep(POLL_S)
        wanted &= list_undone(warehouse)
    return True


def _list_names(warehouse: Warehouse, sql: str) -> set[str]:
    found = decode_rows(warehouse.query(sql, {}), _Named)
    if failed := next((each for each in found if each.failure), None):
        raise Unavailable(f"the warehouse could not delete rows of {failed.id}: {failed.failure[:200]}")
    return {each.id for each in found}


def _list_tables(warehouse: Warehouse) -> list[_Table]:
    return decode_rows(warehouse.query(_TABLES, {}), _Table)


def _delete(warehouse: Warehouse, table: str, condition: str) -> None:
    if warehouse.query(f"SELECT 1 FROM {table} WHERE {condition} LIMIT 1", {}):  # noqa: S608 - ids only
        warehouse.execute(f"DELETE FROM {table} WHERE {condition} SETTINGS lightweight_deletes_sync = 0")  # noqa: S608


def _uuid(value: UUID) -> str:
    return f"'{UUID(str(value))}'"


def _uuids(values: Sequence[UUID]) -> str:
    return ", ".join(map(_uuid, values))
