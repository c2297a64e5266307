"""Lines of the interchange format: what a row says is what an import of its line says again."""

import json
import uuid
from decimal import Decimal
from typing import Any

import pytest

from agentops_server.domain.event import Usage
from agentops_server.domain.ids import AgentId, EventId, ParticipantId
from agentops_server.domain.session import EndState, apply
from agentops_server.storage.warehouse.rows import EventRow, event_row
from agentops_server.wire.interchange.encoding import encode_event, encode_session
from agentops_server.wire.interchange.lines import decode_line
from tests.server.making import NOON_NS, make_end, make_event, make_origin, make_update

ORIGIN = make_origin()


def again(line: bytes) -> Any:
    return decode_line(line, ORIGIN.project_id, ORIGIN.received_ns)


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "action", "action_type": "click", "screenshot": "data", "params_json": '{"a":"é"}', "sequence": 7},
        {"kind": "tool", "event_type": "tools", "returns_json": "[1,2.50,null]", "logs_json": '"log"', "end_ns": 0},
        {"kind": "workflow", "event_type": "workflow", "name": "w", "parent_id": EventId(uuid.uuid4())},
        {
            "kind": "error",
            "event_type": "errors",
            "error_type": "E",
            "error_code": "7",
            "details_json": '"bad"',
            "trigger_event_id": EventId(uuid.uuid4()),
            "trigger_event_type": "llms",
        },
        {
            "kind": "llm",
            "event_type": "llms",
            "model": "gpt-4o",
            "provider": "openai",
            "finish_reason": "stop",
            "first_token_ns": 5,
            "prompt_json": '[{"role":"user"}]',
            "completion_json": '"x"',
            "model_params_json": "{}",
            "tools_json": "[]",
            "thread_id": "t",
            "usage": Usage(10, 0, {"cache_read": 3}, "inclusive", estimated=True),
            "cost": Decimal("0.1"),
            "computed_cost": Decimal("0.1"),
            "price_version": "v",
            "agent_id": AgentId(uuid.uuid4()),
            "participant_id": ParticipantId(uuid.uuid4()),
            "attributes": {"a": "b"},
        },
    ],
)
def test_an_event_says_the_same_again(given: dict[str, Any]) -> None:
    row: EventRow = event_row(make_event(ORIGIN, **{"name": "name", **given}))
    imported = again(encode_event(row))
    assert imported.problems == []
    assert event_row(imported.events[0]) == row


def test_a_session_says_the_same_again() -> None:
    first, second = make_origin(), make_origin()
    session = None
    for origin, given in (
        (first, {"tags": ("b", "a"), "host_env": {"OS": {}}, "init_ns": NOON_NS, "name": "n"}),
        (second, {"tags": ("c",), "end": make_end(EndState.FAILURE, 5, "why"), "refused_events": 3, "declared": False}),
    ):
        known = make_origin(project_id=ORIGIN.project_id, session_id=ORIGIN.session_id)
        session = apply(session, make_update(known, participant_id=origin.participant_id, **given))
    assert session is not None
    imported, anew = again(encode_session(session, None)), None
    for update in imported.updates:
        anew = apply(anew, update)
    assert imported.problems == []
    assert anew == session


def test_a_problem_in_a_document_keeps_nothing_beside_it_out() -> None:
    good = {"id": str(uuid.uuid4()), "kind": "tool", "event_type": "tools"}
    document = {"session": {"id": str(ORIGIN.session_id)}, "tools": [good, {**good, "id": 7}], "agents": [{"id": "x"}]}
    imported = again(json.dumps(document).encode())
    assert (len(imported.updates), len(imported.events), len(imported.problems)) == (1, 1, 2)
    assert imported.events[0].session_id == ORIGIN.session_id
