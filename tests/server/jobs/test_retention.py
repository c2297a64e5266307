"""Retention with the real engine and another clock: payloads go and figures stay, old sessions go whole."""

import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from agentops_server.domain.event import Event
from agentops_server.domain.ids import SessionId
from agentops_server.domain.retention import Retention
from agentops_server.jobs.retention import DAY_NS
from agentops_server.queries.events import get_event
from agentops_server.storage.objects.restoring import restore_row
from agentops_server.storage.warehouse.rows import EventRow
from agentops_server.storage.warehouse.sessions import find_session
from agentops_server.storage.warehouse.totals import sum_events

from .keeping import House, image

PAYLOADS = {
    "params_json": '{"a":1}',
    "returns_json": "[2]",
    "logs_json": '"log"',
    "details_json": '"details"',
    "prompt_json": '"Why?"',
    "completion_json": '"Because."',
    "model_params_json": '{"temperature":1}',
    "tools_json": "[]",
    "attributes": {"secret": "word"},
}
NOW_NS = time.time_ns()


def read(house: House, event: Event) -> EventRow:
    return get_event(house.warehouse, event.project_id, event.session_id, event.id)


def exists(house: House, session_id: SessionId) -> bool:
    return find_session(house.warehouse, house.project.id, session_id) is not None


def test_payloads_go_and_facts_and_figures_stay(house: House) -> None:
    house.control.set_retention(house.project.id, Retention(payload_days=30))
    session = house.open_session()
    old = house.record(session, cost=Decimal("0.5"), name="call", model="gpt-4o", error_type="E", **PAYLOADS)
    before = sum_events(house.warehouse, house.project.id, [session])[session]
    house.retention.apply(NOW_NS + 29 * DAY_NS)
    assert read(house, old).prompt == '"Why?"'
    house.retention.apply(NOW_NS + 31 * DAY_NS)
    row = read(house, old)
    assert [getattr(row, field.removesuffix("_json")) for field in PAYLOADS] == [""] * 8 + [{}]
    assert (row.name, row.model, row.cost, row.input_tokens, row.error_type) == ("call", "gpt-4o", "0.5", 10, "E")
    assert sum_events(house.warehouse, house.project.id, [session])[session] == before
    assert exists(house, session)


def test_the_objects_of_emptied_payloads_are_collected(house: House) -> None:
    house.control.set_retention(house.project.id, Retention(payload_days=1))
    event = house.record(house.open_session(), prompt_json=image(), screenshot=image())
    assert len(house.list_objects()) == 2
    house.retention.apply(NOW_NS + 2 * DAY_NS)
    assert read(house, event).objects == []
    assert house.collector.collect(datetime.now(UTC) + timedelta(days=2)) == 2
    assert house.list_objects() == set()


def test_newer_payloads_and_those_of_other_projects_stay(house: House) -> None:
    session = house.open_session()
    old = house.record(session, received_ns=NOW_NS - 10 * DAY_NS, **PAYLOADS)
    new = house.record(session, prompt_json=image(), params_json="[]")
    house.retention.apply(NOW_NS + 1000 * DAY_NS)
    assert read(house, old).prompt == '"Why?"'
    house.control.set_retention(house.project.id, Retention(payload_days=9))
    house.retention.apply(NOW_NS)
    assert read(house, old).prompt == ""
    assert read(house, new).params == "[]"
    assert restore_row(house.objects, read(house, new)).prompt.startswith('"data:image/png;base64,')


def test_sessions_go_whole_after_their_last_activity(house: House) -> None:
    house.control.set_retention(house.project.id, Retention(facts_days=90))
    at_ns = NOW_NS - 100 * DAY_NS
    silent, recorded_later, empty_new = house.open_session(at_ns), house.open_session(at_ns), house.open_session()
    event = house.record(silent, received_ns=at_ns, prompt_json=image())
    house.record(recorded_later, received_ns=NOW_NS - 50 * DAY_NS)
    house.retention.apply(NOW_NS)
    assert [exists(house, each) for each in (silent, recorded_later, empty_new)] == [False, True, True]
    assert sum_events(house.warehouse, house.project.id, [silent])[silent].events == 0
    assert house.list_objects() == set()
    assert event.objects
    house.retention.apply(NOW_NS + 41 * DAY_NS)
    assert [exists(house, each) for each in (silent, recorded_later, empty_new)] == [False, False, True]


def test_what_was_heard_of_today_stays_whatever_its_clock_says(house: House) -> None:
    house.control.set_retention(house.project.id, Retention(facts_days=1))
    session = house.open_session(NOW_NS - 100 * DAY_NS)
    house.record(session, init_ns=0, end_ns=1)
    house.retention.apply(NOW_NS)
    assert exists(house, session)


def test_a_clock_in_the_future_does_not_keep_a_session_for_ever(house: House) -> None:
    house.control.set_retention(house.project.id, Retention(facts_days=1))
    session = house.open_session(NOW_NS - 100 * DAY_NS)
    house.record(session, received_ns=NOW_NS - 90 * DAY_NS, init_ns=NOW_NS + 10_000 * DAY_NS)
    house.retention.apply(NOW_NS)
    assert not exists(house, session)


def test_nothing_is_deleted_without_a_policy(house: House) -> None:
    session = house.open_session(NOW_NS - 10_000 * DAY_NS)
    house.record(session, received_ns=NOW_NS - 10_000 * DAY_NS)
    house.retention.apply(NOW_NS + 10_000 * DAY_NS)
    assert exists(house, session)


@pytest.mark.parametrize("days", [-1, 36_501])
def test_days_that_cannot_be_meant_are_refused(days: int) -> None:
    with pytest.raises(ValueError, match="facts_days"):
        Retention(facts_days=days)
