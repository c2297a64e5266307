"""What waits is loaded together, what cannot be stored fails alone, and nothing is done before it is."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from agentops_server.domain.session import EndState
from agentops_server.errors import Busy, Unavailable
from agentops_server.ingest.work import Work
from agentops_server.ingest.writer import Writer
from agentops_server.queries.totals import get_totals
from agentops_server.storage.warehouse.sessions import find_session
from tests.server.making import make_end, make_event, make_origin, make_update

from .wrapping import PATIENCE_S, WrappedWarehouse

ORIGIN = make_origin()
POISON = Decimal(10) ** 30
"""More than the column of costs holds: the engine refuses a row with it."""


def submit_event(writer: Writer, cost: Decimal | None = None) -> "Future[None]":
    return writer.submit(Work(events=[make_event(ORIGIN, cost=cost)]))


def count_events(wrapped: WrappedWarehouse) -> int:
    return get_totals(wrapped, ORIGIN.project_id, ORIGIN.session_id).events


@pytest.fixture
def held(writer: Writer, wrapped: WrappedWarehouse) -> "Iterator[Future[None]]":
    """The first event, held in its insert until the test sets the gate: what comes meanwhile has to wait."""
    wrapped.gate.clear()
    first = submit_event(writer)
    assert wrapped.waiting.wait(PATIENCE_S)
    yield first
    wrapped.gate.set()


def test_what_came_during_one_commit_is_one_insert(
    writer: Writer, wrapped: WrappedWarehouse, held: "Future[None]"
) -> None:
    with ThreadPoolExecutor(16) as pool:
        futures = list(pool.map(lambda _: submit_event(writer), range(300)))
    wrapped.gate.set()
    for future in [held, *futures]:
        future.result(PATIENCE_S)

    assert wrapped.inserted == [("events", 1), ("events", 300)]
    assert count_events(wrapped) == 301


def test_a_future_is_not_done_before_its_insert_returned(
    writer: Writer, wrapped: WrappedWarehouse, held: "Future[None]"
) -> None:
    late = submit_event(writer)
    assert not held.done()
    assert not late.done()
    assert count_events(wrapped) == 0

    wrapped.gate.set()
    late.result(PATIENCE_S)
    assert held.done()
    assert count_events(wrapped) == 2


def test_an_event_is_readable_once_its_future_is_done(writer: Writer, wrapped: WrappedWarehouse) -> None:
    for expected in range(1, 6):
        submit_event(writer).result(PATIENCE_S)
        assert count_events(wrapped) == expected


def test_a_row_that_cannot_be_stored_fails_its_own_sender_only(
    writer: Writer, wrapped: WrappedWarehouse, held: "Future[None]"
) -> None:
    good = [submit_event(writer) for _ in range(3)]
    bad = submit_event(writer, POISON)
    after = [submit_event(writer) for _ in range(2)]
    wrapped.gate.set()

    with pytest.raises(Unavailable):
        bad.result(PATIENCE_S)
    for future in [held, *good, *after]:
        future.result(PATIENCE_S)
    assert count_events(wrapped) == 6


def test_the_writer_goes_on_after_a_failure(writer: Writer, wrapped: WrappedWarehouse) -> None:
    with pytest.raises(Unavailable):
        submit_event(writer, POISON).result(PATIENCE_S)

    submit_event(writer).result(PATIENCE_S)
    assert count_events(wrapped) == 1


def test_an_update_that_was_not_stored_is_not_remembered(writer: Writer, wrapped: WrappedWarehouse) -> None:
    wrapped.refused = "sessions"
    with pytest.raises(Unavailable):
        writer.submit(Work(updates=[make_update(ORIGIN, tags=("lost",))])).result(PATIENCE_S)
    wrapped.refused = ""

    writer.submit(Work(updates=[make_update(ORIGIN, name="kept")])).result(PATIENCE_S)
    session = find_session(wrapped, ORIGIN.project_id, ORIGIN.session_id)
    assert session is not None
    assert (session.name, session.tags, session.version) == ("kept", (), 1)


def test_updates_of_one_session_in_one_commit_are_folded_in_order(
    writer: Writer, wrapped: WrappedWarehouse, held: "Future[None]"
) -> None:
    updates = [make_update(ORIGIN, tags=(f"tag-{n}",)) for n in range(20)]
    futures = [writer.submit(Work(updates=[update])) for update in updates]
    wrapped.gate.set()
    for future in futures:
        future.result(PATIENCE_S)

    session = find_session(wrapped, ORIGIN.project_id, ORIGIN.session_id)
    assert session is not None
    assert (session.tags, session.version) == (("tag-19",), 20)
    assert Counter(table for table, _ in wrapped.inserted)["sessions"] == 1


def test_a_session_is_asked_for_once_and_then_known(writer: Writer, wrapped: WrappedWarehouse) -> None:
    for _ in range(5):
        writer.submit(Work(updates=[make_update(ORIGIN)])).result(PATIENCE_S)
    assert wrapped.queries == 1


def test_a_new_writer_goes_on_where_the_last_one_ended(
    writer: Writer, wrapped: WrappedWarehouse, tmp_path: Path
) -> None:
    end = make_end(EndState.FAILURE, 5, "said so")
    host_env = {"OS": {"OS": "Linux"}}
    update = make_update(ORIGIN, end=end, tags=("a",), host_env=host_env)
    writer.submit(Work(updates=[update])).result(PATIENCE_S)
    writer.close()

    heir = Writer(wrapped, tmp_path / "journal")
    heir.submit(Work(updates=[make_update(make_origin(session_id=ORIGIN.session_id))])).result(PATIENCE_S)
    late = make_update(ORIGIN, end=make_end(EndState.INDETERMINATE, 9), name="late")
    heir.submit(Work(updates=[late])).result(PATIENCE_S)
    heir.close()

    session = find_session(wrapped, ORIGIN.project_id, ORIGIN.session_id)
    assert session is not None
    assert (session.end, session.tags, session.host_env, session.name) == (end, ("a",), host_env, "late")
    assert session.version == 2


def test_work_over_the_limit_of_the_journal_is_refused(wrapped: WrappedWarehouse, tmp_path: Path) -> None:
    writer = Writer(wrapped, tmp_path / "small", journal_limit_bytes=512)
    wrapped.gate.clear()
    first = submit_event(writer)
    assert wrapped.waiting.wait(PATIENCE_S)
    with pytest.raises(Busy) as refused:
        submit_event(writer)
    assert int(refused.value.headers["Retry-After"]) >= 1
    wrapped.gate.set()
    first.result(PATIENCE_S)

    submit_event(writer).result(PATIENCE_S)
    writer.close()
    assert count_events(wrapped) == 2


def test_work_larger_than_the_limit_is_taken_when_nothing_waits(wrapped: WrappedWarehouse, tmp_path: Path) -> None:
    writer = Writer(wrapped, tmp_path / "small", journal_limit_bytes=1024)
    writer.submit(Work(events=[make_event(ORIGIN, params_json='"x"' * 1000)])).result(PATIENCE_S)
    writer.close()
    assert count_events(wrapped) == 1


def test_what_waits_is_stored_when_the_writer_closes(
    writer: Writer, wrapped: WrappedWarehouse, held: "Future[None]"
) -> None:
    futures = [submit_event(writer) for _ in range(10)]
    wrapped.gate.set()
    writer.close()

    assert all(future.done() for future in [held, *futures])
    assert count_events(wrapped) == 11


def test_a_closed_writer_takes_nothing(writer: Writer) -> None:
    writer.close()
    with pytest.raises(Unavailable, match="shutting down"):
        submit_event(writer)
