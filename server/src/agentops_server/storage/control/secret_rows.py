"""Statements on the table of the server's own secrets."""

from sqlalchemy import Connection, insert, select

from agentops_server.storage.control.schema import secrets


def find_secret(connection: Connection, name: str) -> bytes | None:
    content: bytes | None = connection.execute(select(secrets.c.content).where(secrets.c.name == name)).scalar()
    return content


def insert_secret(connection: Connection, name: str, content: bytes, at_ns: int) -> None:
    """Raise `sqlalchemy.exc.IntegrityError` if there is one of that name."""
    connection.execute(insert(secrets).values(name=name, content=content, created_ns=at_ns))
