from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest

from agentops import ActionEvent, ErrorEvent, Event, LLMEvent, ToolEvent
from agentops._clock import format_duration, now_ns
from agentops._encoding import Encoder
from agentops._ids import new_id
from agentops._money import find_money, to_text
from agentops._wire import encode_event

SESSION = uuid4()
COMMON = {
    "id",
    "event_type",
    "init_timestamp",
    "end_timestamp",
    "agent_id",
    "parent_id",
    "session_id",
    "participant_id",
    "sequence",
    "params",
    "returns",
}


def wire(event: Event) -> dict[str, object]:
    decoded: dict[str, object] = json.loads(encode_event(event, SESSION, "p", 7, now_ns(), Encoder()))
    return decoded


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        (Event("x"), set()),
        (ActionEvent(), {"action_type", "name", "logs", "screenshot"}),
        (
            LLMEvent(),
            {"prompt", "completion", "model", "prompt_tokens", "completion_tokens", "cost", "thread_id"},
        ),
        (ToolEvent(), {"name", "tool_name", "logs"}),
        (ErrorEvent(), {"error_type", "code", "details", "logs", "timestamp"}),
    ],
)
def test_fields_on_the_wire_are_these_and_no_more(event: Event, fields: set[str]) -> None:
    event.of_the_user = "kept out"  # type: ignore[attr-defined]
    assert set(wire(event)) == COMMON | fields


def test_the_first_positional_argument_is_the_event_type() -> None:
    assert wire(ActionEvent("llms"))["event_type"] == "llms"
    assert wire(Event("walk", {"a": 1}, "home"))["returns"] == "home"
    positional = LLMEvent(
        "llms", None, None, "s", "e", None, None, None, None, "prompt", 3, "completion", 4, "0.1", "m"
    )
    sent = wire(positional)
    assert [sent[name] for name in ("prompt", "prompt_tokens", "completion", "completion_tokens", "cost", "model")] == [
        "prompt",
        3,
        "completion",
        4,
        "0.1",
        "m",
    ]


def test_an_error_keeps_its_trigger_and_what_the_exception_tells() -> None:
    trigger = ToolEvent(name="search")
    with pytest.raises(KeyError) as caught:
        {}["nothing there"]
    sent = wire(ErrorEvent(trigger_event=trigger, exception=caught.value))
    assert (sent["trigger_event_id"], sent["trigger_event_type"]) == (str(trigger.id), "tools")
    assert (sent["error_type"], sent["details"]) == ("KeyError", "'nothing there'")
    assert "test_events.py" in str(sent["logs"])
    assert sent["timestamp"] == sent["init_timestamp"]


def test_moments_may_be_datetimes_and_become_utc() -> None:
    zone = timezone(timedelta(hours=2))
    sent = wire(ActionEvent(init_timestamp=datetime(2026, 1, 1, 2, tzinfo=zone), end_timestamp="2026-01-01T00:00:01Z"))
    assert sent["init_timestamp"] == "2026-01-01T00:00:00.000000+00:00"
    assert sent["end_timestamp"] == "2026-01-01T00:00:01Z"


def test_ids_are_unique_and_ordered_by_time() -> None:
    ids = [new_id() for _ in range(2000)]
    assert len(set(ids)) == 2000
    assert all(isinstance(one, UUID) and one.version == 7 and one.variant == "specified in RFC 4122" for one in ids)
    assert [one.int >> 80 for one in ids] == sorted(one.int >> 80 for one in ids)


@pytest.mark.parametrize(
    ("duration_ms", "text"),
    [(0, "0.0s"), (999.99, "1.0s"), (62_000, "1m 2.0s"), (3_723_400, "1h 2m 3.4s"), (-5, "0.0s")],
)
def test_durations(duration_ms: float, text: str) -> None:
    assert format_duration(duration_ms) == text


@pytest.mark.parametrize(
    ("given", "text"), [("1E-7", "0.0000001"), (0, "0.00"), ("12", "12.00"), (0.1, "0.10"), ("0.0075", "0.0075")]
)
def test_money(given: object, text: str) -> None:
    amount = find_money(given)
    assert amount is not None
    assert to_text(amount) == text


@pytest.mark.parametrize("given", ["unknown", None, "NaN", "Infinity", True, ""])
def test_what_is_no_money(given: object) -> None:
    assert find_money(given) is None
