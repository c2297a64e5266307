"""Each column of an event's row holds the fact of that name."""

import uuid
from decimal import Decimal
from typing import Any

import msgspec

from agentops_server.domain.event import Event, Usage
from agentops_server.domain.ids import AgentId, EventId, ParticipantId, ProjectId, SessionId
from agentops_server.storage.warehouse.rows import EventRow, event_row

PAYLOADS = ("params", "returns", "logs", "model_params", "tools", "prompt", "completion", "details")
RENAMED = {"event_id": "id", **{column: f"{column}_json" for column in PAYLOADS}}
OF_USAGE = {
    "input_tokens": "input_tokens",
    "output_tokens": "output_tokens",
    "usage": "buckets",
    "usage_basis": "basis",
    "usage_estimated": "estimated",
}
COSTS = ("cost", "computed_cost", "reported_cost")


def make_event() -> Event:
    """One in which every fact is another one."""
    ids = [uuid.UUID(int=number) for number in range(1, 8)]
    event = Event(ProjectId(ids[0]), SessionId(ids[1]), EventId(ids[2]), "kind", "type", 101, 102, 103)
    event.agent_id, event.parent_id = AgentId(ids[3]), EventId(ids[4])
    event.participant_id, event.trigger_event_id = ParticipantId(ids[5]), EventId(ids[6])
    event.sequence, event.first_token_ns = 104, 105
    event.usage = Usage(106, 107, {"cache_read": 108}, "inclusive", estimated=True)
    event.cost, event.computed_cost, event.reported_cost = Decimal("1.5"), Decimal("2.5"), Decimal("3.5")
    event.attributes, event.objects = {"attribute": "value"}, ["object"]
    for name in ("name", "action_type", "screenshot", "model", "provider", "finish_reason", "thread_id"):
        setattr(event, name, f"the {name}")
    for name in ("price_version", "error_type", "error_code", "trigger_event_type"):
        setattr(event, name, f"the {name}")
    for column in PAYLOADS:
        setattr(event, RENAMED[column], f'"the {column}"')
    return event


def told(event: Event, column: str) -> Any:
    if column in OF_USAGE:
        return getattr(event.usage, OF_USAGE[column])
    fact = getattr(event, RENAMED.get(column, column))
    return f"{fact:f}" if column in COSTS else fact


def test_every_column_has_its_own_fact() -> None:
    event = make_event()
    row = msgspec.structs.asdict(event_row(event))
    del row["version"]
    assert row == {column: told(event, column) for column in EventRow.__struct_fields__ if column != "version"}


def test_a_cost_that_is_the_computed_one_is_in_both_columns() -> None:
    event = make_event()
    event.cost = event.computed_cost
    row = event_row(event)
    assert (row.cost, row.computed_cost, row.reported_cost) == ("2.5", "2.5", "3.5")
