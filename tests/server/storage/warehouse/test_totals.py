"""What the events of a session add up to, as a whole and by model, agent, tool, error and process."""

import uuid
from decimal import Decimal
from typing import Any

import pytest

from agentops_server.domain.agent import Agent
from agentops_server.domain.clock import NS
from agentops_server.domain.event import Event, Usage
from agentops_server.domain.ids import AgentId, ParticipantId
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
from agentops_server.storage.warehouse.rows import agent_row, encode_rows, event_row
from agentops_server.storage.warehouse.totals import Totals, sum_events
from tests.server.making import NOON_NS, make_event, make_origin

ORIGIN = make_origin()
DAY_NS = 86_400 * NS
NOON_DAY = NOON_NS // DAY_NS


def call(model: str = "gpt-4o", took_ms: int = 1000, **given: Any) -> Event:
    facts = {"kind": "llm", "event_type": "llms", "model": model, "usage": Usage(10, 5), "cost": Decimal("0.1")}
    return make_event(ORIGIN, **{**facts, "end_ns": NOON_NS + took_ms * 1_000_000, **given})


def tool(name: str, **given: Any) -> Event:
    return make_event(ORIGIN, kind="tool", event_type="tools", name=name, **given)


def failure(error_type: str, **given: Any) -> Event:
    return make_event(ORIGIN, kind="error", event_type="errors", error_type=error_type, **given)


def totals_of(warehouse: EmbeddedWarehouse, *events: Event) -> Totals:
    warehouse.insert("events", encode_rows(map(event_row, events)))
    return sum_events(warehouse, ORIGIN.project_id, [ORIGIN.session_id])[ORIGIN.session_id]


def test_a_session_without_events_has_zeros(warehouse: EmbeddedWarehouse) -> None:
    nothing = make_origin()
    sums = sum_events(warehouse, nothing.project_id, [nothing.session_id])
    assert sums == {nothing.session_id: Totals(nothing.session_id)}
    assert sum_events(warehouse, nothing.project_id, []) == {}


def test_calls_are_summed_by_day_and_model(warehouse: EmbeddedWarehouse) -> None:
    tomorrow = {"init_ns": NOON_NS + DAY_NS, "end_ns": NOON_NS + DAY_NS + NS}
    totals = totals_of(
        warehouse,
        call(usage=Usage(10, 5, {"cache_read": 4})),
        call(usage=Usage(20, None)),
        call("claude", cost=None),
        call(**tomorrow, usage=Usage(1, 1, estimated=True)),
        tool("search"),
    )
    assert [(each.day - NOON_DAY, each.model, each.llms) for each in totals.by_model] == [
        (0, "claude", 1),
        (0, "gpt-4o", 2),
        (1, "gpt-4o", 1),
    ]
    unpriced, today, later = totals.by_model
    assert (today.prompt_tokens, today.completion_tokens, today.cache_read_tokens, today.cost) == (30, 5, 4, "0.2")
    assert (unpriced.unpriced_llms, today.uncounted_llms, later.estimated_llms) == (1, 1, 1)
    assert (totals.llms, totals.prompt_tokens, totals.cache_read_tokens, totals.cost) == (4, 41, 4, "0.3")
    assert (totals.unpriced_llms, totals.uncounted_llms, totals.estimated_llms) == (1, 1, 1)


@pytest.mark.parametrize(
    ("given", "is_bound"),
    [({}, False), ({"cost": None}, True), ({"usage": Usage(1, 1, estimated=True)}, True), ({"usage": None}, False)],
)
def test_a_cost_is_a_lower_bound_where_a_call_has_none_or_an_estimated_one(
    warehouse: EmbeddedWarehouse, given: dict[str, Any], is_bound: bool
) -> None:
    assert totals_of(warehouse, call(), call(**given)).cost_is_lower_bound is is_bound


def test_durations_keep_three_digits_and_leave_out_calls_that_have_not_ended(warehouse: EmbeddedWarehouse) -> None:
    took = [0, 7, 999, 1000, 1234, 1239, 123_456, 10**10]
    totals = totals_of(warehouse, *(call(took_ms=ms) for ms in took), call(end_ns=0), call(end_ns=NOON_NS - NS))
    assert totals.by_model[0].durations == {
        0: 2, 7: 1, 999: 1, 1000: 1, 1230: 2, 123_000: 1, 4_000_000_000: 1
    }  # fmt: skip


def test_events_are_summed_by_the_name_of_their_agent(warehouse: EmbeddedWarehouse) -> None:
    known, unknown = AgentId(uuid.uuid4()), AgentId(uuid.uuid4())
    agents = [
        Agent(ORIGIN.project_id, ORIGIN.session_id, known, "Writer", "", NOON_NS),
        Agent(ORIGIN.project_id, make_origin().session_id, unknown, "of another session", "", NOON_NS),
    ]
    warehouse.insert("agents", encode_rows(map(agent_row, agents)))
    totals = totals_of(
        warehouse, call(agent_id=known), failure("ValueError", agent_id=known), tool("a", agent_id=unknown), tool("b")
    )
    by_agent = {each.agent: each for each in totals.by_agent}
    assert set(by_agent) == {"Writer", str(unknown), ""}
    writer = by_agent["Writer"]
    assert (writer.events, writer.llms, writer.errors, writer.tokens, writer.cost) == (2, 1, 1, 15, "0.1")


def test_tools_and_errors_are_counted_by_name_and_type(warehouse: EmbeddedWarehouse) -> None:
    late = {"init_ns": NOON_NS + 9 * NS, "end_ns": 0}
    totals = totals_of(
        warehouse, tool("a"), tool("a"), tool("b"), failure("X"), failure("X", **late), failure("Y"), make_event(ORIGIN)
    )
    assert [(each.tool, each.calls) for each in totals.by_tool] == [("a", 2), ("b", 1)]
    assert [(each.error_type, each.errors, each.last_ns - NOON_NS) for each in totals.by_error] == [
        ("X", 2, 9 * NS),
        ("Y", 1, NS),
    ]
    assert (totals.tools, totals.errors, totals.actions, totals.events) == (3, 3, 1, 7)


def test_a_kind_that_nobody_knows_is_an_action(warehouse: EmbeddedWarehouse) -> None:
    totals = totals_of(warehouse, make_event(ORIGIN, kind="workflow", event_type="workflow"))
    assert (totals.actions, totals.events) == (1, 1)


def test_numbers_that_did_not_come_are_missing_by_process(warehouse: EmbeddedWarehouse) -> None:
    one, two = sorted([ParticipantId(uuid.uuid4()), ParticipantId(uuid.uuid4())])
    numbered = [call(participant_id=one, sequence=number) for number in (1, 2, 5)]
    totals = totals_of(
        warehouse, *numbered, tool("a", participant_id=one, sequence=6), tool("a", participant_id=two, sequence=1),
        tool("b", participant_id=ParticipantId(uuid.uuid4())),
    )  # fmt: skip
    found = [(each.participant_id, each.recorded, each.received, each.missing) for each in totals.participants]
    assert found == [(one, 6, 4, 2), (two, 1, 1, 0)]


def test_what_was_delivered_twice_is_no_more_received_than_once(warehouse: EmbeddedWarehouse) -> None:
    event = call(participant_id=ParticipantId(uuid.uuid4()), sequence=1)
    totals_of(warehouse, event)
    event.received_ns += NS
    totals = totals_of(warehouse, event)
    assert [(each.recorded, each.received) for each in totals.participants] == [(1, 1)]


def test_sums_are_the_same_however_the_rows_lie(warehouse: EmbeddedWarehouse) -> None:
    events = [call(took_ms=n, sequence=n, participant_id=ORIGIN.participant_id) for n in range(1, 50)]
    apart = totals_of(warehouse, *events[:20])
    apart = totals_of(warehouse, *events[10:])
    warehouse.execute("OPTIMIZE TABLE events FINAL")
    assert sum_events(warehouse, ORIGIN.project_id, [ORIGIN.session_id])[ORIGIN.session_id] == apart
    assert apart.llms == 49
