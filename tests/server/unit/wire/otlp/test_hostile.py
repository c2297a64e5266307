"""Whatever comes in: events and refusals, or a bad request, and nothing else; and no neighbour is lost."""

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from agentops_server.domain.batch import Batch
from agentops_server.errors import BadRequest
from agentops_server.ingest.normalise import normalise
from agentops_server.storage.warehouse.rows import EventRow, decode_rows, encode_rows, event_row
from agentops_server.wire.otlp import json_form, protobuf_form
from agentops_server.wire.otlp.decoding import decode_export
from agentops_server.wire.otlp.model import Export

from .making import SENDER, TRACE_ID, make_span

NAMES = st.sampled_from(
    [
        "gen_ai.operation.name", "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions",
        "gen_ai.usage.input_tokens", "gen_ai.usage.cost", "gen_ai.prompt.0.content",
        "gen_ai.prompt.x.tool_calls.0.name",
        "openinference.span.kind", "llm.input_messages.999999999.message.role", "llm.input_messages.0.message",
        "llm.input_messages.0.message.contents.0.message_content.image.image.url", "llm.tools.0.tool.json_schema",
        "llm.invocation_parameters", "langfuse.observation.type", "langfuse.observation.usage_details", "events",
        "langfuse.observation.input", "langfuse.observation.cost_details", "langfuse.observation.completion_start_time",
        "ai.operationId", "ai.prompt", "ai.response.toolCalls", "ai.prompt.tools", "ai.response.providerMetadata",
        "request_data", "response_data", "logfire.span_type", "logfire.pending_parent_id", "agentops.span.kind",
        "agentops.session.end_state", "agentops.parent.id", "agentops.sequence", "session.id", "agentops.tags",
        "gen_ai.agent.name", "metadata", "gen_ai.response.time_to_first_chunk", "gen_ai.request.temperature",
    ]
)  # fmt: skip
WORDS = st.sampled_from(
    ["chat", "LLM", "generation", "llm", "ai.generateText.doGenerate", "pending_span", "Success", "-1"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["role", "content", "parts", "type", "text", "tool_calls", "function", "message", "messages", "id", "input"]
    ), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip
VALUES = WORDS | JSON | JSON.map(json.dumps) | JSON.map(lambda value: json.dumps(json.dumps(value)))
SCOPED = st.fixed_dictionaries({"spans": st.lists(JSON, max_size=3)})
PARTS = st.fixed_dictionaries({"scopeSpans": st.lists(SCOPED, max_size=2)})
EXPORTS = st.fixed_dictionaries({"resourceSpans": st.lists(PARTS, max_size=2)})
ATTRIBUTES = st.dictionaries(NAMES | st.text(max_size=5), VALUES, max_size=8)


def assert_storable(export: Export, count: int) -> None:
    decoded = decode_export(export, SENDER)
    assert len(decoded.spans) == count
    events = [event for record in decoded.spans for event in (record.event, *record.errors.values())]
    normalise(Batch(events))
    rows = [event_row(event) for event in events]
    assert decode_rows(encode_rows(rows), EventRow) == rows
    for event in events:
        for text in (event.prompt_json, event.completion_json, event.params_json, event.returns_json, event.tools_json):
            assert not text or json.loads(text) is not ...


@given(st.lists(ATTRIBUTES, min_size=1, max_size=3))
@example([{"llm.input_messages.999999999.message.role": "user", "openinference.span.kind": "LLM"}])
@example([{"gen_ai.input.messages": "[" * 50_000, "gen_ai.operation.name": "chat"}])
@example([{"gen_ai.usage.input_tokens": -1, "gen_ai.operation.name": "chat", "gen_ai.usage.cost": "NaN"}])
def test_every_span_becomes_rows(spans: list[dict[str, Any]]) -> None:
    export = Export([make_span(attributes, number) for number, attributes in enumerate(spans, 1)])
    assert_storable(export, len(spans))


@given(st.binary(max_size=80))
def test_any_bytes_are_an_export_or_a_bad_request(body: bytes) -> None:
    for form in (protobuf_form, json_form):
        for decode in (form.decode_traces, form.decode_logs, form.count_points):
            try:
                found = decode(body)
            except BadRequest:
                continue
            assert isinstance(found, Export | int)


@given(st.data())
def test_a_span_with_broken_bytes_costs_no_neighbour(data: st.DataObject) -> None:
    request = ExportTraceServiceRequest()
    scoped = request.resource_spans.add().scope_spans.add()
    for number in (1, 2, 3):
        span = scoped.spans.add(trace_id=bytes.fromhex(TRACE_ID), span_id=bytes([number] * 8), name=f"span-{number}")
        span.start_time_unix_nano = 1
    body = request.SerializeToString()
    broken = data.draw(st.binary(min_size=6, max_size=6))
    export = protobuf_form.decode_traces(body.replace(b"span-2", broken))
    names = [span.name for span in export.spans]
    assert names[0] == "span-1"
    assert names[-1] == "span-3"
    assert len(export.spans) + len(export.rejections) == 3


@given(JSON | EXPORTS)
def test_any_json_is_an_export_or_a_bad_request(value: Any) -> None:
    body = json.dumps(value).encode()
    for decode in (json_form.decode_traces, json_form.decode_logs):
        try:
            export = decode(body)
        except BadRequest:
            continue
        assert_storable(export, len(export.spans))


def test_both_encodings_say_the_same() -> None:
    attributes = [
        {"key": "text", "value": {"stringValue": "x"}},
        {"key": "number", "value": {"intValue": "12"}},
        {"key": "list", "value": {"arrayValue": {"values": [{"boolValue": True}, {"doubleValue": 0.5}]}}},
        {"key": "map", "value": {"kvlistValue": {"values": [{"key": "a", "value": {"stringValue": "b"}}]}}},
        {"key": "bytes", "value": {"bytesValue": "AAE="}},
    ]
    ids = {"traceId": TRACE_ID, "spanId": "00f067aa0ba902b7"}
    span = {**ids, "name": "n", "startTimeUnixNano": "5", "endTimeUnixNano": 6, "attributes": attributes}
    text = json.dumps({"resource_spans": [{"scope_spans": [{"spans": [span]}]}]}).encode()
    request = ExportTraceServiceRequest()
    message = request.resource_spans.add().scope_spans.add().spans.add(name="n")
    message.trace_id, message.span_id = bytes.fromhex(TRACE_ID), bytes.fromhex("00f067aa0ba902b7")
    message.start_time_unix_nano, message.end_time_unix_nano = 5, 6
    message.attributes.add(key="text").value.string_value = "x"
    message.attributes.add(key="number").value.int_value = 12
    listed = message.attributes.add(key="list").value.array_value
    listed.values.add(bool_value=True)
    listed.values.add(double_value=0.5)
    message.attributes.add(key="map").value.kvlist_value.values.add(key="a").value.string_value = "b"
    message.attributes.add(key="bytes").value.bytes_value = b"\x00\x01"
    (binary,) = protobuf_form.decode_traces(request.SerializeToString()).spans
    assert json_form.decode_traces(text).spans == [binary]
