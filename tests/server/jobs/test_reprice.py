"""Stored calls are priced anew: planned first, changed once confirmed, and the same whatever is killed."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from agentops_server.domain.clock import LAST_NS, NS
from agentops_server.domain.event import Usage
from agentops_server.domain.ids import SessionId, new_uuid7
from agentops_server.domain.price import PriceOverride
from agentops_server.domain.project import Project
from agentops_server.jobs.amending import Amendments
from agentops_server.storage.control.repricings import PlanLine, Repricing, RepricingState
from tests.server.making import NOON_NS

from .rooms import CostRooms

HOUSE = "house-7b"
DAY_NS = 86_400 * NS


def new_session() -> SessionId:
    return SessionId(uuid.uuid4())


def set_price(rooms: CostRooms, project: Project, per_million: str, pattern: str = "house-*") -> PriceOverride:
    prices = {"input": Decimal(per_million), "output": Decimal(per_million)}
    override = PriceOverride(new_uuid7(), project.id, pattern, "", date(2020, 1, 1), None, prices, (), NOON_NS)
    return rooms.control.price_overrides.set_override(override)


def ask(rooms: CostRooms, project: Project, since_ns: int = 0, until_ns: int = LAST_NS, pattern: str = "") -> Repricing:
    """A repricing with its plan."""
    repricing_id = rooms.control.repricings.add(project.id, since_ns, until_ns, pattern, NOON_NS)
    rooms.repricer.run()
    return rooms.control.repricings.get(repricing_id)


def confirm(rooms: CostRooms, repricing_id: UUID) -> None:
    assert rooms.control.repricings.change(repricing_id, RepricingState.PLANNED, state=RepricingState.CONFIRMED.value)


def reprice(rooms: CostRooms, project: Project, **scope: Any) -> Repricing:
    planned = ask(rooms, project, **scope)
    confirm(rooms, planned.id)
    rooms.repricer.run()
    return rooms.control.repricings.get(planned.id)


def test_a_plan_says_per_model_what_would_change_and_changes_nothing(rooms: CostRooms) -> None:
    project, session_id = rooms.make_project(), new_session()
    known = [rooms.record(project, session_id) for _ in range(3)]
    unknown = rooms.record(project, session_id, model=HOUSE)
    rooms.summarise()
    before, rows = rooms.kept(project.id, session_id), [rooms.stored(event) for event in (*known, unknown)]
    set_price(rooms, project, "10")

    planned = ask(rooms, project)

    assert planned.state == RepricingState.PLANNED
    assert planned.plan.lines == [
        PlanLine("gpt-4o", 3, 0, 0, Decimal("0.0225"), Decimal("0.0225"), 0, 0),
        PlanLine(HOUSE, 1, 1, 0, Decimal(0), Decimal("0.015"), 1, 0),
    ]
    assert [rooms.stored(event) for event in (*known, unknown)] == rows
    rooms.repricer.run()
    rooms.summarise()
    assert rooms.kept(project.id, session_id) == before


def test_what_was_confirmed_is_changed_with_the_totals(rooms: CostRooms) -> None:
    project, session_id = rooms.make_project(), new_session()
    rooms.record(project, session_id)
    event = rooms.record(project, session_id, model=HOUSE)
    rooms.summarise()
    assert rooms.kept(project.id, session_id).unpriced == 1
    override = set_price(rooms, project, "10")

    done = reprice(rooms, project)
    rooms.summarise()

    assert (done.state, done.done_events) == (RepricingState.DONE, 1)
    row = rooms.stored(event)
    assert (Decimal(row.cost or ""), row.price_version) == (Decimal("0.015"), f"override {override.id}")
    assert rooms.kept(project.id, session_id) == rooms.exact(project.id, session_id)
    assert rooms.kept(project.id, session_id) == (2, 2000, 1000, Decimal("0.0225"), 0, 0, 0, False)


def test_repricing_again_changes_nothing(rooms: CostRooms) -> None:
    project, session_id = rooms.make_project(), new_session()
    event = rooms.record(project, session_id, model=HOUSE)
    set_price(rooms, project, "10")
    reprice(rooms, project)
    row = rooms.stored(event)

    again = reprice(rooms, project)

    assert [(line.changed, line.renamed) for line in again.plan.lines] == [(0, 0)]
    assert (again.state, again.done_events, rooms.stored(event)) == (RepricingState.DONE, 0, row)


def test_the_same_price_by_another_override_is_told_apart(rooms: CostRooms) -> None:
    project, session_id = rooms.make_project(), new_session()
    set_price(rooms, project, "10")
    event = rooms.record(project, session_id, model=HOUSE)
    newer = set_price(rooms, project, "10")

    done = reprice(rooms, project)

    assert [(line.changed, line.renamed) for line in done.plan.lines] == [(0, 1)]
    assert rooms.stored(event).price_version == f"override {newer.id}"


def test_a_price_that_is_gone_leaves_the_cost_unknown_and_the_total_a_lower_bound(rooms: CostRooms) -> None:
    project, session_id = rooms.make_project(), new_session()
    override = set_price(rooms, project, "10")
    event = rooms.record(project, session_id, model=HOUSE)
    rooms.control.price_overrides.remove_override(project.id, override.id)

    reprice(rooms, project)
    rooms.summarise()

    row = rooms.stored(event)
    assert (row.cost, row.computed_cost, row.price_version) == (None, None, "")
    assert rooms.kept(project.id, session_id).cost_is_lower_bound


def test_a_reported_cost_stands_through_a_repricing(rooms: CostRooms) -> None:
    project, session_id = rooms.make_project(), new_session()
    event = rooms.record(project, session_id, model=HOUSE, reported_cost=Decimal("0.25"))
    set_price(rooms, project, "10")

    done = reprice(rooms, project)

    row = rooms.stored(event)
    assert (row.cost, row.reported_cost, Decimal(row.computed_cost or "")) == ("0.25", "0.25", Decimal("0.015"))
    assert (done.plan.lines[0].old_cost, done.plan.lines[0].new_cost) == (Decimal("0.25"), Decimal("0.25"))


@pytest.mark.parametrize(
    "scope",
    [
        {"pattern": "house-7*"},
        {"pattern": "HOUSE-7B"},
        {"since_ns": NOON_NS},
        {"until_ns": NOON_NS + 1},
    ],
)
def test_only_what_is_named_is_repriced(rooms: CostRooms, scope: dict[str, Any]) -> None:
    project, session_id = rooms.make_project(), new_session()
    inside = rooms.record(project, session_id, model=HOUSE)
    outside_ns = NOON_NS - 2 * DAY_NS if "since_ns" in scope else NOON_NS + 2 * DAY_NS
    model = "house-8b" if "pattern" in scope else HOUSE
    outside = rooms.record(project, session_id, model=model, init_ns=outside_ns)
    set_price(rooms, project, "10")

    assert reprice(rooms, project, **scope).done_events == 1

    assert rooms.stored(inside).cost is not None
    assert rooms.stored(outside).cost is None


def test_another_project_is_left_alone(rooms: CostRooms) -> None:
    project, other, session_id = rooms.make_project(), rooms.make_project(), new_session()
    mine, theirs = (rooms.record(each, session_id, model=HOUSE) for each in (project, other))
    set_price(rooms, project, "10")
    set_price(rooms, other, "20")

    reprice(rooms, project)

    assert rooms.stored(mine).cost is not None
    assert rooms.stored(theirs).cost is None


def test_prices_that_changed_since_the_plan_are_not_applied(rooms: CostRooms) -> None:
    project, session_id = rooms.make_project(), new_session()
    event = rooms.record(project, session_id, model=HOUSE)
    set_price(rooms, project, "10")
    planned = ask(rooms, project)
    set_price(rooms, project, "20")
    confirm(rooms, planned.id)

    rooms.repricer.run()

    failed = rooms.control.repricings.get(planned.id)
    assert (failed.state, "ask again" in failed.failure) == (RepricingState.FAILED, True)
    assert rooms.stored(event).cost is None


def test_a_duplicate_delivery_does_not_bring_the_old_price_back(rooms: CostRooms) -> None:
    project, session_id = rooms.make_project(), new_session()
    event = rooms.record(project, session_id, model=HOUSE)
    set_price(rooms, project, "10")
    reprice(rooms, project)
    rooms.record(project, session_id, model=HOUSE, id=event.id, usage=Usage(1, 1))
    assert Decimal(rooms.stored(event).cost or "") == Decimal("0.015")


def test_a_correction_after_a_repricing_stands_and_many_repricings_are_no_hindrance(rooms: CostRooms) -> None:
    project, session_id = rooms.make_project(), new_session()
    event = rooms.record(project, session_id, model=HOUSE)
    for price in range(1, 6):
        set_price(rooms, project, str(price))
        reprice(rooms, project)
        assert Decimal(rooms.stored(event).cost or "") == Decimal(price) * 1500 / 1_000_000
    rooms.record(project, session_id, model=HOUSE, id=event.id, usage=Usage(1, 1), replaces=True)
    assert Decimal(rooms.stored(event).cost or "") == Decimal("0.00001")


class Killed(BaseException):
    """What a kill does to the thread: nothing more is run."""


class KilledAfter(Amendments):
    """Stores so many portions, and the next one only in part."""

    left = 2

    def store(self, rows: Any) -> None:
        if self.left == 0:
            raise Killed
        self.left -= 1
        super().store(rows)


@pytest.mark.parametrize("portions", [0, 1, 2])
def test_a_killed_repricing_goes_on_after_the_restart(
    rooms: CostRooms, portions: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agentops_server.jobs.calls.CALLS_AT_ONCE", 4)
    project = rooms.make_project()
    sessions = [new_session() for _ in range(3)]
    long_ago = {"model": HOUSE, "received_ns": 1_700_000_000 * NS}
    events = [rooms.record(project, session_id, **long_ago) for session_id in sessions for _ in range(5)]
    rooms.summarise()
    set_price(rooms, project, "10")
    planned = ask(rooms, project)
    confirm(rooms, planned.id)
    rooms.repricer._amendments = KilledAfter(rooms.warehouse, rooms.writer)
    rooms.repricer._amendments.left = portions
    with pytest.raises(Killed):
        rooms.repricer.run()
    # The engine gives a portion in one block or several.
    assert portions <= sum(rooms.stored(event).cost is not None for event in events) <= 4 * portions

    rooms.restart()
    for session_id in sessions:
        assert rooms.listed(project.id, session_id) == rooms.exact(project.id, session_id)
    rooms.repricer.run()
    rooms.summarise()

    assert rooms.control.repricings.get(planned.id).state == RepricingState.DONE
    for session_id in sessions:
        assert rooms.kept(project.id, session_id) == (5, 5000, 2500, Decimal("0.075"), 0, 0, 0, False)
