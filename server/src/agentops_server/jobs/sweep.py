"""The sweep: ends the part of processes that vanished without a word, by ``kill -9``, an OOM kill or a power cut."""

from dataclasses import dataclass

from agentops_server.domain.clock import NS, now_ns
from agentops_server.domain.duration import encode_duration
from agentops_server.domain.session import End, EndState, Participant, Session, SessionUpdate
from agentops_server.ingest.leases import Leases
from agentops_server.ingest.work import Work
from agentops_server.ingest.writer import Writer
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.sessions import list_last_activity, list_running


@dataclass(frozen=True, slots=True)
class LeaseTerms:
    """How long a participant may be silent, in nanoseconds: one that named itself sends a heartbeat, others cannot."""

    heartbeat_ns: int
    silent_ns: int

    def of(self, participant: Participant) -> int:
        """The lease of a participant."""
        return self.heartbeat_ns if participant.declared else self.silent_ns


class Sweep:
    """Looks at the running sessions."""

    def __init__(self, warehouse: Warehouse, writer: Writer, leases: Leases, terms: LeaseTerms) -> None:
        self._warehouse = warehouse
        self._writer = writer
        self._leases = leases
        self._terms = terms

    @property
    def pause_s(self) -> float:
        """How often to look: several times within the shorter lease."""
        return min(max(self._terms.heartbeat_ns / NS / 4, 0.5), 15.0)

    def run(self) -> None:
        """One turn, now."""
        self.sweep(now_ns())

    def sweep(self, at_ns: int) -> int:
        """End the participants whose lease had run out at this time; returns how many sessions that concerned."""
        updates = [update for session in list_running(self._warehouse) for update in self._ends(session, at_ns)]
        if updates:
            self._writer.submit(Work(updates=updates)).result()
        self._leases.forget_before(at_ns - 2 * max(self._terms.silent_ns, self._terms.heartbeat_ns))
        return len({(update.project_id, update.session_id) for update in updates})

    def _ends(self, session: Session, at_ns: int) -> list[SessionUpdate]:
        open_ones = [participant for participant in session.participants.values() if participant.end is None]
        waited_for = [participant for participant in open_ones if participant.declared] or open_ones
        silent = [participant for participant in waited_for if self._is_silent(session, participant, at_ns)]
        if not silent or (len(silent) < len(waited_for) and not silent[0].declared):
            return []
        last = list_last_activity(self._warehouse, session)
        return [
            SessionUpdate(
                session.project_id,
                session.id,
                participant.id,
                at_ns,
                declared=participant.declared,
                end=End(
                    max(last.get(participant.id, 0), session.init_ns),
                    EndState.INDETERMINATE,
                    _reason(self._terms.of(participant)),
                    implicit=True,
                ),
            )
            for participant in silent
        ]

    def _is_silent(self, session: Session, participant: Participant, at_ns: int) -> bool:
        heard_ns = self._leases.heard_ns(session.project_id, session.id, participant.id)
        return at_ns - heard_ns > self._terms.of(participant)


def _reason(lease_ns: int) -> str:
    return f"The process vanished: nothing was heard of it for {encode_duration(lease_ns)}, and it did not say an end"
