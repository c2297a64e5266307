"""One bad event is dropped for its own reason; its neighbours stay."""

from typing import Any

import pytest

from agentops_server.domain.batch import DropReason

from .bodies import GOOD, ID, decode, drop_reason, wire_event

BAD: list[tuple[DropReason, Any]] = [
    *((DropReason.NOT_AN_OBJECT, value) for value in (None, 7, "text", [], [GOOD], True)),
    *((DropReason.INVALID_ID, wire_event(id=value)) for value in (None, "", "x", 7, [], {}, f"{{{ID}}}")),
    *(
        (DropReason.INVALID_ID, wire_event(event_type="errors", **{field: value}))
        for field in ("agent_id", "parent_id", "participant_id", "trigger_event_id")
        for value in ("x", 7, [], False)
    ),
    (DropReason.INVALID_ID, {"event_type": "actions"}),
    *((DropReason.INVALID_TYPE, wire_event(event_type=value)) for value in (None, "", 7, [], "x" * 201)),
    (DropReason.INVALID_TYPE, {"id": ID}),
    (DropReason.INVALID_TYPE, {}),
    *(
        (DropReason.INVALID_TIME, wire_event(**{field: value}))
        for field in ("init_timestamp", "end_timestamp", "timestamp")
        for value in ("yesterday", 1795176000, [], {}, "1950-01-01T00:00:00Z", True)
    ),
    *(
        (DropReason.INVALID_TOKENS, wire_event(event_type="llms", **{field: value}))
        for field in ("prompt_tokens", "completion_tokens")
        for value in (-1, 1.5, "many", "-1", True, [], 1 << 60, "9" * 5000, "١")
    ),
    *((DropReason.INVALID_TOKENS, wire_event(sequence=value)) for value in (-1, 1.5, "first", {})),
    *(
        (DropReason.INVALID_COST, wire_event(event_type=event_type, cost=value))
        for event_type in ("llms", "tools")
        for value in (-1, "free", True, [], {}, 1e16, "NaN", "-0.01")
    ),
]


@pytest.mark.parametrize(("reason", "event"), BAD, ids=[f"{n}-{reason}" for n, (reason, _) in enumerate(BAD)])
def test_a_bad_event_is_dropped_and_its_neighbours_stay(reason: DropReason, event: Any) -> None:
    assert drop_reason(event) is reason


@pytest.mark.parametrize(
    ("event_type", "field"),
    [("actions", "prompt_tokens"), ("actions", "cost"), ("tools", "prompt_tokens"), ("errors", "cost")],
)
def test_fields_of_llm_calls_matter_to_llm_calls_only(event_type: str, field: str) -> None:
    batch = decode(wire_event(event_type=event_type, **{field: "garbage"}))
    assert (len(batch.events), batch.drops) == (1, [])


def test_a_drop_tells_the_id_that_was_sent() -> None:
    (drop,) = decode(wire_event(id=ID, init_timestamp="never")).drops
    assert drop.id == ID
    assert "init_timestamp" in drop.message
    assert "'never'" in drop.message


def test_a_drop_tells_an_id_that_is_none_as_it_was_sent() -> None:
    first, second = decode(wire_event(id="nope"), wire_event(id=7)).drops
    assert (first.id, second.id) == ("nope", None)


def test_every_drop_has_the_index_of_its_event() -> None:
    batch = decode(7, GOOD, wire_event(id="x"), GOOD, wire_event(event_type=""))
    assert [drop.index for drop in batch.drops] == [0, 2, 4]
    assert len(batch.events) == 2


def test_no_events_are_an_empty_batch() -> None:
    batch = decode()
    assert (batch.events, batch.drops) == ([], [])
