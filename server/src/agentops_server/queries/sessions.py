"""Which sessions a project has, and what is known of one."""

import re
from collections.abc import Mapping, Sequence
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


def list_places(
    warehouse: Warehouse, project_id: ProjectId, wanted: SessionFilter, after: SessionPlace, limit: int
) -> tuple[list[SessionId], SessionPlace | None]:
    """Up to `limit` sessions, and the place after them; None at the end.

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
    last = SessionPlace(page[-1].place, str(page[-1].session_id)) if len(listed) > limit else None
    return [SessionId(each.session_id) for each in page], last


def find_listed(
    warehouse: Warehouse, project_id: ProjectId, session_ids: Sequence[SessionId]
) -> dict[SessionId, Session]:
    """Those of these sessions that there are, without what their participants said of their hosts: that is large."""
    if not session_ids:
        return {}
    parameters: Parameters = {"project_id": project_id, "session_ids": session_ids}
    rows = decode_rows(warehouse.query(read_sql("listed_sessions"), parameters), SessionRow)
    return {SessionId(row.session_id): session_from_row(row) for row in rows}


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
    session = find_session(warehouse, project_id, session_id)
    return found_in({} if session is None else {session_id: session}, session_id)


def get_listed(warehouse: Warehouse, project_id: ProjectId, session_id: SessionId) -> Session:
    """The session as `find_listed` finds it.

    Raises:
        NotFound: The project has no session with this id; whether another project has one is not told.
    """
    return found_in(find_listed(warehouse, project_id, [session_id]), session_id)


def found_in(sessions: Mapping[SessionId, Session], session_id: SessionId) -> Session:
    """The session with this id.

    Raises:
        NotFound: There is none.
    """
    if session_id not in sessions:
        raise NotFound(f"no session {session_id} in this project")
    return sessions[session_id]


def list_agents(warehouse: Warehouse, project_id: ProjectId, session_id: SessionId) -> list[AgentRow]:
    """The agents of a session, in the order in which they were made."""
    parameters = {"project_id": project_id, "session_id": session_id}
    return decode_rows(warehouse.query(read_sql("list_agents"), parameters), AgentRow)
