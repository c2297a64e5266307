"""The export of a session as a stream of JSON, one block of events in memory at a time."""

from collections.abc import Iterable, Iterator

import msgspec

from agentops_server.domain.session import Session
from agentops_server.http.rendering import export_event, export_session, view_agent, view_stats
from agentops_server.queries.events import iter_events
from agentops_server.queries.sessions import list_agents
from agentops_server.queries.totals import get_totals
from agentops_server.storage.warehouse.port import Warehouse

BLOCK_BYTES = 256 << 10
LISTS = {"actions": "action", "llms": "llm", "tools": "tool", "errors": "error"}

_encode = msgspec.json.Encoder(decimal_format="string").encode


def iter_export(warehouse: Warehouse, session: Session) -> Iterator[bytes]:
    """The export's JSON text in blocks of about `BLOCK_BYTES`. What can fail before the events fails at the call."""
    totals = get_totals(warehouse, session.project_id, session.id)
    agents = [view_agent(row) for row in list_agents(warehouse, session.project_id, session.id)]
    head = {"session": export_session(session), "stats": view_stats(session, totals), "agents": agents}
    return _in_blocks(_iter_pieces(warehouse, session, _encode(head)))


def _iter_pieces(warehouse: Warehouse, session: Session, head: bytes) -> Iterator[bytes]:
    yield head[:-1]
    for key, name in LISTS.items():
        yield f',"{key}":['.encode()
        separator = b""
        for row in iter_events(warehouse, session.project_id, session.id, name):
            yield separator + _encode(export_event(row))
            separator = b","
        yield b"]"
    yield b"}"


def _in_blocks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    block = bytearray()
    for piece in pieces:
        block += piece
        if len(block) >= BLOCK_BYTES:
            yield bytes(block)
            block.clear()
    yield bytes(block)
