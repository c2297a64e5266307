"""An event counts once, however often and whenever it is delivered, and projects stay apart: on every driver."""

import json
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from agentops_server.domain.clock import NS
from agentops_server.domain.event import Event, Usage
from agentops_server.queries.documents import iter_documents
from agentops_server.queries.events import FIRST_PLACE, list_events
from agentops_server.queries.totals import get_totals
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.rows import encode_rows, event_row
from tests.server.making import NOON_NS, make_event, make_origin

ORIGIN = make_origin()
MONTH_NS = 31 * 86_400 * NS
EVENT = make_event(ORIGIN)


def delivery(name: str, months_later: int = 0, **given: Any) -> Event:
    received_ns = NOON_NS + months_later * MONTH_NS
    return make_event(make_origin(**_place()), **{"id": EVENT.id, "name": name, "received_ns": received_ns, **given})


def _place() -> dict[str, Any]:
    return {"project_id": ORIGIN.project_id, "session_id": ORIGIN.session_id}


def names(warehouse: Warehouse) -> list[str]:
    rows = list_events(warehouse, ORIGIN.project_id, ORIGIN.session_id, FIRST_PLACE, 100)
    exported = [json.loads(each.json) for each in iter_documents(warehouse, ORIGIN.project_id, ORIGIN.session_id)]
    totals = get_totals(warehouse, ORIGIN.project_id, ORIGIN.session_id)
    assert len(rows) == len(exported) == totals.events
    assert [row.name for row in rows] == [event["name"] for event in exported]
    return [row.name for row in rows]


def store(warehouse: Warehouse, *events: Event) -> None:
    for event in events:
        warehouse.insert("events", encode_rows([event_row(event)]))


FIRST, AGAIN, LATE = delivery("first"), delivery("again", 1), delivery("late", 3)
FIXED = delivery("fixed", 2, replaces=True)
FIXED_TWICE = delivery("fixed twice", 4, replaces=True)


@pytest.mark.parametrize("order", list(permutations([FIRST, AGAIN, LATE])), ids=lambda order: order[0].name)
def test_of_duplicates_the_first_one_stays_across_months(warehouse: Warehouse, order: tuple[Event, ...]) -> None:
    store(warehouse, *order)
    assert names(warehouse) == ["first"]


def test_a_correction_replaces(warehouse: Warehouse) -> None:
    store(warehouse, FIRST, FIXED)
    assert names(warehouse) == ["fixed"]


def test_a_late_duplicate_after_a_correction_changes_nothing(warehouse: Warehouse) -> None:
    store(warehouse, FIRST, FIXED, LATE)
    assert names(warehouse) == ["fixed"]


@pytest.mark.parametrize("order", [(FIXED, FIXED_TWICE), (FIXED_TWICE, FIXED)])
def test_of_corrections_the_later_one_stays(warehouse: Warehouse, order: tuple[Event, ...]) -> None:
    store(warehouse, FIRST, *order)
    assert names(warehouse) == ["fixed twice"]


def test_a_correction_of_an_unknown_event_creates_it(warehouse: Warehouse) -> None:
    store(warehouse, FIXED)
    assert names(warehouse) == ["fixed"]


def test_versions_survive_a_merge(warehouse: Warehouse) -> None:
    store(warehouse, FIRST, AGAIN, FIXED, LATE)
    warehouse.execute("OPTIMIZE TABLE events FINAL")
    assert names(warehouse) == ["fixed"]


def test_a_batch_of_many_months_of_events_is_one_insert(warehouse: Warehouse) -> None:
    events = [make_event(ORIGIN, init_ns=NOON_NS - n * MONTH_NS, name=str(n)) for n in range(200)]
    warehouse.insert("events", encode_rows(map(event_row, events)))
    rows = list_events(warehouse, ORIGIN.project_id, ORIGIN.session_id, FIRST_PLACE, 1000)
    assert [row.name for row in rows] == [str(n) for n in reversed(range(200))]


def test_one_session_id_in_two_projects_is_two_sessions(warehouse: Warehouse) -> None:
    other = make_origin(session_id=ORIGIN.session_id)
    theirs = make_event(other, id=EVENT.id, name="theirs", replaces=True)
    store(warehouse, FIRST, theirs)
    assert names(warehouse) == ["first"]
    rows = list_events(warehouse, other.project_id, other.session_id, FIRST_PLACE, 100)
    assert [row.name for row in rows] == ["theirs"]


def test_one_event_id_in_two_sessions_is_two_events(warehouse: Warehouse) -> None:
    other = make_origin(project_id=ORIGIN.project_id)
    store(warehouse, FIRST, make_event(other, id=EVENT.id, name="elsewhere"))
    assert names(warehouse) == ["first"]
    assert get_totals(warehouse, other.project_id, other.session_id).events == 1


def test_duplicates_cost_once_and_corrections_cost_what_they_say(warehouse: Warehouse) -> None:
    call = {"kind": "llm", "event_type": "llms", "usage": Usage(1000, 500)}
    for event in (delivery("a", cost=Decimal("0.1"), **call), delivery("a", 1, cost=Decimal("0.2"), **call)):
        store(warehouse, event)
    totals = get_totals(warehouse, ORIGIN.project_id, ORIGIN.session_id)
    assert (totals.total_cost, totals.prompt_tokens, totals.completion_tokens) == (Decimal("0.1"), 1000, 500)

    store(warehouse, delivery("a", 2, replaces=True, cost=Decimal("0.3"), **call))
    assert get_totals(warehouse, ORIGIN.project_id, ORIGIN.session_id).total_cost == Decimal("0.3")


def test_costs_add_up_without_a_floats_noise(warehouse: Warehouse) -> None:
    costs = [*[Decimal("0.1")] * 7, Decimal("0.000000000000000001"), Decimal("123456789012.5")]
    events = [make_event(ORIGIN, kind="llm", cost=cost) for cost in costs]
    warehouse.insert("events", encode_rows(map(event_row, events)))
    assert get_totals(warehouse, ORIGIN.project_id, ORIGIN.session_id).cost == "123456789013.200000000000000001"
