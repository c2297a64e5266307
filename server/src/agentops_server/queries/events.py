"""The events of a session: a page without payloads, one whole."""

from dataclasses import dataclass
from typing import Annotated

import msgspec

from agentops_server.domain.ids import EventId, ProjectId, SessionId
from agentops_server.errors import NotFound
from agentops_server.queries.sql_files import read_sql
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import EventRow, decode_rows


class EventSummary(msgspec.Struct):
    """An event as a waterfall needs it. Ids are text, as it shows them: a session has tens of thousands."""

    event_id: str
    kind: str
    event_type: str
    name: str
    init_ns: int
    end_ns: int
    agent_id: str | None
    parent_id: str | None
    participant_id: str | None
    sequence: int
    model: str
    first_token_ns: int
    input_tokens: int | None
    output_tokens: int | None
    cached_tokens: int
    cost: str | None
    error_type: str
    details: str
    trigger_event_id: str | None
    has_screenshot: int


@dataclass(frozen=True, slots=True)
class EventPlace:
    """A place in a session's time order: after this event."""

    init_ns: Annotated[int, msgspec.Meta(ge=-1, le=(1 << 63) - 1)]
    sequence: Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]
    event_id: str


FIRST_PLACE = EventPlace(-1, 0, "")


def list_events(
    warehouse: Warehouse, project_id: ProjectId, session_id: SessionId, after: EventPlace, limit: int
) -> list[EventSummary]:
    """Up to `limit` events in time order."""
    parameters: Parameters = {
        "project_id": project_id,
        "session_id": session_id,
        "after_ns": after.init_ns,
        "after_sequence": after.sequence,
        "after_id": after.event_id,
        "limit": limit,
    }
    return decode_rows(warehouse.query(read_sql("list_events"), parameters), EventSummary)


def get_event(warehouse: Warehouse, project_id: ProjectId, session_id: SessionId, event_id: EventId) -> EventRow:
    """One event whole.

    Raises:
        NotFound: The session has no such event.
    """
    parameters = {"project_id": project_id, "session_id": session_id, "event_id": event_id}
    if not (rows := decode_rows(warehouse.query(read_sql("event"), parameters), EventRow)):
        raise NotFound(f"no event {event_id} in this session")
    return rows[0]
