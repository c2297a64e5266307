"""Which sessions a project has, and what is known of one."""

from dataclasses import dataclass
from typing import Annotated

import msgspec

from agentops_server.domain.clock import LAST_NS
from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.domain.session import Session
from agentops_server.errors import NotFound
from agentops_server.queries.sql_files import read_sql
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import AgentRow, SessionRow, decode_rows
from agentops_server.storage.warehouse.sessions import find_session


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """Which sessions are wanted; what is left as it is does not filter."""

    tags: tuple[str, ...] = ()
    """All of these."""
    end_state: str = ""
    """Success, Failure, Indeterminate or Running."""
    since_ns: int = 0
    until_ns: int = LAST_NS


@dataclass(frozen=True, slots=True)
class SessionPlace:
    """A place in the list of sessions: after this one, newest first."""

    init_ns: Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]
    session_id: str


FIRST_PLACE = SessionPlace(LAST_NS, "")


def list_sessions(
    warehouse: Warehouse, project_id: ProjectId, wanted: SessionFilter, after: SessionPlace, limit: int
) -> list[SessionRow]:
    """Up to `limit` sessions, newest start first. Their rows come without participants."""
    parameters: Parameters = {
        "project_id": project_id,
        "tags": wanted.tags,
        "end_state": wanted.end_state,
        "since_ns": wanted.since_ns,
        "until_ns": wanted.until_ns,
        "before_ns": after.init_ns,
        "before_id": after.session_id,
        "limit": limit,
    }
    return decode_rows(warehouse.query(read_sql("list_sessions"), parameters), SessionRow)


def get_session(warehouse: Warehouse, project_id: ProjectId, session_id: SessionId) -> Session:
    """The session.

    Raises:
        NotFound: The project has no session with this id; whether another project has one is not told.
    """
    if (session := find_session(warehouse, project_id, session_id)) is None:
        raise NotFound(f"no session {session_id} in this project")
    return session


def list_agents(warehouse: Warehouse, project_id: ProjectId, session_id: SessionId) -> list[AgentRow]:
    """The agents of a session, in the order in which they were made."""
    parameters = {"project_id": project_id, "session_id": session_id}
    return decode_rows(warehouse.query(read_sql("list_agents"), parameters), AgentRow)
