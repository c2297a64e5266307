"""Work for the writer, and its rows, which are encoded on the thread of the request that brings it."""

from collections.abc import Sequence
from dataclasses import dataclass

from agentops_server.domain.agent import Agent
from agentops_server.domain.event import Event
from agentops_server.domain.ids import ParticipantId, ProjectId, SessionId
from agentops_server.domain.session import SessionUpdate
from agentops_server.storage.warehouse.rows import agent_row, encode_rows, event_row
from agentops_server.storage.warehouse.totals import TotalsRow

# A session update is small, but holds a host environment in memory.
UPDATE_BYTES = 1000


@dataclass(frozen=True, slots=True)
class Work:
    """What one request, or a job, wants stored."""

    events: Sequence[Event] = ()
    agents: Sequence[Agent] = ()
    updates: Sequence[SessionUpdate] = ()
    totals: Sequence[TotalsRow] = ()

    @property
    def sessions_with_events(self) -> set[tuple[ProjectId, SessionId]]:
        """The sessions that get events."""
        return {(event.project_id, event.session_id) for event in self.events}

    @property
    def heard_of(self) -> dict[tuple[ProjectId, SessionId, ParticipantId], int]:
        """Who gave a sign of life, and when in nanoseconds since 1970."""
        heard = {(u.project_id, u.session_id, u.participant_id): u.received_ns for u in self.updates if u.end is None}
        for event in self.events:
            if event.participant_id is not None:
                heard[event.project_id, event.session_id, event.participant_id] = event.received_ns
        return heard


@dataclass(frozen=True, slots=True)
class Encoded:
    """Work as rows; updates are folded, and encoded, by the writer."""

    tables: dict[str, bytes]
    updates: Sequence[SessionUpdate]
    changed: set[tuple[ProjectId, SessionId]]

    @property
    def size_bytes(self) -> int:
        """What it takes in memory, about."""
        return sum(map(len, self.tables.values())) + UPDATE_BYTES * len(self.updates)


def encode_work(work: Work) -> Encoded:
    """The rows of the work."""
    tables = {
        "events": encode_rows(map(event_row, work.events)),
        "agents": encode_rows(map(agent_row, work.agents)),
        "session_totals": encode_rows(work.totals),
    }
    return Encoded(tables, work.updates, work.sessions_with_events)
