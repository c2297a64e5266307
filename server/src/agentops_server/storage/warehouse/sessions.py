"""What the write path must know of a session before it can fold an update into it."""

from importlib.resources import files

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.domain.session import Session
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.rows import SessionRow, decode_rows, session_from_row

_SQL = files(__package__).joinpath("sql/find_session.sql").read_text("utf-8")


def find_session(warehouse: Warehouse, project_id: ProjectId, session_id: SessionId) -> Session | None:
    """The session as it is stored, or None."""
    lines = warehouse.query(_SQL, {"project_id": project_id, "session_id": session_id})
    return next(map(session_from_row, decode_rows(lines, SessionRow)), None)
