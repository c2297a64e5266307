"""Events as the JSON documents of an export. The engine writes them, so that no payload is taken apart on its way."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from agentops_server.domain.ids import EventId, ProjectId, SessionId
from agentops_server.errors import NotFound
from agentops_server.queries.windows import BY_LIST, Sessions, as_sql, iter_blocks
from agentops_server.storage.warehouse.binary import iter_texts
from agentops_server.storage.warehouse.port import Format, Parameters, Warehouse
from agentops_server.storage.warehouse.rows import decode_rows


class Document(NamedTuple):
    """An event: its list (one of `LISTS`), the objects that its row names, and its JSON text."""

    list_name: str
    objects: list[str]
    json: bytes


class _Line(msgspec.Struct):
    list_name: str
    objects_text: str
    json: str


def get_document(warehouse: Warehouse, project_id: ProjectId, session_id: SessionId, event_id: EventId) -> Document:
    """One event.

    Raises:
        NotFound: The session has no such event.
    """
    parameters: Parameters = {"project_id": project_id, "session_id": session_id, "event_id": event_id}
    sql = as_sql("document", "event_document").replace("/*PLACE*/", BY_LIST)
    if not (lines := decode_rows(warehouse.query(sql, parameters), _Line)):
        raise NotFound(f"no event {event_id} in this session")
    return Document(lines[0].list_name, lines[0].objects_text.split(), lines[0].json.encode())


def iter_documents(warehouse: Warehouse, project_id: ProjectId, session_id: SessionId) -> Iterator[Document]:
    """All events of a session, list by list (see `LISTS`), each in time order."""
    blocks = iter_blocks(warehouse, as_sql("document"), Sessions(project_id, [session_id]), BY_LIST, Format.TEXTS)
    for name, objects, json in iter_texts(blocks, columns=3):
        yield Document(name.decode(), objects.decode().split(), json)
