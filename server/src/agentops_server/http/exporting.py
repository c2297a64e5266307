"""Exports as streams, a block of events in memory: a session as JSON, or sessions as interchange lines."""

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

import msgspec

from agentops_server.domain.ids import ProjectId
from agentops_server.domain.session import Session
from agentops_server.http.cursors import encode_cursor
from agentops_server.http.rendering import export_session, view_agent, view_stats
from agentops_server.queries.documents import Document, iter_documents
from agentops_server.queries.export import ExportPlace, ExportRange, iter_events_of, iter_pages, list_agents_of
from agentops_server.queries.sessions import list_agents
from agentops_server.queries.totals import get_totals
from agentops_server.queries.windows import LISTS
from agentops_server.storage.objects.restoring import restore_json, restore_row
from agentops_server.storage.objects.store import ObjectStore
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.totals import sum_events
from agentops_server.wire.interchange.encoding import (
    encode_agent,
    encode_cursor_line,
    encode_event,
    encode_head,
    encode_session,
)

BLOCK_BYTES = 256 << 10
KEYS = ("actions", "llms", "tools", "errors")
"""Of the lists of a session's export, in the order of `LISTS`."""

_T = TypeVar("_T")

_encode = msgspec.json.Encoder(decimal_format="string").encode


def iter_export(warehouse: Warehouse, objects: ObjectStore, session: Session) -> Iterator[bytes]:
    """The export's JSON text in blocks of about `BLOCK_BYTES`. What fails up to the first event fails at the call."""
    totals = get_totals(warehouse, session.project_id, session.id)
    agents = [view_agent(row) for row in list_agents(warehouse, session.project_id, session.id)]
    head = {"session": export_session(session), "stats": view_stats(session, totals), "agents": agents}
    events = _Ahead(iter_documents(warehouse, session.project_id, session.id), lambda event: event.list_name)
    return _in_blocks(_iter_pieces(objects, session, _encode(head), events))


def _iter_pieces(objects: ObjectStore, session: Session, head: bytes, events: "_Ahead[Document]") -> Iterator[bytes]:
    yield head[:-1]
    for key, name in zip(KEYS, LISTS, strict=True):
        yield f',"{key}":['.encode()
        separator = b""
        for event in events.iter_of(name):
            yield separator + restore_json(objects, session.project_id, event.objects, event.json)
            separator = b","
        yield b"]"
    yield b"}"


def iter_lines(
    warehouse: Warehouse, objects: ObjectStore, project_id: ProjectId, wanted: ExportRange
) -> Iterator[bytes]:
    """Sessions with their agents and events as NDJSON, in blocks. After each session a line says how to go on."""
    head = encode_head({"project_id": str(project_id)})
    return _in_blocks(_iter_lines(warehouse, objects, project_id, wanted, head))


def _iter_lines(
    warehouse: Warehouse, objects: ObjectStore, project_id: ProjectId, wanted: ExportRange, head: bytes
) -> Iterator[bytes]:
    yield head
    for page in iter_pages(warehouse, project_id, wanted):
        ids = [session.id for session in page]
        totals, agents = sum_events(warehouse, project_id, ids), list_agents_of(warehouse, project_id, ids)
        events = _Ahead(iter_events_of(warehouse, project_id, ids), lambda row: row.session_id)
        for session in page:
            yield encode_session(session, view_stats(session, totals[session.id]))
            yield from map(encode_agent, agents[session.id])
            for row in events.iter_of(session.id):
                yield encode_event(restore_row(objects, row))
            yield encode_cursor_line(encode_cursor(ExportPlace(session.init_ns, str(session.id))))


class _Ahead(Generic[_T]):
    """Events in groups, one group after the other."""

    def __init__(self, events: Iterator[_T], group: Callable[[_T], object]) -> None:
        self._events = events
        self._group = group
        self._next = next(events, None)

    def iter_of(self, group: object) -> Iterator[_T]:
        """The events of the next group, which may have none."""
        while self._next is not None and self._group(self._next) == group:
            yield self._next
            self._next = next(self._events, None)


def _in_blocks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    block = bytearray()
    for piece in pieces:
        block += piece
        if len(block) >= BLOCK_BYTES:
            yield bytes(block)
            block.clear()
    yield bytes(block)
