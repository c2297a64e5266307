"""What comes for deleted sessions does not get in: it is refused at the door, and again at the warehouse.

The door tells the client, and counts. But work may have passed it just before the session was deleted, and lie in the
journal: so what is loaded is looked at once more, on the thread that loads.
"""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from agentops_server.domain.batch import Batch, DropReason
from agentops_server.domain.event import Event
from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.ingest.entry import Entry, entry_keys, entry_updates
from agentops_server.ingest.pipeline import Step
from agentops_server.storage.control.tombstones import MESSAGE, Tombstones


class _Key(msgspec.Struct):
    project_id: UUID
    session_id: UUID


_decode_key = msgspec.json.Decoder(_Key).decode


def refuse_deleted(tombstones: Tombstones) -> Step:
    """A step that drops the events of deleted sessions."""

    def is_deleted(event: Event) -> bool:
        return tombstones.has(event.project_id, event.session_id)

    def refuse(batch: Batch) -> None:
        if any(map(is_deleted, batch.events)):
            batch.drop(is_deleted, DropReason.SESSION_DELETED, MESSAGE)

    return refuse


def iter_living(entries: Iterable[Entry], tombstones: Tombstones) -> Iterable[Entry]:
    """The entries without what is of deleted sessions."""
    for entry in entries:
        if not any(tombstones.has(*key) for key in entry_keys(entry)):
            yield entry
        elif not all(tombstones.has(*key) for key in entry_keys(entry)):
            yield _strip(entry, tombstones)


def _strip(entry: Entry, tombstones: Tombstones) -> Entry:
    def lives(project_id: UUID, session_id: UUID) -> bool:
        return not tombstones.has(ProjectId(project_id), SessionId(session_id))

    def strip(lines: memoryview) -> memoryview:
        keys = ((line, _decode_key(line)) for line in bytes(lines).splitlines())
        return memoryview(b"\n".join(line for line, key in keys if lives(key.project_id, key.session_id)))

    updates = [update for update in entry_updates(entry) if lives(update.project_id, update.session_id)]
    return Entry(
        entry.received_ns,
        strip(entry.events),
        strip(entry.agents),
        memoryview(msgspec.json.encode(updates) if updates else b""),
        [key for key in entry.changed if lives(*key)],
        [key for key in entry.spoken_of if lives(*key)],
    )
