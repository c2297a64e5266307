"""What is remembered of sessions and added up in memory is what the warehouse would answer."""

import random
import time
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agentops_server.domain.agent import Agent
from agentops_server.domain.clock import NS
from agentops_server.domain.event import Event, Usage
from agentops_server.domain.ids import AgentId, EventId, ParticipantId, ProjectId, SessionId
from agentops_server.domain.session import SessionUpdate
from agentops_server.http.listing import Listing
from agentops_server.ingest import deletion
from agentops_server.ingest.changes import Changes
from agentops_server.ingest.settled import SettledWarehouse
from agentops_server.ingest.work import Work
from agentops_server.ingest.writer import Writer
from agentops_server.jobs.summarise import Summaries
from agentops_server.queries.totals import get_totals
from agentops_server.storage.warehouse import growing
from agentops_server.storage.warehouse.erasing import erase_sessions
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.totals import Totals
from tests.server.jobs.keeping import House
from tests.server.making import ASKING

START = 1_700_000_000 * NS


class Watched:
    """A warehouse that knows how often it summed up events, and lets something happen meanwhile."""

    def __init__(self, inner: Warehouse) -> None:
        self._inner = inner
        self.questions = self.sums = 0
        self.meanwhile: dict[str, Callable[[], object]] = {}

    def query(self, sql: str, parameters: Parameters) -> bytes:
        self.questions += 1
        if "FROM events" not in sql:
            return self._inner.query(sql, parameters)
        self.sums += 1
        self.meanwhile.pop("before", int)()
        answer = self._inner.query(sql, parameters)
        self.meanwhile.pop("after", int)()
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class Room:
    """A writer, the job that sums up, and what readers ask."""

    def __init__(self, warehouse: Warehouse, folder: Path) -> None:
        self.warehouse = warehouse
        self.watched = Watched(warehouse)
        self.changes = Changes()
        self.writer = Writer(warehouse, folder, changes=self.changes)
        self.job = Summaries(warehouse, self.writer, self.changes)
        self.project = ProjectId(uuid.uuid4())
        self.listing = self.listing_of(self.watched, self.changes)

    def listing_of(self, warehouse: Any, changes: Changes) -> Listing:
        return Listing(SettledWarehouse(warehouse, self.writer.pending), changes, ASKING)

    def close(self) -> None:
        self.writer.close()

    def open(self, **facts: Any) -> SessionId:
        session_id = SessionId(uuid.uuid4())
        self.say(session_id, ParticipantId(uuid.uuid4()), init_ns=START, **facts)
        return session_id

    def say(self, session_id: SessionId, participant_id: ParticipantId, **facts: Any) -> None:
        update = SessionUpdate(self.project, session_id, participant_id, time.time_ns(), **facts)
        self.writer.submit(Work(updates=[update])).result()

    def event(self, session_id: SessionId, **facts: Any) -> Event:
        known: dict[str, Any] = {"kind": "llm", "event_type": "llms", "init_ns": START, "end_ns": START + NS}
        return Event(self.project, session_id, EventId(uuid.uuid4()), received_ns=time.time_ns(), **{**known, **facts})

    def write(self, *events: Event) -> None:
        self.writer.submit(Work(events=list(events))).result()

    def listed(self, session_id: SessionId) -> dict[str, object]:
        return facts(self.listing.sum_up(self.project, [session_id])[session_id])

    def exact(self, session_id: SessionId) -> dict[str, object]:
        return facts(get_totals(self.warehouse, self.project, session_id))


def facts(totals: Totals) -> dict[str, object]:
    """What a list tells of a session."""
    sums = {name: getattr(totals, name) for name in Totals.__struct_fields__ if not name.startswith("by_")}
    return {**sums, "agents": totals.agent_names}


@pytest.fixture
def room(warehouse: Warehouse, tmp_path: Path) -> Iterator[Room]:
    room = Room(warehouse, tmp_path / "journal")
    yield room
    room.close()


class Agents:
    """Programs that record into a few sessions, each process numbering its events; nearly always in order."""

    def __init__(self, room: Room, seed: int) -> None:
        self.room = room
        self.turns = random.Random(seed)
        self.ids = [room.open(tags=("first",)) for _ in range(3)]
        self.events: list[Event] = []
        self.processes = [(each, ParticipantId(uuid.uuid4())) for each in self.ids for _ in range(2)]
        self.numbers = dict.fromkeys(self.processes, 0)
        self.agents = {each: [AgentId(uuid.uuid4()) for _ in range(2)] for each in self.ids}

    def act(self) -> None:
        """Something that a program or a person does."""
        (choose,) = self.turns.choices(
            [self.record, self.deliver_again, self.correct, self.name_agent, self.tag, self.room.job.summarise],
            [10, 1, 1, 1, 1, 2],
        )
        choose()

    def record(self) -> None:
        new = [self.new_event() for _ in range(self.turns.randrange(1, 5))]
        if self.turns.random() < 0.1:
            self.turns.shuffle(new)
        self.events += new
        self.room.write(*new)

    def new_event(self) -> Event:
        turns = self.turns
        process = turns.choice(self.processes)
        self.numbers[process] += 1 if turns.random() < 0.95 else 3
        session_id, participant_id = process
        event = self.room.event(
            session_id,
            kind=turns.choice(["llm", "llm", "tool", "action", "error", "guardrail"]),
            participant_id=participant_id if turns.random() < 0.9 else None,
            sequence=self.numbers[process],
            init_ns=START + turns.randrange(10**12),
            end_ns=turns.choice([0, START + turns.randrange(10**12)]),
        )
        if event.participant_id is None:
            event.sequence = 0
        if turns.random() < 0.5:
            event.agent_id = turns.choice(self.agents[session_id])
        if turns.random() < 0.8:
            event.cost = Decimal(turns.randrange(10**18)).scaleb(-18)
        tokens = [turns.choice([None, 0, turns.randrange(10**6)]) for _ in range(2)]
        if turns.random() < 0.8:
            event.usage = Usage(*tokens, {"cache_read": turns.randrange(5)}, estimated=turns.random() < 0.2)
        return event

    def deliver_again(self) -> None:
        if self.events:
            self.room.write(self.turns.choice(self.events))

    def correct(self) -> None:
        if self.events:
            event = self.turns.choice(self.events)
            event.cost, event.replaces = Decimal(self.turns.randrange(5)), True
            event.received_ns = time.time_ns()
            self.room.write(event)

    def name_agent(self) -> None:
        session_id = self.turns.choice(self.ids)
        agent_id = self.turns.choice(self.agents[session_id])
        agent = Agent(self.room.project, session_id, agent_id, f"agent {self.turns.randrange(9)}", "", time.time_ns())
        self.room.writer.submit(Work(agents=[agent])).result()

    def tag(self) -> None:
        process = self.turns.choice(self.processes)
        self.room.say(*process, tags=(str(self.turns.randrange(3)),))


@pytest.mark.parametrize("seed", range(4))
def test_what_is_remembered_is_what_a_process_that_remembers_nothing_would_say(room: Room, seed: int) -> None:
    agents = Agents(room, seed)
    reads = 0
    for _ in range(60):
        agents.act()
        if agents.turns.random() < 0.3:
            continue
        reads += 1
        rows = [session for session, _ in room.listing.find(room.project, agents.ids)]
        assert rows == [room.listing.get(room.project, each)[0] for each in agents.ids]
        assert {each: room.listed(each) for each in agents.ids} == {each: room.exact(each) for each in agents.ids}
    assert room.watched.sums < reads * 2 / 3, "most changes were added"


def test_a_session_without_an_event_is_not_asked_for_again(room: Room) -> None:
    session_id = room.open()
    for count in range(3):
        asked = room.watched.questions
        assert room.listed(session_id) == room.exact(session_id)
        assert (room.listed(session_id)["events"], room.watched.questions - asked) == (count, int(not count))
        room.write(room.event(session_id))


def test_what_cannot_be_added_to_is_stored_all_the_same(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = room.open()
    assert room.listed(session_id)["events"] == 0
    monkeypatch.setattr(growing, "_decode", lambda _line: 1 / 0)
    for count in (1, 2):
        room.write(room.event(session_id))
        assert room.listed(session_id)["events"] == count


def test_a_session_that_nobody_asks_for_any_more_does_not_grow(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = room.open()
    room.write(room.event(session_id))
    assert room.listed(session_id)["events"] == 1
    monkeypatch.setattr(growing, "GROWS_FOR_S", 0.0)
    room.write(room.event(session_id))
    assert (room.listed(session_id)["events"], room.watched.sums) == (2, 2)


@pytest.mark.parametrize("bound", ["MOST_IDS", "MOST_IDS_OF_ALL"])
def test_ids_that_are_kept_are_bounded(room: Room, monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    monkeypatch.setattr(growing, bound, 3)
    session_id = room.open()
    for count in range(2, 12, 2):
        room.write(room.event(session_id), room.event(session_id))
        assert room.listed(session_id) == room.exact(session_id)
        assert room.listed(session_id)["events"] == count
    assert room.watched.sums >= 4


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_reader_that_was_overtaken_leaves_nothing_old_behind(room: Room, moment: str) -> None:
    session_id = room.open()
    room.write(room.event(session_id))
    room.watched.meanwhile[moment] = lambda: room.write(room.event(session_id))
    room.listed(session_id)
    assert room.listed(session_id)["events"] == 2
    room.write(room.event(session_id))
    assert room.listed(session_id)["events"] == 3


def test_a_session_that_begins_while_a_list_is_asked_for_is_in_it(room: Room) -> None:
    old, asked = room.open(), 0

    def ask(_warehouse: Warehouse) -> list[SessionId]:
        nonlocal asked
        asked += 1
        if asked == 1:
            new.append(room.open())
            return [old]
        return [*new, old]

    new: list[SessionId] = []
    assert room.listing.places(room.project, ask, depends_on_events=False) == [*new, old]
    assert asked == 2
    assert room.listing.places(room.project, ask, depends_on_events=False) == [*new, old]
    assert asked == 3


def test_what_is_erased_is_not_added_to(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = Listing(house.warehouse, house.changes, ASKING)
    project_id, session_id = house.project.id, house.open_session()

    def count() -> int:
        house.warehouse.settle(project_id, [session_id])
        return listing.sum_up(project_id, [session_id])[session_id].events

    def erase_before_a_reader(*place: Any) -> None:
        assert count() == 2
        erase_sessions(*place)

    for _ in range(2):
        house.record(session_id)
    assert count() == 2
    monkeypatch.setattr(deletion, "erase_sessions", erase_before_a_reader)
    house.deletion.erase(project_id, [session_id])
    house.record(session_id)
    assert count() == 1
