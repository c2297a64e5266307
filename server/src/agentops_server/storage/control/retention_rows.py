"""Statements on the tables of retention policies and of tombstones."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.domain.retention import Retention, Tombstone
from agentops_server.storage.control.schema import metadata, projects, retention, tombstones


def find_retention(connection: Connection, project_id: ProjectId) -> Retention | None:
    row = connection.execute(select(retention).where(retention.c.project_id == project_id)).one_or_none()
    return None if row is None else Retention(row.payload_days, row.facts_days)


def list_retentions(connection: Connection) -> dict[ProjectId, Retention]:
    """The policies of the projects that have one."""
    rows = connection.execute(select(retention))
    return {ProjectId(row.project_id): Retention(row.payload_days, row.facts_days) for row in rows}


def replace_retention(connection: Connection, project_id: ProjectId, policy: Retention) -> None:
    """Raise `sqlalchemy.exc.IntegrityError` without the project."""
    connection.execute(delete(retention).where(retention.c.project_id == project_id))
    connection.execute(
        insert(retention).values(project_id=project_id, payload_days=policy.payload_days, facts_days=policy.facts_days)
    )


def insert_tombstones(connection: Connection, stones: Sequence[Tombstone]) -> None:
    """Keep those that are not there; one that is stays as it is."""
    for stone in stones:
        if connection.execute(_select(stone.project_id, stone.session_id)).one_or_none() is None:
            connection.execute(insert(tombstones).values(_values(stone)))


def find_tombstone(connection: Connection, project_id: ProjectId, session_id: SessionId) -> Tombstone | None:
    row = connection.execute(_select(project_id, session_id)).one_or_none()
    return None if row is None else _from_row(row)


def list_tombstones(connection: Connection, since_ns: int) -> list[Tombstone]:
    """What was deleted at this time or later."""
    return list(map(_from_row, connection.execute(select(tombstones).where(tombstones.c.deleted_ns >= since_ns))))


def list_unpurged(connection: Connection, limit: int) -> list[Tombstone]:
    """What may still be on the disk, the oldest first."""
    chosen = select(tombstones).where(tombstones.c.purged_ns == 0).order_by(tombstones.c.deleted_ns).limit(limit)
    return list(map(_from_row, connection.execute(chosen)))


def mark_purged(connection: Connection, stone: Tombstone, at_ns: int) -> None:
    this = (tombstones.c.project_id == stone.project_id) & (tombstones.c.session_id == stone.session_id)
    connection.execute(update(tombstones).where(this).values(purged_ns=at_ns))


def delete_project(connection: Connection, project_id: ProjectId) -> None:
    """Delete a project and whatever refers to it."""
    for table in reversed(metadata.sorted_tables):
        if any(key.column is projects.c.id for key in table.foreign_keys):
            connection.execute(delete(table).where(table.c.project_id == project_id))
    connection.execute(delete(tombstones).where(tombstones.c.project_id == project_id))
    connection.execute(delete(projects).where(projects.c.id == project_id))


def _select(project_id: ProjectId, session_id: SessionId) -> Any:
    this = (tombstones.c.project_id == project_id) & (tombstones.c.session_id == session_id)
    return select(tombstones).where(this)


def _values(stone: Tombstone) -> dict[str, Any]:
    return {
        "project_id": stone.project_id,
        "session_id": stone.session_id,
        "deleted_ns": stone.deleted_ns,
        "purged_ns": stone.purged_ns,
    }


def _from_row(row: Row[Any]) -> Tombstone:
    return Tombstone(ProjectId(row.project_id), SessionId(row.session_id), row.deleted_ns, row.purged_ns)
