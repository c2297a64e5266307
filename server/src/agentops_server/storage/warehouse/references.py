"""Which objects the rows of a project refer to, and which sessions have any row."""

from collections.abc import Sequence
from importlib.resources import files
from uuid import UUID

import msgspec

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.domain.media import MediaName, find_media_name
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import decode_rows

_SQL = files(__package__).joinpath("sql")
_OBJECTS_OF_SESSIONS = _SQL.joinpath("objects_of_sessions.sql").read_text("utf-8")
_REFERENCED_OBJECTS = _SQL.joinpath("referenced_objects.sql").read_text("utf-8")
_AGED_SESSIONS = _SQL.joinpath("aged_sessions.sql").read_text("utf-8")
_KNOWN_SESSIONS = _SQL.joinpath("known_sessions.sql").read_text("utf-8")


class _Name(msgspec.Struct):
    name: str


class _Session(msgspec.Struct):
    session_id: UUID


def list_objects(warehouse: Warehouse, project_id: ProjectId, session_ids: Sequence[SessionId]) -> list[MediaName]:
    """The objects that these sessions refer to."""
    parameters: Parameters = {"project_id": project_id, "session_ids": session_ids}
    rows = decode_rows(warehouse.query(_OBJECTS_OF_SESSIONS, parameters), _Name)
    return [name for row in rows if (name := find_media_name(row.name))]


def find_referenced(warehouse: Warehouse, project_id: ProjectId, names: Sequence[MediaName]) -> set[MediaName]:
    """Those of these objects that any row of the project refers to."""
    parameters: Parameters = {"project_id": project_id, "names": [str(name) for name in names]}
    rows = decode_rows(warehouse.query(_REFERENCED_OBJECTS, parameters), _Name)
    return {name for row in rows if (name := find_media_name(row.name))}


def find_known(warehouse: Warehouse, project_id: ProjectId, session_ids: Sequence[SessionId]) -> list[SessionId]:
    """Those of these sessions of which the project has a row in any table that clients fill."""
    parameters: Parameters = {"project_id": project_id, "session_ids": session_ids}
    rows = decode_rows(warehouse.query(_KNOWN_SESSIONS, parameters), _Session)
    known = {row.session_id for row in rows}
    return [session_id for session_id in session_ids if session_id in known]


def list_aged(
    warehouse: Warehouse, project_id: ProjectId, before_ns: int, heard_ns: int, limit: int
) -> list[SessionId]:
    """Up to `limit` sessions whose last activity is before a time, and that were not heard of since another."""
    parameters: Parameters = {
        "project_id": project_id,
        "before_ns": before_ns,
        "heard_ns": heard_ns,
        "limit": limit,
    }
    return [SessionId(row.session_id) for row in decode_rows(warehouse.query(_AGED_SESSIONS, parameters), _Session)]
