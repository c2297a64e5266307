"""The kept totals of sessions, which lists are made of, agree with the events whatever happened to them."""

import time
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from agentops_server.domain.agent import Agent
from agentops_server.domain.clock import NS
from agentops_server.domain.event import Event, Usage
from agentops_server.domain.ids import AgentId, EventId, ParticipantId, ProjectId, SessionId
from agentops_server.domain.session import SessionUpdate
from agentops_server.errors import Unavailable
from agentops_server.http import listing
from agentops_server.http.listing import Listing
from agentops_server.ingest.changes import Changes
from agentops_server.ingest.settled import SettledWarehouse
from agentops_server.ingest.work import Work
from agentops_server.ingest.writer import Writer
from agentops_server.jobs import summarise
from agentops_server.jobs.summarise import NOTE_EVERY_NS, RECEIPT_MARGIN_NS, Summaries
from agentops_server.queries.filters import SessionFilter
from agentops_server.queries.sessions import FIRST_PLACE, list_places
from agentops_server.queries.sorts import SORTS
from agentops_server.queries.totals import get_totals
from agentops_server.storage.warehouse.port import Parameters, Warehouse
from agentops_server.storage.warehouse.rows import decode_rows, encode_rows
from agentops_server.storage.warehouse.totals import (
    DERIVATION,
    Totals,
    list_outdated,
    list_stale,
    sum_events,
    summed_until_ns,
    totals_row,
)
from tests.server.making import ASKING

START = 1_700_000_000 * NS  # long before any commit margin


class Room:
    """A writer and the job, without its thread."""

    def __init__(self, warehouse: Warehouse, folder: Path) -> None:
        self.warehouse = warehouse
        self.changes = Changes()
        self.writer = Writer(warehouse, folder, changes=self.changes)
        self.job = Summaries(warehouse, self.writer, self.changes)
        self.project = ProjectId(uuid.uuid4())
        self.listing = self.list_from(warehouse)

    def list_from(self, warehouse: Warehouse) -> Listing:
        return Listing(SettledWarehouse(warehouse, self.writer.pending), self.changes, ASKING)

    def open(self, at_s: int) -> SessionId:
        session_id = SessionId(uuid.uuid4())
        at_ns = START + at_s * NS
        update = SessionUpdate(self.project, session_id, ParticipantId(uuid.uuid4()), at_ns, init_ns=at_ns)
        self.writer.submit(Work(updates=[update])).result()
        return session_id

    def record(self, session_id: SessionId, cost: str, count: int = 1, **changes: object) -> list[Event]:
        events = [
            Event(self.project, session_id, EventId(uuid.uuid4()), "llm", "llms", START, START + 2 * NS, START)
            for _ in range(count)
        ]
        for event in events:
            event.cost, event.usage = Decimal(cost), Usage(10, 5)
            for name, value in changes.items():
                setattr(event, name, value)
        self.write(events)
        return events

    def write(self, events: list[Event]) -> None:
        self.writer.submit(Work(events=events)).result()

    def kept(self, session_id: SessionId) -> dict[str, object]:
        """What a list shows in a process that just started and knows of no change."""
        listing = Listing(SettledWarehouse(self.warehouse, self.writer.pending), Changes(), ASKING)
        return facts(listing.sum_up(self.project, [session_id])[session_id])

    def listed(self, session_id: SessionId) -> dict[str, object]:
        return facts(self.listing.sum_up(self.project, [session_id])[session_id])

    def exact(self, session_id: SessionId) -> dict[str, object]:
        return facts(get_totals(self.warehouse, self.project, session_id))


def facts(totals: Totals) -> dict[str, object]:
    """All that a list tells of a session; lists are without the parts by model, agent, tool and error."""
    return {name: getattr(totals, name) for name in Totals.__struct_fields__ if not name.startswith("by_")}


class CountedWarehouse:
    """A warehouse that knows how often events were summed up, and with which bound on threads."""

    def __init__(self, inner: Warehouse) -> None:
        self._inner = inner
        self.threads: list[str] = []

    @property
    def sums(self) -> int:
        return len(self.threads)

    def query(self, sql: str, parameters: Parameters) -> bytes:
        if "FROM events" in sql:
            self.threads.append(sql.split("max_threads =")[1].strip())
        return self._inner.query(sql, parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


@pytest.fixture
def room(warehouse: Warehouse, tmp_path: Path) -> Iterator[Room]:
    room = Room(warehouse, tmp_path / "journal")
    yield room
    room.writer.close()


def test_the_kept_totals_are_those_of_the_events_after_duplicates_and_corrections(room: Room) -> None:
    session_id = room.open(0)
    events = room.record(session_id, "0.0075", count=3)
    assert room.job.summarise() == 1
    assert room.kept(session_id) == room.exact(session_id)
    assert room.kept(session_id)["cost"] == "0.0225"
    room.write(events)
    events[0].cost, events[0].replaces = Decimal(1), True
    room.write(events[:1])
    assert room.job.summarise() == 1
    assert room.kept(session_id) == room.exact(session_id)
    assert room.kept(session_id)["events"] == 3
    assert room.kept(session_id)["cost"] == "1.015"


def test_a_session_that_changed_is_summed_for_a_list_at_once(room: Room) -> None:
    session_id = room.open(0)
    room.record(session_id, "1")
    room.job.summarise()
    room.record(session_id, "1")
    assert room.kept(session_id)["events"] == 1
    assert room.changes.among(room.project, [session_id]) == {session_id}
    assert room.listed(session_id) == room.exact(session_id)
    assert room.listed(session_id)["events"] == 2


def test_many_readers_have_a_session_summed_once_until_it_changes_again(room: Room) -> None:
    session_id, other = room.open(0), room.open(1)
    counted = CountedWarehouse(room.warehouse)
    listing = room.list_from(counted)

    def read(*session_ids: SessionId) -> dict[SessionId, int]:
        return {each: sums.events for each, sums in listing.sum_up(room.project, session_ids).items()}

    room.record(session_id, "1")
    assert (read(session_id), read(session_id), counted.sums) == ({session_id: 1}, {session_id: 1}, 1)
    room.record(other, "1", count=2)
    assert (read(session_id, other), counted.sums) == ({session_id: 1, other: 2}, 2)
    (event,) = room.record(session_id, "1")
    assert (read(session_id, other), counted.sums) == ({session_id: 2, other: 2}, 2), "a new event is added"
    event.cost, event.replaces = Decimal(3), True
    room.write([event])
    assert (read(session_id, other), counted.sums) == ({session_id: 2, other: 2}, 3), "a correction is asked for"
    room.changes.forget()
    assert (read(session_id, other), counted.sums) == ({session_id: 2, other: 2}, 4)
    room.job.summarise()
    assert (read(session_id, other), counted.sums) == ({session_id: 2, other: 2}, 4)


def test_a_session_that_was_large_is_shared_out_among_threads(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "LARGE_EVENTS", 2)
    session_id, counted = room.open(0), CountedWarehouse(room.warehouse)
    listed = room.list_from(counted)
    for count in (3, 6):
        room.record(session_id, "1", count=3)
        found = listed.sum_up(room.project, [session_id])[session_id]
        assert facts(found) == room.exact(session_id)
        assert found.events == count
        room.changes.forget()
    assert counted.threads == ["1", "0"]


def test_nothing_is_summed_twice_without_a_change(room: Room) -> None:
    room.record(room.open(0), "1")
    assert room.job.summarise() == 1
    assert room.job.summarise() == 0


def test_a_restart_finds_what_was_not_summed_before_a_kill(room: Room, tmp_path: Path) -> None:
    summed, not_summed = room.open(0), room.open(1)
    room.record(summed, "1")
    room.job.summarise()
    room.record(not_summed, "2")
    late = room.record(summed, "3", received_ns=START + 10 * RECEIPT_MARGIN_NS)
    reborn = Room(room.warehouse, tmp_path / "reborn")
    reborn.project = room.project
    reborn.job.find_stale()
    assert reborn.job.summarise() >= 1
    assert reborn.kept(not_summed)["cost"] == "2"
    assert late
    reborn.writer.close()


def test_an_event_within_the_commit_margin_makes_its_session_stale(room: Room) -> None:
    session_id = room.open(0)
    room.record(session_id, "1", received_ns=time.time_ns())
    room.job.summarise()
    reborn = Summaries(room.warehouse, room.writer, Changes())
    reborn.find_stale()
    assert reborn.summarise() == 1


def test_a_failed_sum_is_made_again(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = room.open(0)
    room.record(session_id, "1")

    def fail(_work: Work) -> None:
        raise Unavailable("no")

    with monkeypatch.context() as patch:
        patch.setattr(room.writer, "submit", fail)
        with pytest.raises(Unavailable):
            room.job.summarise()
    assert room.job.summarise() == 1
    assert room.kept(session_id)["events"] == 1


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("ascending", [True, False])
def test_a_list_in_any_order_has_every_session_once(room: Room, sort: str, ascending: bool) -> None:
    ids = [room.open(at_s) for at_s in range(5)]
    for number, session_id in enumerate(ids[1:]):
        room.record(session_id, str(number % 3), count=number + 1)
    room.job.summarise()
    wanted = SessionFilter(sort=sort, ascending=ascending)
    seen, place = [], FIRST_PLACE
    while place is not None:
        page, place = list_places(room.warehouse, room.project, wanted, place, 2)
        seen += page
    assert sorted(seen) == sorted(ids)
    if sort == "started":
        assert seen == (ids if ascending else ids[::-1])
    if sort == "cost":
        # A session without events, one event at $0, two at $1, three at $2, four at $0.
        assert set(seen[:3] if ascending else seen[2:]) == {ids[0], ids[1], ids[4]}
        assert (seen[3:] if ascending else seen[:2]) == ([ids[2], ids[3]] if ascending else [ids[3], ids[2]])


def test_a_session_counts_as_changed_until_its_row_is_stored(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = room.open(0)
    room.record(session_id, "1")
    seen: list[set[SessionId]] = []
    submit = room.writer.submit

    def look(work: Work) -> object:
        seen.append(room.changes.among(room.project, [session_id]))
        return submit(work)

    monkeypatch.setattr(room.writer, "submit", look)
    room.job.summarise()
    assert seen == [{session_id}]
    assert not room.changes.among(room.project, [session_id])


def test_a_name_of_an_agent_that_comes_later_is_in_the_row(room: Room) -> None:
    session_id, agent_id = room.open(0), AgentId(uuid.uuid4())
    room.record(session_id, "1", agent_id=agent_id)
    room.job.summarise()
    assert [each.agent for each in parts(room, session_id).by_agent] == [str(agent_id)]
    agent = Agent(room.project, session_id, agent_id, "Researcher", "", START)
    room.writer.submit(Work(agents=[agent])).result()
    assert room.job.summarise() == 1
    assert [each.agent for each in parts(room, session_id).by_agent] == ["Researcher"]


def parts(room: Room, session_id: SessionId) -> Totals:
    """The row as it is kept, with all its parts."""
    sql = "SELECT * FROM session_totals FINAL WHERE session_id = {id:UUID}"
    (row,) = decode_rows(room.warehouse.query(sql, {"id": session_id}), Totals)
    return row


def test_a_turn_notes_up_to_when_all_is_summed_and_the_next_start_looks_no_further_back(room: Room) -> None:
    old = room.open(0)
    room.record(old, "1")
    room.job.run()
    noted_ns = summed_until_ns(room.warehouse)
    assert 0 < time.time_ns() - noted_ns < RECEIPT_MARGIN_NS + NOTE_EVERY_NS
    assert list_stale(room.warehouse, noted_ns) == []

    killed = room.open(1)
    room.record(killed, "2", received_ns=time.time_ns())
    reborn = Summaries(room.warehouse, room.writer, changes := Changes())
    assert reborn.find_stale() == noted_ns
    assert changes.among(room.project, [old, killed]) == {killed}


def test_nothing_is_noted_while_more_waits_than_a_turn_takes(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summarise, "SESSIONS_AT_ONCE", 1)
    for at_s in range(2):
        room.record(room.open(at_s), "1")
    room.job.run()
    assert summed_until_ns(room.warehouse) == 0
    room.job.run()
    room.job.run()
    assert summed_until_ns(room.warehouse) > 0


def test_rows_of_other_rules_are_made_anew_and_told_right_until_then(room: Room) -> None:
    session_id = room.open(0)
    room.record(session_id, "1")
    room.job.run()
    wrong = structs.replace(sum_events(room.warehouse, room.project, [session_id])[session_id], events=99)
    row = totals_row(room.project, wrong, version=time.time_ns(), as_of_ns=time.time_ns())
    room.warehouse.insert("session_totals", encode_rows([structs.replace(row, derivation=DERIVATION - 1)]))
    assert list_outdated(room.warehouse, 10) == [(room.project, session_id)]
    assert room.kept(session_id)["events"] == 1

    reborn = Summaries(room.warehouse, room.writer, room.changes)
    reborn.run()
    reborn.run()
    assert list_outdated(room.warehouse, 10) == []
    assert parts(room, session_id).events == 1
