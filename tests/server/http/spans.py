"""Spans for tests of OTLP: exports of one or many, in protobuf."""

import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from .api import Answer, Api

PROTOBUF = "application/x-protobuf"
SLOTS = {bool: "bool_value", int: "int_value", float: "double_value", str: "string_value"}
CALL = {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.usage.input_tokens": 1000,
    "gen_ai.usage.output_tokens": 500,
}
"""A model call that costs 0.0075."""


@dataclass
class Tree:
    """The spans of one trace, by number; number 0 is no span."""

    trace_id: bytes = field(default_factory=lambda: uuid.uuid4().bytes)
    start_ns: int = field(default_factory=time.time_ns)
    spans: dict[int, Span] = field(default_factory=dict)

    @property
    def session_id(self) -> str:
        return str(uuid.UUID(bytes=self.trace_id))

    def add(self, number: int, parent: int = 0, name: str = "step", /, **attributes: Any) -> Span:
        span = Span(trace_id=self.trace_id, span_id=number.to_bytes(8, "big"), name=name)
        if parent:
            span.parent_span_id = parent.to_bytes(8, "big")
        span.start_time_unix_nano = self.start_ns + number
        span.end_time_unix_nano = self.start_ns + 1_000_000_000 - number
        put(span, attributes)
        self.spans[number] = span
        return span

    def fail(self, number: int, message: str) -> None:
        """The span ends with an exception."""
        span = self.spans[number]
        span.status.code = 2
        span.status.message = message
        put(span.events.add(name="exception"), {"exception.type": "ValueError", "exception.message": message})

    def export(self, *numbers: int) -> bytes:
        """These spans, or all."""
        request = ExportTraceServiceRequest()
        resource = request.resource_spans.add()
        put(resource.resource, {"service.name": "shop"})
        resource.scope_spans.add().spans.extend(self.spans[number] for number in numbers or self.spans)
        return request.SerializeToString()


def put(message: Any, attributes: dict[str, Any]) -> None:
    for key, value in attributes.items():
        slot = message.attributes.add(key=key).value
        if isinstance(value, list):
            for each in value:
                slot.array_value.values.add(string_value=each)
        else:
            setattr(
                slot,
                {bool: "bool_value", int: "int_value", float: "double_value"}.get(type(value), "string_value"),
                value,
            )


def send(api: Api, body: bytes, path: str = "/v1/traces", **headers: str) -> Answer:
    given = {"X-Agentops-Api-Key": api.api_key, "Content-Type": PROTOBUF}
    return api.ask("POST", path, body, given | {name.replace("_", "-"): value for name, value in headers.items()})


def take(api: Api, body: bytes) -> None:
    """Send spans that must be taken without exception."""
    answer = send(api, body)
    assert (answer.status, answer.body) == (200, b"")


def refused(answer: Answer) -> tuple[int, str]:
    """How many spans were refused, and why."""
    assert answer.status == 200
    partial = ExportTraceServiceResponse.FromString(answer.body).partial_success
    return partial.rejected_spans, partial.error_message
