"""From the journal into the warehouse: whatever happens to either, what was accepted is there in the end, once."""

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import pytest

from agentops_server.domain.clock import now_ns
from agentops_server.domain.ids import ProjectId
from agentops_server.errors import Unavailable
from agentops_server.ingest import loader, writer
from agentops_server.ingest.entry import encode_entry, make_entry
from agentops_server.ingest.settled import SettledWarehouse
from agentops_server.ingest.work import Work
from agentops_server.ingest.writer import Writer
from agentops_server.queries.totals import get_totals
from agentops_server.storage.journal.journal import Journal
from agentops_server.storage.warehouse.sessions import find_session
from tests.server.making import make_event, make_origin, make_update

from .wrapping import PATIENCE_S, WrappedWarehouse

ORIGIN = make_origin()
POISON = Decimal(10) ** 30
Opener: TypeAlias = Callable[[], Writer]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def open_writer(wrapped: WrappedWarehouse, folder: Path) -> Iterator[Opener]:
    opened: list[Writer] = []

    def open_one() -> Writer:
        opened.append(Writer(wrapped, folder))
        return opened[-1]

    yield open_one
    wrapped.gate.set()
    wrapped.is_away = False
    for each in opened:
        each.close()


def one_event(cost: Decimal | None = None) -> Work:
    return Work(events=[make_event(ORIGIN, cost=cost)])


def left_by_a_killed_process(folder: Path, *works: Work) -> None:
    journal = Journal(folder)
    journal.append([encode_entry(make_entry(work, 1)) for work in works])
    journal.close()


def count(wrapped: WrappedWarehouse, writer: Writer) -> int:
    return get_totals(SettledWarehouse(wrapped, writer.pending), ORIGIN.project_id, ORIGIN.session_id).events


def test_work_is_accepted_while_the_warehouse_is_away_and_is_there_when_it_comes_back(
    open_writer: Opener, wrapped: WrappedWarehouse
) -> None:
    writer = open_writer()
    wrapped.is_away = True
    accepted = [writer.accept(one_event()) for _ in range(20)]
    accepted.append(writer.accept(Work(updates=[make_update(ORIGIN, tags=("away",))])))
    for future in accepted:
        future.result(PATIENCE_S)
    assert wrapped.inserted == []

    wrapped.is_away = False
    assert count(wrapped, writer) == 20
    session = find_session(SettledWarehouse(wrapped, writer.pending), ORIGIN.project_id, ORIGIN.session_id)
    assert session is not None
    assert session.tags == ("away",)


def test_what_a_killed_process_accepted_is_loaded_by_the_next(
    open_writer: Opener, wrapped: WrappedWarehouse, folder: Path
) -> None:
    update = Work(updates=[make_update(ORIGIN, tags=("left",))])
    left_by_a_killed_process(folder, one_event(), update, one_event())
    writer = open_writer()
    assert count(wrapped, writer) == 2
    session = find_session(wrapped, ORIGIN.project_id, ORIGIN.session_id)
    assert session is not None
    assert session.tags == ("left",)


def test_loading_again_what_is_loaded_changes_nothing(
    open_writer: Opener, wrapped: WrappedWarehouse, folder: Path
) -> None:
    updates = [make_update(ORIGIN, tags=("first",)), make_update(ORIGIN, tags=("second",), name="named")]
    left_by_a_killed_process(folder, one_event(), Work(updates=updates), one_event())
    first = open_writer()
    assert count(wrapped, first) == 2
    session = find_session(wrapped, ORIGIN.project_id, ORIGIN.session_id)
    first.close()

    (folder / "released").unlink()  # as if the process had died between the insert and the note of it
    second = open_writer()
    assert count(wrapped, second) == 2
    again = find_session(wrapped, ORIGIN.project_id, ORIGIN.session_id)
    assert session is not None
    assert again is not None
    assert replace(again, version=session.version) == session


def test_a_read_waits_for_what_was_accepted_of_its_session_and_for_nothing_else(
    open_writer: Opener, wrapped: WrappedWarehouse
) -> None:
    writer = open_writer()
    settled = SettledWarehouse(wrapped, writer.pending)
    wrapped.gate.clear()
    writer.accept(one_event()).result(PATIENCE_S)
    stranger = make_origin(project_id=ProjectId(uuid.uuid4()))
    assert get_totals(settled, stranger.project_id, stranger.session_id).events == 0
    assert get_totals(settled, ORIGIN.project_id, stranger.session_id).events == 0

    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(count, wrapped, writer)
        assert wrapped.waiting.wait(PATIENCE_S)
        assert not read.done()
        wrapped.gate.set()
        assert read.result(PATIENCE_S) == 1


def test_a_request_waits_for_what_was_accepted_before_it_and_not_for_what_comes_meanwhile(
    open_writer: Opener, wrapped: WrappedWarehouse
) -> None:
    writer = open_writer()
    writer.accept(one_event()).result(PATIENCE_S)
    settled = SettledWarehouse(wrapped, writer.pending, patience_s=0.01)
    request = SettledWarehouse(wrapped, writer.pending, PATIENCE_S).as_of_now()
    assert get_totals(request, ORIGIN.project_id, ORIGIN.session_id).events == 1
    wrapped.gate.clear()
    writer.accept(one_event()).result(PATIENCE_S)
    assert get_totals(request, ORIGIN.project_id, ORIGIN.session_id).events == 1
    with pytest.raises(Unavailable, match="behind"):
        get_totals(settled.as_of_now(), ORIGIN.project_id, ORIGIN.session_id)
    wrapped.gate.set()


def test_a_read_of_the_whole_project_waits_too(open_writer: Opener, wrapped: WrappedWarehouse) -> None:
    writer = open_writer()
    writer.accept(Work(updates=[make_update(ORIGIN)])).result(PATIENCE_S)
    sql = "SELECT count() AS sessions FROM sessions FINAL WHERE project_id = {project_id:UUID}"
    found = SettledWarehouse(wrapped, writer.pending).query(sql, {"project_id": ORIGIN.project_id})
    assert found.strip() == b'{"sessions":1}'


def test_a_read_that_waits_too_long_says_that_the_warehouse_is_behind(
    open_writer: Opener, wrapped: WrappedWarehouse
) -> None:
    writer = open_writer()
    wrapped.gate.clear()
    writer.accept(one_event()).result(PATIENCE_S)
    impatient = SettledWarehouse(wrapped, writer.pending, patience_s=0.01)
    with pytest.raises(Unavailable, match="behind"):
        get_totals(impatient, ORIGIN.project_id, ORIGIN.session_id)


def test_a_record_that_cannot_be_stored_is_kept_and_its_neighbours_are_loaded(
    open_writer: Opener, wrapped: WrappedWarehouse, folder: Path
) -> None:
    left_by_a_killed_process(folder, one_event(), one_event(POISON), one_event())
    writer = open_writer()
    assert count(wrapped, writer) == 2
    (kept,) = (folder / "refused").iterdir()
    assert f"{POISON:f}".encode() in kept.read_bytes()
    writer.close()
    assert count(wrapped, open_writer()) == 2
    assert list((folder / "refused").iterdir()) == [kept]


def test_a_refused_record_is_stored_by_the_next_start_that_can(
    open_writer: Opener, wrapped: WrappedWarehouse, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "ATTEMPTS", 1)
    wrapped.refused = "events"
    first = open_writer()
    with pytest.raises(Unavailable):
        first.submit(one_event()).result(PATIENCE_S)
    first.close()
    wrapped.refused = ""

    second = open_writer()
    second.submit(one_event()).result(PATIENCE_S)
    assert count(wrapped, second) == 2
    assert list((folder / "refused").iterdir()) == []


def test_acknowledgements_go_no_faster_than_the_warehouse_loads(
    open_writer: Opener, wrapped: WrappedWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "LAG_BYTES", 10)
    monkeypatch.setattr(writer, "LONGEST_WAIT_S", PATIENCE_S)
    opened = open_writer()
    wrapped.gate.clear()
    first: Future[None] = opened.accept(one_event())
    first.result(PATIENCE_S)
    second = opened.accept(one_event())
    assert wrapped.waiting.wait(PATIENCE_S)
    assert not second.done()
    wrapped.gate.set()
    second.result(PATIENCE_S)


def test_acknowledgements_wait_for_a_slow_warehouse_only_so_long(
    open_writer: Opener, wrapped: WrappedWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "LAG_BYTES", 10)
    monkeypatch.setattr(writer, "LONGEST_WAIT_S", 0.01)
    opened = open_writer()
    wrapped.gate.clear()
    for _ in range(5):
        opened.accept(one_event()).result(PATIENCE_S)
    assert wrapped.inserted == []


def test_the_time_before_which_everything_is_loaded_is_never_too_late(
    open_writer: Opener, wrapped: WrappedWarehouse, folder: Path
) -> None:
    left_by_a_killed_process(folder, one_event())
    wrapped.gate.clear()
    opened = open_writer()
    assert opened.received_before_ns() == 0
    wrapped.gate.set()
    assert count(wrapped, opened) == 1
    wrapped.gate.clear()
    before_ns = now_ns()
    opened.accept(one_event()).result(PATIENCE_S)
    after_ns = now_ns()
    assert before_ns <= opened.received_before_ns() <= after_ns
    wrapped.gate.set()
    assert count(wrapped, opened) == 2
    assert opened.received_before_ns() > after_ns


def test_nothing_is_stored_while_the_writer_is_held(open_writer: Opener, wrapped: WrappedWarehouse) -> None:
    opened = open_writer()
    with opened.held():
        opened.accept(one_event()).result(PATIENCE_S)
        loaded = opened.submit(one_event())
        assert not loaded.done()
        assert wrapped.inserted == []
    loaded.result(PATIENCE_S)
    assert count(wrapped, opened) == 2
