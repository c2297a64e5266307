"""Which sessions a project has, and what is known of one."""

from dataclasses import dataclass
from decimal import Decimal

from agentops_server.domain.clock import LAST_NS
from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.domain.session import Session
from agentops_server.errors import NotFound
from agentops_server.queries.sql_files import read_sql
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import AgentRow, SessionRow, decode_rows
from agentops_server.storage.warehouse.sessions import find_session

_JOIN = """LEFT JOIN
(
    SELECT session_id, events, llms, tools, errors, prompt_tokens, completion_tokens, cost, last_ns
    FROM session_totals FINAL
    WHERE project_id = {project_id:UUID}
) AS totals USING (session_id)"""
# What a list can be sorted by, in SQL. Only these texts ever become part of a query.
_BY_FACTS = {"started": "init_ns", "ended": "end_ns"}
_BY_TOTALS = {
    "last_activity": "greatest(init_ns, totals.last_ns)",
    "duration": "greatest(0, if(end_ns = 0, greatest(init_ns, totals.last_ns), end_ns) - init_ns)",
    "cost": "totals.cost",
    "tokens": "totals.prompt_tokens + totals.completion_tokens",
    "events": "totals.events",
    "llms": "totals.llms",
    "tools": "totals.tools",
    "actions": "totals.events - totals.llms - totals.tools - totals.errors",
    "errors": "totals.errors",
}
# What the query's Decimal(38, 18) holds.
LARGEST_PLACE = 10**20
SORTS = (*_BY_FACTS, *_BY_TOTALS)


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """Which sessions are wanted, and in which order; what is left as it is does not filter."""

    tags: tuple[str, ...] = ()
    """All of these."""
    end_state: str = ""
    """Success, Failure, Indeterminate or Running."""
    since_ns: int = 0
    until_ns: int = LAST_NS
    sort: str = "started"
    """One of `SORTS`."""
    ascending: bool = False


@dataclass(frozen=True, slots=True)
class SessionPlace:
    """A place in the list of sessions: after the one with this value of what it is sorted by, and this id."""

    value: Decimal
    session_id: str

    def __post_init__(self) -> None:
        """Refuse what no list has given, with a ValueError."""
        if not self.value.is_finite() or abs(self.value) >= LARGEST_PLACE:
            raise ValueError("not a place in a list of sessions")


FIRST_PLACE = SessionPlace(Decimal(0), "")


class ListedRow(SessionRow):
    """A session in a list, and the value that it is sorted by."""

    place: str


def list_sessions(
    warehouse: Warehouse, project_id: ProjectId, wanted: SessionFilter, after: SessionPlace, limit: int
) -> list[ListedRow]:
    """Up to `limit` sessions. Their rows come without participants."""
    parameters: Parameters = {
        "project_id": project_id,
        "tags": wanted.tags,
        "end_state": wanted.end_state,
        "since_ns": wanted.since_ns,
        "until_ns": wanted.until_ns,
        "after": f"{after.value:f}",
        "after_id": after.session_id,
        "limit": limit,
    }
    return decode_rows(warehouse.query(_sql(wanted), parameters), ListedRow)


def _sql(wanted: SessionFilter) -> str:
    tokens = {
        "/*SORT*/": (_BY_FACTS | _BY_TOTALS)[wanted.sort],
        "/*JOIN*/": _JOIN if wanted.sort in _BY_TOTALS else "",
        "/*BEYOND*/": ">" if wanted.ascending else "<",
        "/*ORDER*/": "ASC" if wanted.ascending else "DESC",
    }
    text = read_sql("list_sessions")
    for token, replacement in tokens.items():
        text = text.replace(token, replacement)
    return text


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
