"""An event's JSON, which the engine writes, is what the API's views say, on every driver."""

import json
import uuid
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from agentops_server.domain.clock import NS, encode_time
from agentops_server.domain.event import Event, Usage
from agentops_server.domain.ids import AgentId, EventId
from agentops_server.errors import NotFound
from agentops_server.http import views
from agentops_server.queries.documents import Document, get_document, iter_documents
from agentops_server.storage.warehouse.port import Warehouse
from agentops_server.storage.warehouse.rows import encode_rows, event_row
from tests.server.making import NOON_NS, make_event, make_origin

ORIGIN = make_origin()
VIEWS: dict[str, type[views.ExportedEvent]] = {
    "llm": views.ExportedLlm,
    "tool": views.ExportedTool,
    "error": views.ExportedError,
    "action": views.ExportedAction,
    "workflow": views.ExportedAction,
}
# What text may hold that JSON or SQL writes in another way.
ODD = 'it\'s "odd" \\ / \n\t\r\0\x01\x7f \u2028 é 𝄞 </script> {name:UUID} \\N'
PAYLOAD = json.dumps({"odd": ODD, "number": 1.50, "nested": [None, True, {}]}) + " \n "
PAYLOADS: dict[str, Any] = {
    f"{name}_json": PAYLOAD
    for name in ("params", "returns", "logs", "prompt", "completion", "model_params", "tools", "details")
}


def full(kind: str, **given: Any) -> Event:
    """An event in which everything is said, whatever its kind."""
    facts: dict[str, Any] = {
        "kind": kind,
        "event_type": ODD,
        "name": ODD,
        "init_ns": NOON_NS + 123_456_789,
        "end_ns": NOON_NS + NS // 2,
        "action_type": ODD,
        "agent_id": AgentId(uuid.uuid4()),
        "parent_id": EventId(uuid.uuid4()),
        "participant_id": ORIGIN.participant_id,
        "sequence": (1 << 53) + 1,
        "screenshot": ODD,
        "model": ODD,
        "provider": ODD,
        "finish_reason": ODD,
        "first_token_ns": 1_234_567_890,
        "thread_id": ODD,
        "usage": Usage(7, 0, {"cache_read": 5, "requests": 1}, "inclusive", estimated=True),
        "cost": Decimal("12345.000000000000000001"),
        "computed_cost": Decimal(0),
        "reported_cost": Decimal("0.5"),
        "price_version": ODD,
        "error_type": ODD,
        "error_code": ODD,
        "trigger_event_id": EventId(uuid.uuid4()),
        "trigger_event_type": ODD,
        "attributes": {ODD: ODD, "": ""},
        **PAYLOADS,
    }
    return make_event(ORIGIN, **{**facts, **given})


def stored(warehouse: Warehouse, *events: Event) -> list[Document]:
    warehouse.insert("events", encode_rows(map(event_row, events)))
    return list(iter_documents(warehouse, ORIGIN.project_id, ORIGIN.session_id))


@pytest.mark.parametrize("kind", VIEWS)
@pytest.mark.parametrize("said", ["everything", "nothing"])
def test_an_event_has_the_fields_of_its_view_in_their_order(warehouse: Warehouse, kind: str, said: str) -> None:
    event = full(kind) if said == "everything" else make_event(ORIGIN, kind=kind, end_ns=0)
    (document,) = stored(warehouse, event)
    assert list(json.loads(document.json)) == [field.name for field in msgspec.structs.fields(VIEWS[kind])]
    view = msgspec.json.decode(document.json, type=VIEWS[kind])
    assert (view.id, view.session_id, view.kind) == (str(event.id), str(event.session_id), kind)
    assert (view.init_timestamp, view.sequence) == (encode_time(event.init_ns), event.sequence)


def test_every_text_and_payload_comes_as_it_was_sent(warehouse: Warehouse) -> None:
    events = {kind: full(kind) for kind in VIEWS}
    shown = {event["kind"]: event for event in (json.loads(each.json) for each in stored(warehouse, *events.values()))}
    payload = json.loads(PAYLOAD)
    for kind, view in shown.items():
        event = events[kind]
        assert (view["event_type"], view["name"], view["attributes"]) == (ODD, ODD, {ODD: ODD, "": ""})
        assert (view["params"], view["returns"]) == (payload, payload)
        assert [view["agent_id"], view["parent_id"]] == [str(event.agent_id), str(event.parent_id)]
        assert view["end_timestamp"] == "2026-11-20T12:00:00.500000+00:00"
    llm, error, action = shown["llm"], shown["error"], shown["action"]
    for name in ("prompt", "completion", "model_params", "tool_definitions"):
        assert llm[name] == payload, name
    for name in ("thread_id", "model", "price_version", "provider", "finish_reasons"):
        assert llm[name] == ODD, name
    assert (error["details"], error["logs"], error["error_type"], error["code"]) == (payload, payload, ODD, ODD)
    assert (error["trigger_event_id"], error["trigger_event_type"]) == (str(events["error"].trigger_event_id), ODD)
    assert error["timestamp"] == error["init_timestamp"]
    assert (action["logs"], action["action_type"], action["screenshot"]) == (payload, ODD, ODD)
    assert shown["workflow"]["screenshot"] == ODD


def test_money_and_counts_are_exact(warehouse: Warehouse) -> None:
    (document,) = stored(warehouse, full("llm"))
    llm = msgspec.json.decode(document.json, type=views.ExportedLlm)
    assert (llm.cost, llm.computed_cost, llm.reported_cost) == ("12345.000000000000000001", "0", "0.5")
    assert (llm.prompt_tokens, llm.completion_tokens) == (7, 0)
    assert (llm.usage, llm.usage_basis, llm.usage_estimated) == ({"cache_read": 5, "requests": 1}, "inclusive", True)
    assert llm.time_to_first_chunk == 1.23456789


def test_what_nobody_said_is_null_and_not_nothing(warehouse: Warehouse) -> None:
    (document,) = stored(warehouse, make_event(ORIGIN, kind="llm", end_ns=0, usage=Usage()))
    llm = json.loads(document.json)
    unknown = (
        "prompt",
        "completion",
        "cost",
        "prompt_tokens",
        "agent_id",
        "end_timestamp",
        "time_to_first_chunk",
        "model",
    )
    assert {llm[name] for name in unknown} == {None}
    assert (llm["usage"], llm["attributes"], llm["usage_estimated"]) == ({}, {}, False)


@pytest.mark.parametrize("ns", [0, 1, 1000, NOON_NS, NOON_NS + 999_999_999, 7_258_118_399 * NS])
def test_times_are_written_as_everywhere(warehouse: Warehouse, ns: int) -> None:
    (document,) = stored(warehouse, make_event(ORIGIN, init_ns=ns, end_ns=ns))
    shown = json.loads(document.json)
    assert shown["init_timestamp"] == encode_time(ns)
    assert shown["end_timestamp"] == (encode_time(ns) if ns else None)


def test_events_come_list_by_list_and_then_by_time(warehouse: Warehouse) -> None:
    kinds = ["error", "llm", "workflow", "tool", "llm", "action"]
    events = [make_event(ORIGIN, kind=kind, init_ns=NOON_NS - n, name=str(n)) for n, kind in enumerate(kinds)]
    found = [(each.list_name, json.loads(each.json)["name"]) for each in stored(warehouse, *events)]
    assert found == [("action", "5"), ("action", "2"), ("llm", "4"), ("llm", "1"), ("tool", "3"), ("error", "0")]


def test_one_event_is_the_same_as_among_all(warehouse: Warehouse) -> None:
    event = full("llm", objects=["a.png", "b.json"])
    (among,) = stored(warehouse, event, make_event(make_origin(project_id=ORIGIN.project_id)))
    assert get_document(warehouse, ORIGIN.project_id, ORIGIN.session_id, event.id) == among
    assert (among.objects, among.list_name) == (["a.png", "b.json"], "llm")


def test_of_a_corrected_event_the_correction_is_shown(warehouse: Warehouse) -> None:
    event = make_event(ORIGIN, name="first")
    fixed = make_event(ORIGIN, id=event.id, name="fixed", replaces=True, received_ns=event.received_ns + NS)
    stored(warehouse, fixed)
    (document,) = stored(warehouse, event)
    assert json.loads(document.json)["name"] == "fixed"
    assert get_document(warehouse, ORIGIN.project_id, ORIGIN.session_id, event.id) == document


def test_an_event_of_another_session_or_project_is_not_found(warehouse: Warehouse) -> None:
    event, other = make_event(ORIGIN), make_origin()
    stored(warehouse, event)
    for project_id, session_id in ((other.project_id, ORIGIN.session_id), (ORIGIN.project_id, other.session_id)):
        with pytest.raises(NotFound):
            get_document(warehouse, project_id, session_id, event.id)
