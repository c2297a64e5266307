"""What is too much to be decoded is refused early, in our words, whatever it is made of."""

import json
import tracemalloc

import pytest

from agentops_server.domain.batch import DropReason
from agentops_server.errors import BadRequest, TooLarge
from agentops_server.wire.v2.events import decode_events
from agentops_server.wire.v2.sessions import LARGEST_BODY_BYTES, decode_session
from agentops_server.wire.v2.splitting import MOST_EVENTS, MOST_STEPS
from agentops_server.wire.v2.sprawl import LARGEST_VALUE_BYTES

from .bodies import GOOD, ID, ORIGIN, wire_event


def test_more_events_than_one_body_may_have_are_too_large() -> None:
    assert len(decode_events(b'{"events": [%s0]}' % (b"0," * (MOST_EVENTS - 1)), ORIGIN).drops) == MOST_EVENTS
    with pytest.raises(TooLarge, match=str(MOST_EVENTS)):
        decode_events(b'{"events": [%s0]}' % (b"0," * MOST_EVENTS), ORIGIN)


@pytest.mark.parametrize("unit", [b"[],", b"[[],1],", b"{},", b'"",', b'[{"a":[1]}],'])
def test_a_body_of_brackets_that_is_not_json_is_given_up(unit: bytes) -> None:
    with pytest.raises(TooLarge, match="not strictly JSON"):
        decode_events(b'{"events": [%sNaN]}' % (unit * (MOST_STEPS + 1)), ORIGIN)


def test_a_body_that_opens_and_never_closes_is_given_up() -> None:
    with pytest.raises((TooLarge, BadRequest)):
        decode_events(b'{"events": [' + b"[" * (MOST_STEPS + 1), ORIGIN)


def test_an_odd_event_with_long_flat_lists_is_still_mended() -> None:
    params = {"vectors": [[0.5] * 1000] * 300, "odd": float("nan")}
    batch = decode_events(json.dumps({"events": [GOOD, wire_event(params=params), GOOD]}).encode(), ORIGIN)
    assert batch.drops == []
    assert json.loads(batch.events[1].params_json) == {**params, "odd": "NaN"}


def test_an_odd_event_of_a_million_values_is_dropped_alone() -> None:
    odd = b'{"id": "%s", "event_type": "actions", "params": [%sNaN]}' % (ID.encode(), b"1," * 1_000_000)
    batch = decode_events(b'{"events": [%s, %s]}' % (odd, json.dumps(GOOD).encode()), ORIGIN)
    assert [str(event.id) for event in batch.events] == [GOOD["id"]]
    assert [(drop.index, drop.reason) for drop in batch.drops] == [(0, DropReason.MALFORMED)]
    assert "mended" in batch.drops[0].message


@pytest.mark.parametrize(
    "field", ["id", "name", "model", "prompt_tokens", "cost", "init_timestamp", "trigger_event_id"]
)
def test_a_field_that_should_be_a_word_and_is_a_sprawl_drops_its_event_without_being_decoded(field: str) -> None:
    sprawl = b"[%s[]]" % (b"[]," * (LARGEST_VALUE_BYTES // 3))
    event = b'{"event_type": "actions", "%s": %s}' % (field.encode(), sprawl)
    body = b'{"events": [%s, %s]}' % (event, json.dumps(GOOD).encode())
    tracemalloc.start()
    try:
        batch = decode_events(body, ORIGIN)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [str(kept.id) for kept in batch.events] == [GOOD["id"]]
    (drop,) = batch.drops
    assert drop.reason == DropReason.MALFORMED
    assert field in drop.message
    assert peak_bytes < 5 * LARGEST_VALUE_BYTES  # half a million lists would take thirty times as much


def test_a_payload_and_a_text_of_any_size_are_no_sprawl() -> None:
    big = wire_event(params=[[]] * 400_000, name="x" * 2 * LARGEST_VALUE_BYTES)
    batch = decode_events(json.dumps({"events": [big]}).encode(), ORIGIN)
    assert batch.drops == []
    assert json.loads(batch.events[0].params_json) == big["params"]


def test_a_session_body_over_its_own_limit_is_too_large() -> None:
    body = json.dumps({"session": {"session_id": ID, "host_env": {"x": "y" * LARGEST_BODY_BYTES}}}).encode()
    with pytest.raises(TooLarge, match=str(LARGEST_BODY_BYTES)):
        decode_session(body)
