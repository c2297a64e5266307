"""Events whose ids and times wait as numbers: what is read is what would have been written out at once."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentops import ActionEvent, ErrorEvent, Event, LLMEvent, ToolEvent
from agentops._clock import now_ns
from agentops._encoding import Encoder
from agentops._ids import SALT_BITS, to_number
from agentops._records import EVENT, iter_records, pack
from agentops._wire import encode_event, fields_of

from .test_records import Bytes

SESSION, PARTICIPANT = uuid4(), uuid4()
NEIGHBOUR = pack(EVENT, SESSION.bytes, 1, b'{"n":1}')


def stamped(event: Event, sequence: int, at_ns: int) -> bytes:
    assert isinstance(event.given_id, int)
    stamp = (PARTICIPANT.bytes, event.made_ns, event.given_id, at_ns)
    return pack(EVENT, SESSION.bytes, sequence, Encoder().encode(fields_of(event, SESSION)), stamp)


def read(data: bytes) -> list[dict[str, object]]:
    return [json.loads(record.payload) for record in iter_records(Bytes(data), len(data), 500)]


@pytest.mark.parametrize(
    "event",
    [
        Event("walk", {"a": [1]}, "home"),
        ActionEvent(params={"naïve": "…"}, agent_id="Researcher"),
        LLMEvent(prompt=[{"role": "user", "content": "Hi"}], completion="Hello", model="gpt-4o", prompt_tokens=1),
        ToolEvent(name="search", returns=None),
        ErrorEvent(exception=ValueError("no"), trigger_event=ToolEvent(name="search")),
    ],
    ids=lambda event: type(event).__name__,
)
def test_an_event_is_read_as_it_would_be_written(event: Event) -> None:
    at_ns = now_ns()
    written = json.loads(encode_event(event, SESSION, str(PARTICIPANT), 7, at_ns, Encoder()))
    assert read(NEIGHBOUR + stamped(event, 7, at_ns)) == [{"n": 1}, written]
    assert written["id"] == str(event.id)


@given(st.integers(0, 2**63), st.integers(0, 2**SALT_BITS - 1))
def test_an_id_is_a_uuid_of_version_7_with_the_time_in_front(at_ns: int, salt: int) -> None:
    identity = UUID(int=to_number(at_ns, salt))
    assert (identity.version, identity.variant) == (7, "specified in RFC 4122")
    assert identity.int >> 80 == at_ns // 1_000_000
    assert identity.int & (2**SALT_BITS - 1) == salt
    assert identity.int < to_number(at_ns + 1_000_000, salt)


def test_ids_of_events_are_in_the_order_of_their_times() -> None:
    numbers = [to_number(1_795_000_000_000_000_000 + step * 250, 0) for step in range(4000)]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) > 3900


@given(st.data())
def test_a_damaged_end_or_head_loses_only_that_record(data: st.DataObject) -> None:
    packed = stamped(LLMEvent(prompt="p" * 3000, completion="c" * 100), 2, now_ns())
    at = data.draw(st.integers(0, 76) | st.integers(len(packed) - 64, len(packed) - 1))
    flipped = bytearray(packed)
    flipped[at] ^= data.draw(st.integers(1, 255))
    assert read(NEIGHBOUR + bytes(flipped) + NEIGHBOUR) == [{"n": 1}, {"n": 1}]


@given(st.data())
def test_what_a_power_cut_kept_from_the_disk_loses_only_that_record(data: st.DataObject) -> None:
    packed = bytearray(stamped(LLMEvent(prompt="p" * 6000), 2, now_ns()))
    start = data.draw(st.integers(0, len(packed) // 512)) * 512
    packed[start : start + 512] = bytes(len(packed[start : start + 512]))
    assert read(NEIGHBOUR + bytes(packed) + NEIGHBOUR) == [{"n": 1}, {"n": 1}]


@given(st.integers(1, 4000))
def test_a_torn_record_is_none(cut: int) -> None:
    packed = stamped(LLMEvent(prompt="p" * 6000), 2, now_ns())
    assert read(NEIGHBOUR + packed[:-cut]) == [{"n": 1}]
