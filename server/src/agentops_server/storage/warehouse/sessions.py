"""What the write path must know of sessions before it can fold an update into one, or end one that fell silent."""

from collections.abc import Sequence
from importlib.resources import files
from uuid import UUID

import msgspec

from agentops_server.domain.ids import ParticipantId, ProjectId, SessionId
from agentops_server.domain.session import Session
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.rows import SessionRow, decode_rows, session_from_row

_SQL = files(__package__).joinpath("sql")
_FIND_SESSION = _SQL.joinpath("find_session.sql").read_text("utf-8")
_FIND_SESSIONS = _SQL.joinpath("find_sessions.sql").read_text("utf-8")
_LIST_RUNNING = _SQL.joinpath("list_running.sql").read_text("utf-8")
_LAST_ACTIVITY = _SQL.joinpath("last_activity.sql").read_text("utf-8")


class _Activity(msgspec.Struct):
    participant_id: UUID
    last_ns: int


def find_session(warehouse: Warehouse, project_id: ProjectId, session_id: SessionId) -> Session | None:
    """The session as it is stored, or None."""
    lines = warehouse.query(_FIND_SESSION, {"project_id": project_id, "session_id": session_id})
    return next(map(session_from_row, decode_rows(lines, SessionRow)), None)


def find_sessions(warehouse: Warehouse, project_id: ProjectId, session_ids: Sequence[SessionId]) -> list[Session]:
    """Those of these sessions that are stored, as they are."""
    lines = warehouse.query(_FIND_SESSIONS, {"project_id": project_id, "session_ids": session_ids})
    return list(map(session_from_row, decode_rows(lines, SessionRow)))


def list_running(warehouse: Warehouse) -> list[Session]:
    """The sessions of all projects that have not ended."""
    return [session_from_row(row) for row in decode_rows(warehouse.query(_LIST_RUNNING, {}), SessionRow)]


def list_last_activity(warehouse: Warehouse, session: Session) -> dict[ParticipantId, int]:
    """When each participant of a session that recorded events recorded its last one, in nanoseconds since 1970."""
    lines = warehouse.query(_LAST_ACTIVITY, {"project_id": session.project_id, "session_id": session.id})
    return {ParticipantId(row.participant_id): row.last_ns for row in decode_rows(lines, _Activity)}
