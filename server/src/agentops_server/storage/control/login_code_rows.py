"""Statements on the table of one-time login codes."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from agentops_server.domain.ids import ProjectId
from agentops_server.storage.control.schema import login_codes


@dataclass(frozen=True, slots=True)
class LoginCode:
    """A code that was redeemed just now."""

    project_id: ProjectId | None
    """The project that it opens; None where there was no project yet when it was made."""


def insert_code(connection: Connection, code_hash: bytes, project_id: ProjectId | None, expires_ns: int) -> None:
    connection.execute(
        insert(login_codes).values(code_hash=code_hash, project_id=project_id, expires_ns=expires_ns, redeemed_ns=0)
    )


def redeem_code(connection: Connection, code_hash: bytes, at_ns: int) -> LoginCode | None:
    """Redeem a code, or None. The one UPDATE decides between two who try at the same time, on every database."""
    this = login_codes.c.code_hash == code_hash
    fresh = this & (login_codes.c.redeemed_ns == 0) & (login_codes.c.expires_ns > at_ns)
    if connection.execute(update(login_codes).where(fresh).values(redeemed_ns=at_ns)).rowcount != 1:
        return None
    project_id = connection.execute(select(login_codes.c.project_id).where(this)).scalar_one()
    return LoginCode(project_id=None if project_id is None else ProjectId(project_id))


def prune_codes(connection: Connection, at_ns: int) -> None:
    """Delete the codes that nobody can redeem any more."""
    connection.execute(delete(login_codes).where(login_codes.c.expires_ns <= at_ns))
