import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentops_server.domain.clock import NS
from agentops_server.domain.event import Event
from agentops_server.domain.ids import EventId, ParticipantId, ProjectId, SessionId
from agentops_server.domain.session import End, EndState, Session, SessionUpdate
from agentops_server.ingest.leases import Leases
from agentops_server.ingest.work import Work
from agentops_server.ingest.writer import Writer
from agentops_server.jobs.sweep import LeaseTerms, Sweep
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.sessions import find_session

START = 1_795_000_000 * NS
TERMS = LeaseTerms(heartbeat_ns=120 * NS, silent_ns=3600 * NS)


class Room:
    """A writer and a sweep at a clock of their own, and one session."""

    def __init__(self, warehouse: Warehouse, folder: Path) -> None:
        self.warehouse = warehouse
        self.leases = Leases(START)
        self.writer = Writer(warehouse, folder, self.leases)
        self.sweeper = Sweep(warehouse, self.writer, self.leases, TERMS)
        self.project, self.session_id = ProjectId(uuid.uuid4()), SessionId(uuid.uuid4())

    def say(
        self,
        participant: ParticipantId,
        after_s: int,
        *,
        declared: bool = True,
        end: End | None = None,
        alive: bool = False,
    ) -> None:
        update = SessionUpdate(
            self.project,
            self.session_id,
            participant,
            START + after_s * NS,
            declared=declared,
            init_ns=START,
            end=end,
            alive=alive,
        )
        self.writer.submit(Work(updates=[update])).result()

    def record(self, participant: ParticipantId, after_s: int) -> None:
        at_ns = START + after_s * NS
        event = Event(self.project, self.session_id, EventId(uuid.uuid4()), "tool", "tools", at_ns, at_ns + NS, at_ns)
        event.participant_id = participant
        self.writer.submit(Work(events=[event])).result()

    def sweep(self, after_s: int) -> int:
        return self.sweeper.sweep(START + after_s * NS)

    @property
    def session(self) -> Session:
        found = find_session(self.warehouse, self.project, self.session_id)
        assert found is not None
        return found


@pytest.fixture
def room(warehouse: Warehouse, tmp_path: Path) -> Iterator[Room]:
    room = Room(warehouse, tmp_path / "journal")
    yield room
    room.writer.close()


@pytest.fixture
def one() -> ParticipantId:
    return ParticipantId(uuid.uuid4())


@pytest.fixture
def other() -> ParticipantId:
    return ParticipantId(uuid.uuid4())


def test_a_silent_process_ends_its_session_at_its_last_activity(room: Room, one: ParticipantId) -> None:
    room.say(one, 0)
    room.record(one, 10)
    assert room.sweep(130) == 0
    assert room.sweep(131) == 1
    end = room.session.end
    assert end is not None
    assert (end.state, end.implicit) == (EndState.INDETERMINATE, True)
    assert end.at_ns == START + 11 * NS
    assert end.reason is not None
    assert "vanished" in end.reason
    assert "2m 0.0s" in end.reason


def test_an_ended_session_is_left_alone(room: Room, one: ParticipantId) -> None:
    room.say(one, 0, end=End(START + NS, EndState.SUCCESS, None, implicit=False))
    assert room.sweep(10_000) == 0
    assert room.session.end == End(START + NS, EndState.SUCCESS, None, implicit=False)


def test_a_heartbeat_renews_the_lease_without_a_new_row(room: Room, one: ParticipantId) -> None:
    room.say(one, 0)
    version = room.session.version
    room.say(one, 100, alive=True)
    assert room.sweep(200) == 0
    assert room.session.version == version
    assert room.sweep(221) == 1


def test_a_silent_process_ends_nothing_while_another_is_heard(
    room: Room, one: ParticipantId, other: ParticipantId
) -> None:
    room.say(one, 0)
    room.say(other, 0)
    room.record(other, 100)
    assert room.sweep(200) == 1
    assert room.session.end is None
    room.say(other, 210, end=End(START + 210 * NS, EndState.INDETERMINATE, "exit", implicit=True))
    assert room.session.end is not None
    assert room.session.end.reason == "exit"


def test_a_process_that_was_only_cut_off_runs_again_when_it_says_so(room: Room, one: ParticipantId) -> None:
    room.say(one, 0)
    room.sweep(200)
    assert room.session.end is not None
    room.record(one, 210)
    assert room.session.end is not None, "late events of a dead process are no sign of life"
    room.say(one, 220, alive=True)
    assert room.session.end is None


def test_an_explicit_end_that_comes_late_stands(room: Room, one: ParticipantId) -> None:
    room.say(one, 0)
    room.sweep(200)
    room.say(one, 300, end=End(START + 60 * NS, EndState.FAILURE, "boom", implicit=False))
    assert room.session.end == End(START + 60 * NS, EndState.FAILURE, "boom", implicit=False)


def test_an_old_client_has_the_long_lease(room: Room, one: ParticipantId, other: ParticipantId) -> None:
    room.say(one, 0, declared=False)
    room.say(other, 1000, declared=False)
    assert room.sweep(3700) == 0
    assert room.sweep(4601) == 1
    assert room.session.end is not None


def test_everybody_has_a_whole_lease_after_a_restart(room: Room, one: ParticipantId) -> None:
    room.say(one, -5000)
    fresh = Sweep(room.warehouse, room.writer, Leases(START), TERMS)
    assert fresh.sweep(START + 119 * NS) == 0
    assert fresh.sweep(START + 121 * NS) == 1
