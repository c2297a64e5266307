"""Whatever comes in: an answer per event, or a bad request, and nothing else."""

import json
import uuid
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from agentops_server.errors import BadRequest
from agentops_server.ingest.normalise import normalise
from agentops_server.storage.warehouse.rows import EventRow, decode_rows, encode_rows, event_row
from agentops_server.wire.v2.events import decode_events
from agentops_server.wire.v2.sessions import decode_agent, decode_reauthorization, decode_session
from agentops_server.wire.v2.shape import WireEvent

from .bodies import ORIGIN

TEXT = st.text(st.characters(), max_size=8)  # with surrogates, as a client's encoder escapes them
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXT)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=6)
LIKELY = st.sampled_from(
    ["llms", "tools", "errors", "2026-11-20T12:00:00Z", str(uuid.UUID(int=7)), "", 0, -1, 1e999, "0.1", True, 1 << 70]
)
EVENTS = st.dictionaries(st.sampled_from(WireEvent.__struct_fields__), LIKELY | JSON)
WHOLE = st.fixed_dictionaries(
    {"id": st.uuids().map(str), "event_type": st.sampled_from(["llms", "tools", "actions", "errors", "chain"])},
    optional=dict.fromkeys(("params", "returns", "prompt", "completion", "details", "logs", "name", "model"), JSON),
)


@given(st.lists(EVENTS | WHOLE | JSON, max_size=4))
@example([{"id": "x", "cost": 1e12}])
def test_every_event_is_admitted_or_dropped(events: list[Any]) -> None:
    batch = decode_events(json.dumps({"events": events}).encode(), ORIGIN)
    dropped = [drop.index for drop in batch.drops]
    assert len(batch.events) + len(dropped) == len(events)
    assert dropped == sorted(set(dropped))


@given(st.lists(WHOLE, min_size=1, max_size=3))
def test_every_whole_event_becomes_a_row_and_comes_back(events: list[Any]) -> None:
    batch = decode_events(json.dumps({"events": events}).encode(), ORIGIN)
    normalise(batch)
    rows = [event_row(event) for event in batch.events]
    assert batch.drops == []
    assert decode_rows(encode_rows(rows), EventRow) == rows


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode) | JSON.map(json.dumps).map(str.encode))
@example(b'{"events": [{"a": "\\ud800')
def test_any_bytes_are_a_batch_or_a_bad_request(body: bytes) -> None:
    try:
        decode_events(body, ORIGIN)
    except BadRequest:
        return
    assert b"events" in body


@given(st.fixed_dictionaries({"session": st.dictionaries(TEXT, JSON) | JSON}) | JSON)
def test_any_json_is_a_session_or_a_bad_request(body: Any) -> None:
    text = json.dumps(body).encode()
    for decode in (lambda: decode_session(text).update(ORIGIN), lambda: decode_reauthorization(text)):
        try:
            decode()
        except BadRequest:
            continue


@given(st.fixed_dictionaries({"id": st.uuids().map(str)}, optional={"name": JSON, "logs": JSON}))
def test_any_agent_with_an_id_is_taken(body: Any) -> None:
    assert str(decode_agent(json.dumps(body).encode(), ORIGIN).id) == body["id"]
