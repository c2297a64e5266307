"""The projects' own prices and the repricings, as the control store keeps them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from agentops_server.domain.ids import ProjectId, new_uuid7
from agentops_server.domain.price import PriceOverride, PriceTier
from agentops_server.errors import Conflict, Invalid, NotFound
from agentops_server.storage.control import price_overrides
from agentops_server.storage.control.repricings import Plan, PlanLine, RepricingState
from agentops_server.storage.control.store import ControlStore

LINE = PlanLine("gpt-4o", 3, 2, 1, Decimal("0.000000000000000001"), Decimal("0.5"), 1, 0)


def make_override(project_id: ProjectId, pattern: str = "house-*", **changes: object) -> PriceOverride:
    override = PriceOverride(
        new_uuid7(),
        project_id,
        pattern,
        "",
        date(2026, 1, 1),
        date(2027, 1, 1),
        {"input": Decimal("0.000000000001"), "output": Decimal(1_000_000)},
        (PriceTier(1000, {"input": Decimal("2.5")}),),
        17,
    )
    return replace(override, **changes)  # type: ignore[arg-type]


def test_an_override_comes_back_as_it_was(control: ControlStore) -> None:
    override = make_override(control.create_project("demo").id)
    control.price_overrides.set_override(override)
    assert control.price_overrides.list_overrides(override.project_id) == [override]
    assert list(control.price_overrides.list_override_ids(override.project_id)) == [override.id]


def test_one_for_the_same_models_from_the_same_day_replaces_it_and_another_does_not(control: ControlStore) -> None:
    project_id = control.create_project("demo").id
    first, second = make_override(project_id), make_override(project_id)
    others = [make_override(project_id, "house-7"), make_override(project_id, provider="acme")]
    others.append(make_override(project_id, effective_from=date(2026, 1, 2)))
    for override in (first, *others, second):
        control.price_overrides.set_override(override)
    found = {override.id for override in control.price_overrides.list_overrides(project_id)}
    assert found == {second.id, *(override.id for override in others)}


def test_a_project_sees_and_removes_its_own_only(control: ControlStore) -> None:
    mine, other = control.create_project("mine").id, control.create_project("other").id
    override = control.price_overrides.set_override(make_override(mine))
    assert control.price_overrides.list_overrides(other) == []
    with pytest.raises(NotFound):
        control.price_overrides.remove_override(other, override.id)
    control.price_overrides.remove_override(mine, override.id)
    assert control.price_overrides.list_overrides(mine) == []


def test_a_project_that_is_not_there_has_no_prices(control: ControlStore) -> None:
    with pytest.raises(NotFound):
        control.price_overrides.set_override(make_override(ProjectId(uuid4())))
    with pytest.raises(NotFound):
        control.repricings.add(ProjectId(uuid4()), 0, 1, "", 0)


def test_what_cannot_be_meant_is_not_stored(control: ControlStore) -> None:
    project_id = control.create_project("demo").id
    with pytest.raises(Invalid, match=r"prices\.input"):
        control.price_overrides.set_override(make_override(project_id, prices={"input": Decimal(-1)}))
    assert control.price_overrides.list_overrides(project_id) == []


def test_a_project_has_so_many_and_no_more(control: ControlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_overrides, "MOST_OVERRIDES", 2)
    project_id = control.create_project("demo").id
    for pattern in ("a", "b", "b"):
        control.price_overrides.set_override(make_override(project_id, pattern))
    with pytest.raises(Conflict, match="remove some"):
        control.price_overrides.set_override(make_override(project_id, "c"))
    assert [each.pattern for each in control.price_overrides.list_overrides(project_id)] == ["a", "b"]


def test_a_deleted_project_takes_its_prices_along(control: ControlStore) -> None:
    project_id = control.create_project("demo").id
    control.price_overrides.set_override(make_override(project_id))
    control.repricings.add(project_id, 0, 1, "", 0)
    control.delete_project(project_id)
    assert control.price_overrides.list_overrides(project_id) == []
    assert control.repricings.find_open() is None


def test_a_repricing_goes_through_its_states(control: ControlStore) -> None:
    first, second = (control.create_project(name).id for name in ("first", "second"))
    ids = [control.repricings.add(project_id, 1, 2, "gpt-*", 17) for project_id in (first, second)]
    asked = control.repricings.find_open()
    assert asked is not None
    assert (asked.id, asked.state, asked.plan) == (ids[0], RepricingState.ASKED, Plan())

    plan = Plan("genai-prices 1", [LINE])
    assert control.repricings.change(ids[0], RepricingState.ASKED, state=RepricingState.PLANNED.value, plan=plan)
    assert not control.repricings.change(ids[0], RepricingState.ASKED, state=RepricingState.DROPPED.value)
    assert control.repricings.get(ids[0]).plan == plan
    waiting = control.repricings.find_open()
    assert waiting is not None
    assert waiting.id == ids[1]

    assert control.repricings.change(ids[0], RepricingState.PLANNED, state=RepricingState.CONFIRMED.value)
    confirmed = control.repricings.find_open()
    assert confirmed is not None
    assert (confirmed.id, confirmed.since_ns, confirmed.until_ns, confirmed.pattern) == (ids[0], 1, 2, "gpt-*")


def test_a_repricing_that_is_not_there_is_not_found(control: ControlStore) -> None:
    with pytest.raises(NotFound):
        control.repricings.get(uuid4())
