"""Statements on the table of API keys, and the hash by which a key is found."""

from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from agentops_server.domain.ids import KeyId, ProjectId, find_uuid
from agentops_server.domain.project import ApiKey
from agentops_server.storage.control.schema import api_keys


def hash_key(key_text: str) -> bytes | None:
    """SHA-256 of a key's canonical text (lower case, with hyphens), or None for what is not a UUID.

    A key is 122 random bits, so that a slow hash would add nothing but time.
    """
    key = find_uuid(key_text.strip())
    return None if key is None else sha256(str(key).encode()).digest()


def insert_key(connection: Connection, key: ApiKey, key_hash: bytes) -> None:
    """Raise `sqlalchemy.exc.IntegrityError` if the key is there, or its project is not."""
    connection.execute(
        insert(api_keys).values(
            id=key.id,
            project_id=key.project_id,
            key_hash=key_hash,
            label=key.label,
            hint=key.hint,
            created_ns=key.created_ns,
            last_used_ns=key.last_used_ns,
            revoked_ns=key.revoked_ns,
        )
    )


def find_key(connection: Connection, condition: ColumnElement[bool]) -> ApiKey | None:
    row = connection.execute(select(api_keys).where(condition)).one_or_none()
    return None if row is None else from_row(row)


def list_keys(connection: Connection, project_id: ProjectId | None) -> list[ApiKey]:
    """The keys of a project, or of all of them, the oldest first."""
    statement = select(api_keys).order_by(api_keys.c.created_ns, api_keys.c.id)
    if project_id is not None:
        statement = statement.where(api_keys.c.project_id == project_id)
    return [from_row(row) for row in connection.execute(statement)]


def revoke_key(connection: Connection, key_id: KeyId, at_ns: int) -> None:
    """Revoke a key; one that is revoked already keeps its time."""
    unrevoked = (api_keys.c.id == key_id) & (api_keys.c.revoked_ns == 0)
    connection.execute(update(api_keys).where(unrevoked).values(revoked_ns=at_ns))


def touch_key(connection: Connection, key_id: KeyId, at_ns: int) -> None:
    """Note that a key was used; the time never moves back."""
    earlier = (api_keys.c.id == key_id) & (api_keys.c.last_used_ns < at_ns)
    connection.execute(update(api_keys).where(earlier).values(last_used_ns=at_ns))


def from_row(row: Row[Any]) -> ApiKey:
    return ApiKey(
        id=KeyId(row.id),
        project_id=ProjectId(row.project_id),
        label=row.label,
        hint=row.hint,
        created_ns=row.created_ns,
        last_used_ns=row.last_used_ns,
        revoked_ns=row.revoked_ns,
    )
