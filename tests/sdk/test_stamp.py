"""Events whose ids and times wait as numbers: what is read is what would have been written out at once."""

from __future__ import annotations

import errno
import json
import os
import signal
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import Mock
from uuid import UUID, uuid4

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentops import ActionEvent, ErrorEvent, Event, EventType, LLMEvent, ToolEvent, _events
from agentops._clock import now_ns
from agentops._encoding import Encoder, load_fast_encoder
from agentops._fast_path import Door, Sender, make_fast_path
from agentops._ids import SALT_BITS, to_id, to_number
from agentops._log import Notices
from agentops._records import CREATE, EVENT, iter_records, pack
from agentops._segment import FileSegment
from agentops._spool import Spool
from agentops._wire import encode_event

from .test_records import Bytes

if TYPE_CHECKING:
    from agentops._delivery import Delivery
    from agentops._sync import Sync

pytestmark = pytest.mark.usefixtures("each_form")
SESSION, PARTICIPANT = uuid4(), uuid4()
NEIGHBOUR = pack(EVENT, SESSION.bytes, 1, b'{"n":1}')
AT_NS = now_ns()


@pytest.fixture(scope="module", autouse=True)
def _clock_stands_still() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("agentops._clock.now_ns", lambda: AT_NS)
        yield


def take_fast_path(spool: Spool, event: Event, sequence: int, returned: list[int]) -> bool:
    load_fast_encoder()
    spool.append(CREATE, SESSION.bytes, 0, b"{}", bytes)
    awake = SimpleNamespace(has_news=True, has_started=True, is_announced=True)
    counts = dict.fromkeys(("llms", "tools", "actions", "errors"), 0)
    agents = {"Researcher": to_id("Researcher", SESSION)}
    sender = Sender(SESSION, PARTICIPANT, count(sequence), returned, counts, agents, Mock())
    door = Door(spool, cast("Delivery", awake), cast("Sync", awake), Mock())
    encoding, handlers = Encoder().fast, {number: signal.getsignal(number) for number in (2, 15)}
    assert encoding is not None
    return make_fast_path(sender, encoding, door, handlers, Mock())(event)


def stamped(event: Event, sequence: int) -> bytes:
    """What is in the file of an event that takes the fast path."""
    with TemporaryDirectory() as folder:
        spool = Spool(Path(folder), 10_000_000, Notices())
        assert take_fast_path(spool, event, sequence, [])
        start, size = next(iter_records(spool.segments[0], spool.segments[0].size)).end, spool.segments[0].size
        data = spool.segments[0].read(start, size - start)
        spool.close()
        return data


def without_none(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def read(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(record.payload) for record in iter_records(Bytes(data), len(data), 500)]


@pytest.mark.parametrize(
    "event",
    [
        Event("walk", {"a": [1]}, "home"),
        ActionEvent(params={"naïve": "…"}, agent_id="Researcher"),
        LLMEvent(prompt=[{"role": "user", "content": "Hi"}], completion="Hello", model="gpt-4o", prompt_tokens=1),
        LLMEvent(
            EventType.LLM, agent_id="Researcher", returns={1, 2}, completion_tokens=2, cost=0.1, thread_id=uuid4()
        ),
        ToolEvent(name="search", returns=None),
        ErrorEvent(exception=ValueError("no"), trigger_event=ToolEvent(name="search")),
    ],
    ids=lambda event: type(event).__name__,
)
def test_an_event_is_read_as_it_would_be_written(event: Event) -> None:
    event.recorded = None  # as it is by another form
    written = encode_event(event, SESSION, str(PARTICIPANT), 7, AT_NS, Encoder())
    head, completed = read(NEIGHBOUR + stamped(event, 7))
    assert head == {"n": 1}
    assert without_none(completed) == without_none(json.loads(written))
    assert completed["id"] == str(event.id)


def test_a_clock_before_1970_has_lines_and_ids_too() -> None:
    sources = _events.now_ns, _events.next_salt
    _events.use_sources(lambda: -1_000_000_000, _events.next_salt)
    event = LLMEvent()
    _events.use_sources(*sources)
    [completed] = read(stamped(event, 1))
    assert completed["init_timestamp"] == "1969-12-31T23:59:59.000000+00:00"
    assert completed["id"] == str(event.id)


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
def test_what_is_damaged_costs_nothing_but_that_line(data: st.DataObject) -> None:
    packed = stamped(LLMEvent(prompt="p" * 1000, completion="c" * 100), 2)
    whole, at = read(packed), data.draw(st.integers(0, len(packed) - 1))
    flipped = bytearray(packed)
    flipped[at] ^= data.draw(st.integers(1, 255))
    for behind, expected in ((NEIGHBOUR, [{"n": 1}]), (packed, whole)):
        found = [record.payload for record in iter_records(Bytes(bytes(flipped) + behind), len(packed + behind), 500)]
        assert [json.loads(found[-1])] == expected
        assert len(found) <= 2


@pytest.fixture(scope="module")
def template() -> bytes:
    return stamped(LLMEvent(prompt="@"), 77)


def write(template: bytes, number: int, text: str | None) -> bytes:
    if text is None:
        return pack(EVENT, SESSION.bytes, number, b'{"n":[1,2,3,4]}')
    return template.replace(b'{"n":[77,', b'{"n":[%d,' % number).replace(b'"@"', json.dumps(text).encode())


def read_numbers(data: bytes, window_bytes: int) -> list[int]:
    return [record.sequence for record in iter_records(Bytes(data), len(data), window_bytes)]


texts = st.none() | st.integers(0, 3000).map(lambda size: "p" * size) | st.text(max_size=50)


@given(st.lists(texts, max_size=8), st.integers(1, 4000), st.integers(0, 4000), st.data())
def test_lines_and_other_records_are_read_in_windows_of_any_size(
    template: bytes, contents: list[str | None], window_bytes: int, cut_bytes: int, data: st.DataObject
) -> None:
    records = [write(template, number, text) for number, text in enumerate(contents, 1)]
    whole = b"".join(records)
    assert read_numbers(whole, window_bytes) == list(range(1, len(records) + 1))
    torn = whole[: max(0, len(whole) - cut_bytes)]
    ends = [sum(map(len, records[:number])) for number in range(1, len(records) + 1)]
    assert read_numbers(torn, window_bytes) == [number for number, end in enumerate(ends, 1) if end <= len(torn)]
    if records:
        victim = data.draw(st.integers(0, len(records) - 1))
        start = data.draw(st.integers(0, len(records[victim]) - 1))
        size = data.draw(st.integers(1, len(records[victim]) - start))
        damaged = bytearray(records[victim])
        damaged[start : start + size] = bytes(size)
        is_lost = damaged != records[victim]  # a head has NULs of its own
        records[victim] = bytes(damaged)
        expected = [number for number in range(1, len(records) + 1) if not is_lost or number != victim + 1]
        assert read_numbers(b"".join(records), window_bytes) == expected


@pytest.mark.parametrize("before", [b"", NEIGHBOUR], ids=["first", "behind another"])
def test_what_was_encoded_elsewhere_may_have_newlines(before: bytes) -> None:
    fragment = orjson.Fragment(
        json.dumps({"n": [1, 2, 3, 4], "session_id": "x", "lines": ["\n"], "a": {"b": {}}}, indent=1)
    )
    lines = [stamped(LLMEvent(prompt=fragment), number) for number in (2, 3)]
    found = read(before + b"".join(lines))
    assert [each["sequence"] for each in found[-2:]] == [2, 3]
    assert found[-1]["prompt"]["lines"] == ["\n"]


@given(st.data())
def test_what_a_power_cut_kept_from_the_disk_loses_only_that_record(data: st.DataObject) -> None:
    packed = bytearray(stamped(LLMEvent(prompt="p" * 6000), 2))
    start = data.draw(st.integers(0, len(packed) // 512)) * 512
    packed[start : start + 512] = bytes(len(packed[start : start + 512]))
    assert read(NEIGHBOUR + bytes(packed) + NEIGHBOUR) == [{"n": 1}, {"n": 1}]
    line = stamped(LLMEvent(), 3)
    assert [each["sequence"] for each in read(line + bytes(packed) + line)] == [3, 3]


@given(st.integers(1, 4000))
def test_a_torn_record_is_none(cut: int) -> None:
    packed = stamped(LLMEvent(prompt="p" * 6000), 2)
    assert read(NEIGHBOUR + packed[:-cut]) == [{"n": 1}]


@pytest.mark.parametrize("kept_bytes", [0, 100])
def test_what_the_disk_takes_in_part_is_taken_back_and_its_number_used_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept_bytes: int
) -> None:
    spool, returned, write = Spool(tmp_path, 10_000_000, Notices()), list[int](), os.pwrite

    def write_some(descriptor: int, data: bytes, offset: int) -> int:
        if len(data) < 1000:
            return write(descriptor, data, offset)
        if not kept_bytes:
            raise OSError(errno.ENOSPC, "no space left")
        return write(descriptor, data[:kept_bytes], offset)

    def reserve_none(descriptor: int, start: int, end: int) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", write_some)
        patch.setattr("agentops._segment.reserve", reserve_none)
        assert not take_fast_path(spool, LLMEvent(prompt="p" * 3000), 4, returned)
    assert returned == [4]
    segment = spool.segments[0]
    assert segment.size == segment.written_bytes
    assert [record.kind for record in iter_records(segment, segment.size)] == [CREATE]


def test_what_waits_in_memory_takes_the_slow_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> FileSegment:
        raise OSError(errno.EROFS, "read-only")

    monkeypatch.setattr(FileSegment, "create", refuse)
    spool = Spool(tmp_path, 10_000_000, Notices())
    assert not take_fast_path(spool, LLMEvent(), 1, [])
    assert spool.free_bytes == 0
