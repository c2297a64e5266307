"""The columns of events that hold payloads, which can go while the facts stay."""

from importlib.resources import files

import msgspec

from agentops_server.domain.ids import ProjectId
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.rows import decode_rows

PAYLOADS = (
    "params",
    "returns",
    "logs",
    "screenshot",
    "model_params",
    "tools",
    "prompt",
    "completion",
    "details",
)
_COLLECTIONS = ("attributes", "objects")
_AGED = files(__package__).joinpath("sql/aged_payloads.sql").read_text("utf-8")


class _Count(msgspec.Struct):
    events: int


def empty_payloads(warehouse: Warehouse, project_id: ProjectId, before_ns: int) -> int:
    """Begin to empty the payloads of a project's events that were received before a time; returns of how many."""
    lines = warehouse.query(_aged_sql(), {"project_id": project_id, "before_ns": before_ns})
    (found,) = decode_rows(lines, _Count)
    if found.events:
        emptied = [f"{name} = ''" for name in PAYLOADS] + ["attributes = map()", "objects = []"]
        warehouse.execute(
            f"ALTER TABLE events UPDATE {', '.join(emptied)} WHERE project_id = '{project_id}'"
            f" AND received_ns < {before_ns:d} AND ({_some()}) SETTINGS mutations_sync = 0"
        )
    return found.events


def _aged_sql() -> str:
    return _AGED.replace("/*SOME*/", _some())


def _some() -> str:
    """The condition that an event has any payload."""
    return " OR ".join(f"notEmpty({name})" for name in (*PAYLOADS, *_COLLECTIONS))
