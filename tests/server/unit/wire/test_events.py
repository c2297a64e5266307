"""What each kind of event becomes when every field is as documented."""

import uuid
from decimal import Decimal
from typing import Any

import pytest

from agentops_server.domain.clock import NS
from agentops_server.domain.event import Event, Usage
from agentops_server.wire.v2.events import decode_events
from tests.server.making import NOON_NS

from .bodies import ID, ORIGIN, decode, wire_event

NOON = "2026-11-20T12:00:00+00:00"


def decode_one(event: Any) -> Event:
    batch = decode(event)
    assert batch.drops == []
    return batch.events[0]


def test_where_an_event_belongs_comes_from_the_token_alone() -> None:
    event = decode_one(wire_event(session_id=str(uuid.uuid4()), project_id=str(uuid.uuid4())))
    assert (event.project_id, event.session_id) == (ORIGIN.project_id, ORIGIN.session_id)
    assert (event.participant_id, event.received_ns) == (ORIGIN.participant_id, ORIGIN.received_ns)


def test_an_event_keeps_what_all_kinds_have() -> None:
    agent, parent, participant = (str(uuid.uuid4()) for _ in range(3))
    event = decode_one(
        wire_event(
            id=ID,
            init_timestamp=NOON,
            end_timestamp="2026-11-20T12:00:01.5Z",
            agent_id=agent,
            parent_id=parent,
            participant_id=participant,
            sequence=7,
            params={"a": 1},
            returns=[1, None],
        )
    )
    assert str(event.id) == ID
    assert (event.init_ns, event.end_ns) == (NOON_NS, NOON_NS + 3 * NS // 2)
    assert (str(event.agent_id), str(event.parent_id), str(event.participant_id)) == (agent, parent, participant)
    assert (event.sequence, event.params_json, event.returns_json) == (7, '{"a": 1}', "[1, null]")


def test_an_llm_call_keeps_its_own_fields() -> None:
    prompt, completion = [{"role": "user", "content": "Hi “東京”"}], {"role": "assistant", "content": None}
    event = decode_one(
        wire_event(
            event_type="llms",
            prompt=prompt,
            completion=completion,
            model="gpt-4o",
            prompt_tokens=1000,
            completion_tokens=500,
            cost=0.25,
            thread_id="t-1",
        )
    )
    assert (event.kind, event.model, event.thread_id) == ("llm", "gpt-4o", "t-1")
    assert (event.usage, event.reported_cost, event.cost) == (Usage(1000, 500), Decimal("0.25"), None)
    assert event.completion_json == '{"role": "assistant", "content": null}'


@pytest.mark.parametrize(
    "payload",
    [b'{"a":1.10,  "b" : "\\u201c/\\/"}', b"12345678901234567890.123456789012345678901234567890", b"[ 1 ,2]", b'""']
    + [b"false", b"0", b'{"a":1,"a":2}', '"東京 “”"'.encode(), b'"\\u0000"', b"1e999"],
)
@pytest.mark.parametrize("field", ["params", "returns", "prompt", "completion"])
def test_a_payload_is_kept_byte_for_byte(field: str, payload: bytes) -> None:
    event = decode_one(b'{"id":"%s","event_type":"llms","%s":%s}' % (ID.encode(), field.encode(), payload))
    assert getattr(event, f"{field}_json").encode() == payload


def test_a_payload_of_null_is_none() -> None:
    assert decode_one(wire_event(params=None)).params_json == ""


@pytest.mark.parametrize(
    ("event_type", "kind"),
    [
        ("llms", "llm"),
        ("tools", "tool"),
        ("actions", "action"),
        ("errors", "error"),
        ("chain", "chain"),
        ("日本", "日本"),
    ],
)
def test_the_kind_is_the_event_type_of_any_word(event_type: str, kind: str) -> None:
    event = decode_one(wire_event(event_type=event_type))
    assert (event.kind, event.event_type) == (kind, event_type)


def test_a_tool_call_is_named_by_either_key() -> None:
    assert decode_one(wire_event(event_type="tools", name="search")).name == "search"
    assert decode_one(wire_event(event_type="tools", tool_name="search", name=None)).name == "search"


def test_an_action_keeps_its_own_fields() -> None:
    event = decode_one(wire_event(action_type="look_up", logs={"n": 1}, screenshot="data:image/png;base64,AA=="))
    assert (event.name, event.action_type, event.logs_json) == ("look_up", "look_up", '{"n": 1}')
    assert event.screenshot == "data:image/png;base64,AA=="


def test_an_error_keeps_its_own_fields() -> None:
    trigger = str(uuid.uuid4())
    event = decode_one(
        wire_event(
            event_type="errors",
            error_type="KeyError",
            code=404,
            details=["a", 1],
            logs="traceback",
            timestamp=NOON,
            trigger_event_id=trigger,
            trigger_event_type="tools",
        )
    )
    assert (event.error_type, event.error_code, event.details_json) == ("KeyError", "404", '["a", 1]')
    assert (str(event.trigger_event_id), event.trigger_event_type) == (trigger, "tools")
    assert (event.init_ns, event.end_ns, event.logs_json) == (NOON_NS, 0, '"traceback"')


@pytest.mark.parametrize(
    ("given", "init_ns"),
    [
        ({"init_timestamp": NOON, "timestamp": "2026-11-20T12:00:05Z"}, NOON_NS),
        ({"timestamp": NOON, "end_timestamp": "2026-11-20T12:00:05Z"}, NOON_NS),
        ({"end_timestamp": NOON}, NOON_NS),
        ({"init_timestamp": "", "end_timestamp": NOON}, NOON_NS),
        ({}, ORIGIN.received_ns),
    ],
)
def test_a_missing_start_is_the_next_best_time(given: dict[str, Any], init_ns: int) -> None:
    assert decode_one(wire_event(**given)).init_ns == init_ns


@pytest.mark.parametrize("tokens", [1000, 1000.0, "1000"])
def test_tokens_are_counted_in_every_spelling_of_a_whole_number(tokens: Any) -> None:
    assert decode_one(wire_event(event_type="llms", prompt_tokens=tokens)).usage == Usage(1000, None)


def test_unknown_keys_are_ignored() -> None:
    assert decode_one(wire_event(vendor={"x": 1}, prompt_armor=None)).kind == "action"


def test_of_duplicate_keys_the_last_one_counts() -> None:
    assert decode_one(b'{"id":"%s","event_type":"tools","event_type":"llms"}' % ID.encode()).kind == "llm"


def test_an_update_marks_its_events_as_corrections() -> None:
    body = b'{"events": [{"id": "%s", "event_type": "actions"}]}' % ID.encode()
    assert decode_events(body, ORIGIN, replaces=True).events[0].replaces
    assert not decode_events(body, ORIGIN).events[0].replaces


def test_an_error_without_an_id_has_the_same_one_however_often_it_is_sent() -> None:
    first, again = (decode_one({"event_type": "errors", "details": "a", "timestamp": NOON}) for _ in range(2))
    other = decode_one({"event_type": "errors", "details": "b", "timestamp": NOON})
    assert first.id == again.id != other.id
