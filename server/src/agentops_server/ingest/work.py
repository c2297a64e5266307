"""Work for the writer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agentops_server.domain.agent import Agent
from agentops_server.domain.event import Event
from agentops_server.domain.ids import ParticipantId, ProjectId, SessionId
from agentops_server.domain.session import SessionUpdate
from agentops_server.storage.warehouse.rows import EventRow
from agentops_server.storage.warehouse.totals import TotalsRow


@dataclass(frozen=True, slots=True)
class Work:
    """What one request, or a job, wants stored."""

    events: Sequence[Event] = ()
    agents: Sequence[Agent] = ()
    updates: Sequence[SessionUpdate] = ()
    totals: Sequence[TotalsRow] = ()
    rows: Sequence[EventRow] = ()
    """Events as rows already: those that are stored, with something about them worked out anew."""

    @property
    def sessions_with_events(self) -> set[tuple[ProjectId, SessionId]]:
        """The sessions that get events, or names of the agents whose events they are."""
        events = {(event.project_id, event.session_id) for event in _first_of_runs(self.events)}
        events |= {(ProjectId(row.project_id), SessionId(row.session_id)) for row in self.rows}
        return events | {(agent.project_id, agent.session_id) for agent in self.agents}

    @property
    def is_derived(self) -> bool:
        """Whether it is nothing that could not be made again from what is stored."""
        return not (self.events or self.agents or self.updates or self.rows)

    @property
    def heard_of(self) -> dict[tuple[ProjectId, SessionId, ParticipantId], int]:
        """Who gave a sign of life, and when in nanoseconds since 1970."""
        heard = {(u.project_id, u.session_id, u.participant_id): u.received_ns for u in self.updates if u.end is None}
        for event in _first_of_runs(self.events):
            if event.participant_id is not None:
                heard[event.project_id, event.session_id, event.participant_id] = event.received_ns
        return heard


def _first_of_runs(events: Iterable[Event]) -> Iterator[Event]:
    """Of events that follow each other and are of one session, participant and time only the first.

    Those of a request have the same objects for ids, and to compare these is much cheaper than to hash ids by value.
    """
    last: Event | None = None
    for event in events:
        if (
            last is None
            or event.session_id is not last.session_id
            or event.participant_id is not last.participant_id
            or event.project_id is not last.project_id
            or event.received_ns != last.received_ns
        ):
            yield event
        last = event
