"""JSON that is none, as Python's own encoder and broken clients write it: no matter of the neighbours."""

import json
import sys
from typing import Any

import pytest

from agentops_server.domain.batch import DropReason
from agentops_server.domain.event import Event
from agentops_server.errors import BadRequest
from agentops_server.wire.v2.events import decode_events

from .bodies import GOOD, ID, ORIGIN, decode, drop_reason, wire_event

NEIGHBOUR = b'{"id":"%s","event_type":"llms","prompt": {"a":1.10}}' % ID.encode()


def decode_beside_a_neighbour(event: bytes) -> Event:
    """The event from a batch whose other event must be kept byte for byte."""
    batch = decode(NEIGHBOUR, event)
    assert batch.drops == []
    assert batch.events[0].prompt_json == '{"a":1.10}'
    return batch.events[1]


def text_of(field: str, value: bytes, event_type: bytes = b"llms") -> bytes:
    return b'{"id":"%s","event_type":"%s","%s":%s}' % (ID.encode(), event_type, field.encode(), value)


@pytest.mark.parametrize(
    ("value", "kept"), [(b"NaN", "NaN"), (b"Infinity", "Infinity"), (b"-Infinity", "-Infinity"), (b"[NaN]", ["NaN"])]
)
def test_numbers_that_are_none_become_strings_in_a_payload(value: bytes, kept: Any) -> None:
    assert json.loads(decode_beside_a_neighbour(text_of("prompt", value)).prompt_json) == kept


@pytest.mark.parametrize("value", [b"NaN", b"1e999", b"-1e999", b"9" * 5000])
def test_numbers_beyond_use_become_text_in_a_text_field(value: bytes) -> None:
    assert decode_beside_a_neighbour(text_of("code", value, b"errors")).error_code == value.decode()


@pytest.mark.parametrize("value", [b"NaN", b"Infinity", b"1e999", b"9" * 5000])
@pytest.mark.parametrize(
    ("field", "reason"), [("prompt_tokens", DropReason.INVALID_TOKENS), ("cost", DropReason.INVALID_COST)]
)
def test_numbers_that_are_none_are_no_counts_and_no_money(field: str, reason: DropReason, value: bytes) -> None:
    batch = decode(NEIGHBOUR, text_of(field, value))
    assert [(drop.index, drop.id, drop.reason) for drop in batch.drops] == [(1, ID, reason)]
    assert [event.prompt_json for event in batch.events] == ['{"a":1.10}']


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    assert decode_beside_a_neighbour(text_of("code", rb'"a\ud800b"', b"errors")).error_code == "a\ufffdb"
    assert json.loads(decode_beside_a_neighbour(text_of("prompt", rb'"a\udfffb"')).prompt_json) == "a\ufffdb"


def test_a_surrogate_pair_stays_one_character() -> None:
    assert decode_beside_a_neighbour(text_of("code", rb'["\ud83d\ude00", NaN]', b"errors")).error_code == '["😀","NaN"]'


@pytest.mark.parametrize("field", ["prompt", "logs", "name", "id"])
def test_an_event_that_is_not_utf_8_is_dropped_alone(field: str) -> None:
    assert drop_reason(text_of(field, b'"a\xffb"')) is DropReason.MALFORMED


def test_each_odd_event_of_a_batch_is_judged_by_itself() -> None:
    batch = decode(text_of("prompt", b"NaN"), text_of("prompt", b'"\xff"'), NEIGHBOUR, text_of("prompt", rb'"\ud800"'))
    assert [drop.index for drop in batch.drops] == [1]
    assert [event.prompt_json for event in batch.events] == ['"NaN"', '{"a":1.10}', '"\ufffd"']


@pytest.mark.parametrize("field", ["prompt", "details", "unknown"])
@pytest.mark.parametrize("brackets", [(b"[", b"]"), (b'{"a":', b"}")])
def test_an_event_that_is_nested_too_deeply_is_dropped_alone(field: str, brackets: tuple[bytes, bytes]) -> None:
    levels = 10 * sys.getrecursionlimit()
    opening, closing = brackets
    value = opening * levels + b"1" + closing * levels
    assert drop_reason(text_of(field, value, b"errors")) is DropReason.MALFORMED


def test_every_depth_is_kept_or_dropped_and_raises_nothing() -> None:
    for levels in range(sys.getrecursionlimit() - 200, sys.getrecursionlimit() + 20):
        batch = decode(GOOD, text_of("details", b"[" * levels + b"]" * levels, b"errors"))
        assert len(batch.events) + len(batch.drops) == 2
        assert len(batch.events) >= 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"garbage",
        b"[]",
        b"7",
        b"null",
        b"{}",
        b'{"events": null}',
        b'{"events": {}}',
        b'{"events": "x"}',
        b'{"events": [{]}',
        b'{"events": [{"id": tru}]}',
        b'{"events": [{"id": NaN}',
        b'{"events": [NaN, {"a": "b]}',
        b'{"events": [{"a": "\\ud800"}], "b": }',
        b'{"events": [{"a": "\\q"}]}',
        b'{"events": [{"a": NaN},, 1]}',
        b'{"events": [{"a": "line\nbreak"}]}',
        b'{"events": [{}]} trailing',
        b'{"events": [NaN]} trailing',
        b'{"events": [[}]}',
        b'{"events": [' + b"[" * 5000,
        b'{"events": [], "x": {"y": ' + b"[" * 5000 + b"]" * 5000 + b"}}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'"' + b'\\"' * 100_000,
        b"\xff\xfe",
        b'{"events": []}\xff',
    ],
)
def test_a_body_that_is_no_json_of_this_shape_is_a_bad_request(body: bytes) -> None:
    with pytest.raises(BadRequest):
        decode_events(body, ORIGIN)


def test_what_is_around_the_events_may_be_odd_too() -> None:
    body = b'{"x": [NaN, {"events": [1]}], "events": [%s, {"id": NaN}], "y": "\\ud800 ]}"}' % json.dumps(GOOD).encode()
    batch = decode_events(body, ORIGIN)
    assert [str(event.id) for event in batch.events] == [GOOD["id"]]
    assert [drop.index for drop in batch.drops] == [1]


def test_brackets_and_quotes_in_strings_do_not_mislead() -> None:
    details = 'a "quoted" ], [ } { \\ \\" , text\n'
    odd = wire_event(event_type="errors", details=details, params={details: float("nan")})
    batch = decode(odd, GOOD, odd)
    assert batch.drops == []
    assert [event.details_json and json.loads(event.details_json) for event in batch.events] == [details, "", details]
