"""Which sessions a project has, and what is known of one."""

import re
from dataclasses import dataclass
from uuid import UUID

import msgspec

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.domain.session import Session
from agentops_server.errors import NotFound
from agentops_server.queries.filters import SessionFilter, filter_parameters, filter_sql
from agentops_server.queries.sorts import Sort, find_sort
from agentops_server.queries.sql_files import read_sql
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import AgentRow, SessionRow, decode_rows, session_from_row
from agentops_server.storage.warehouse.sessions import find_session

_OF_TOTALS = re.compile(r"totals\.(\w+)")
# Columns that hold lists of sums, by the part that a condition asks for.
_PARTS = {
    "models": "by_model.model AS models",
    "agents": "by_agent.agent AS agents",
    "tool_names": "by_tool.tool AS tool_names",
    "error_types": "by_error.error_type AS error_types",
}


@dataclass(frozen=True, slots=True)
class SessionPlace:
    """A place in the list of sessions: after the one with this value of what it is sorted by, and this id."""

    value: str
    session_id: str


FIRST_PLACE = SessionPlace("", "")


class _Listed(msgspec.Struct):
    session_id: UUID
    place: str


def list_sessions(
    warehouse: Warehouse, project_id: ProjectId, wanted: SessionFilter, after: SessionPlace, limit: int
) -> tuple[list[Session], SessionPlace | None]:
    """Up to `limit` sessions, without what their participants said, and the place after them; None at the end.

    Raises:
        Invalid: The place is none of a list that is sorted like this.
    """
    sort = find_sort(wanted.sort)
    parameters: Parameters = {
        "project_id": project_id,
        "after": sort.place(after.value),
        "after_id": after.session_id,
        "limit": limit + 1,
        **filter_parameters(wanted),
    }
    listed = decode_rows(warehouse.query(_sql(wanted, sort), parameters), _Listed)
    page = listed[:limit]
    found = _find_sessions(warehouse, project_id, [SessionId(each.session_id) for each in page])
    last = SessionPlace(page[-1].place, str(page[-1].session_id)) if len(listed) > limit else None
    return [found[each.session_id] for each in page if each.session_id in found], last


def _find_sessions(warehouse: Warehouse, project_id: ProjectId, ids: list[SessionId]) -> dict[UUID, Session]:
    if not ids:
        return {}
    parameters: Parameters = {"project": project_id, "sessions": ids}  # which nobody waits for, see totals.py
    rows = decode_rows(warehouse.query(read_sql("listed_sessions"), parameters), SessionRow)
    return {row.session_id: session_from_row(row) for row in rows}


def _sql(wanted: SessionFilter, sort: Sort) -> str:
    conditions = filter_sql(wanted)
    tokens = {
        "/*SORT*/": sort.sql,
        "/*TYPE*/": sort.type,
        "/*FILTER*/": conditions,
        "/*JOIN*/": join_sql(sort.sql + conditions),
        "/*BEYOND*/": ">" if wanted.ascending else "<",
        "/*ORDER*/": "ASC" if wanted.ascending else "DESC",
    }
    text = read_sql("list_sessions")
    for token, replacement in tokens.items():
        text = text.replace(token, replacement)
    return text


def join_sql(conditions: str) -> str:
    """The join with the sums of sessions that these conditions need, of which only what is asked for is read."""
    names = sorted(set(_OF_TOTALS.findall(conditions)))
    if not names:
        return ""
    return read_sql("join_totals").replace("/*COLUMNS*/", ", ".join(_PARTS.get(name, name) for name in names))


def get_session(warehouse: Warehouse, project_id: ProjectId, session_id: SessionId) -> Session:
    """The session.

    Raises:
        NotFound: The project has no session with this id; whether another project has one is not told.
    """
    if (session := find_session(warehouse, project_id, session_id)) is None:
        raise NotFound(f"no session {session_id} in this project")
    return session


def get_listed(warehouse: Warehouse, project_id: ProjectId, session_id: SessionId) -> Session:
    """The session as a list has it: without what its participants said, whose host environments are large.

    Raises:
        NotFound: The project has no such session.
    """
    parameters: Parameters = {"project_id": project_id, "session_ids": [session_id]}
    sql = read_sql("listed_sessions").replace("{project:", "{project_id:").replace("{sessions:", "{session_ids:")
    for row in decode_rows(warehouse.query(sql, parameters), SessionRow):
        return session_from_row(row)
    raise NotFound(f"no session {session_id} in this project")


def list_agents(warehouse: Warehouse, project_id: ProjectId, session_id: SessionId) -> list[AgentRow]:
    """The agents of a session, in the order in which they were made."""
    parameters = {"project_id": project_id, "session_id": session_id}
    return decode_rows(warehouse.query(read_sql("list_agents"), parameters), AgentRow)
