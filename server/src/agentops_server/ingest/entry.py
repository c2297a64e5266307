"""Work as one record of the journal: rows that are ready for the warehouse, and updates that are folded there."""

from collections.abc import Sequence
from typing import TypeAlias
from uuid import UUID

import msgspec

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.domain.session import SessionUpdate
from agentops_server.ingest.work import Work
from agentops_server.storage.warehouse.rows import agent_row, encode_rows, event_row

SessionKey: TypeAlias = tuple[ProjectId, SessionId]


class Entry(msgspec.Struct, array_like=True):
    """What one request brought. Rows are JSONEachRow lines; updates a JSON array."""

    received_ns: int
    events: memoryview = memoryview(b"")
    agents: memoryview = memoryview(b"")
    updates: memoryview = memoryview(b"")
    changed: list[tuple[UUID, UUID]] = []
    """The sessions whose sums change."""
    spoken_of: list[tuple[UUID, UUID]] = []
    """The other sessions that it concerns."""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Entry)
_decode_updates = msgspec.json.Decoder(list[SessionUpdate]).decode


def make_entry(work: Work, received_ns: int) -> Entry:
    """The work with its rows encoded; to be called on the thread of the request that brings it."""
    changed = work.sessions_with_events
    spoken_of = {(update.project_id, update.session_id) for update in work.updates} - changed
    return Entry(
        received_ns,
        memoryview(encode_rows([*map(event_row, work.events), *work.rows])),
        memoryview(encode_rows(map(agent_row, work.agents))),
        memoryview(msgspec.json.encode(work.updates) if work.updates else b""),
        list(changed),
        list(spoken_of),
    )


def entry_keys(entry: Entry) -> Sequence[SessionKey]:
    """The sessions that it concerns."""
    return [
        (ProjectId(project_id), SessionId(session_id)) for project_id, session_id in entry.changed + entry.spoken_of
    ]


def encode_entry(entry: Entry) -> bytes:
    """The entry as a record."""
    return _encoder.encode(entry)


def decode_entry(record: bytes) -> Entry:
    """The entry of a record; its rows are views of it."""
    return _decoder.decode(record)


def entry_updates(entry: Entry) -> list[SessionUpdate]:
    """The session updates in the order in which they came."""
    return _decode_updates(entry.updates) if entry.updates else []
