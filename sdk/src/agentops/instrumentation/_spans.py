"""A span as OTLP/JSON has it (opentelemetry-proto, trace.proto), one `scopeSpans` object each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.sdk.trace import Event, ReadableSpan
    from opentelemetry.trace import SpanContext

    from agentops._encoding import Encoder

AGENT, PARENT, SEQUENCE = "agentops.agent.id", "agentops.parent.id", "agentops.sequence"
"""Attributes that say which agent and which event (that is no span) a span belongs to, and its sequence number."""
RETRIES = "agentops.retries"
"""The attribute that says how often a request of a model's call was sent again."""
_TOOL_OPERATIONS = frozenset(("execute_tool", "TOOL"))
_LLM_OPERATIONS = frozenset(("chat", "text_completion", "generate_content", "completion", "generate", "LLM"))


_USAGE = (
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.output_tokens",
    "llm.token_count.prompt",
    "llm.token_count.completion",
)
_REPORTS = (
    {"ag2.span.type": "usage"},
    {"gen_ai.system": "autogen", "gen_ai.operation.name": "create_agent"},
)
"""Attributes of spans that are nothing that happened: AG2 says again what a call has cost, AutoGen that an object was
made."""


def encode_span(
    span: ReadableSpan, encoder: Encoder, belongs: Mapping[str, object], parent: SpanContext | None
) -> bytes:
    """Its JSON, redacted and cut as the session's options say, with attributes that say where it belongs.

    The parent is one that is recorded, too: nobody could look up another.
    """
    context, scope = span.get_span_context(), span.instrumentation_scope
    wire: dict[str, object] = {
        "traceId": f"{context.trace_id:032x}" if context is not None else "",
        "spanId": f"{context.span_id:016x}" if context is not None else "",
        "name": span.name,
        "kind": span.kind.value + 1,
        "startTimeUnixNano": str(span.start_time or 0),
        "endTimeUnixNano": str(span.end_time or 0),
        "attributes": _attributes(span.attributes or {}, encoder) + [_attribute(*pair) for pair in belongs.items()],
        "events": [_moment(event, encoder) for event in span.events],
        "status": {"code": span.status.status_code.value, "message": encoder.clean(span.status.description or "")},
    }
    if parent is not None:
        wire["parentSpanId"] = f"{parent.span_id:016x}"
    named = {"name": scope.name, "version": scope.version or ""} if scope is not None else {}
    return encoder.encode_clean({"scope": named, "spans": [wire]})


def count_as(span: ReadableSpan) -> str:
    """The count that a span adds to: `llms`, `tools` or `actions`."""
    attributes = span.attributes or {}
    operation = attributes.get("gen_ai.operation.name") or attributes.get("openinference.span.kind")
    if operation in _LLM_OPERATIONS:
        return "llms"
    return "tools" if operation in _TOOL_OPERATIONS else "actions"


def is_call(span: ReadableSpan) -> bool:
    """Whether it is a call of a model."""
    return count_as(span) == "llms"


def has_usage(span: ReadableSpan) -> bool:
    """Whether it tells the tokens of a call."""
    attributes = span.attributes or {}
    return any(name in attributes for name in _USAGE)


def has_failed(span: ReadableSpan) -> bool:
    """Whether it ended with an error."""
    return not span.status.is_ok and not span.status.is_unset


def is_report(span: ReadableSpan) -> bool:
    """Whether it tells of nothing that happened, or of what other spans tell."""
    attributes = span.attributes or {}
    return any(all(attributes.get(name) == value for name, value in report.items()) for report in _REPORTS)


def _moment(event: Event, encoder: Encoder) -> dict[str, object]:
    attributes = _attributes(event.attributes or {}, encoder)
    return {"timeUnixNano": str(event.timestamp), "name": event.name, "attributes": attributes}


def _attributes(values: Mapping[str, Any], encoder: Encoder) -> list[dict[str, object]]:
    return [_attribute(name, encoder.clean(value)) for name, value in values.items()]


def _attribute(name: str, value: object) -> dict[str, object]:
    return {"key": name, "value": _value(value)}


def _value(value: object) -> dict[str, object]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, (list, tuple)):
        return {"arrayValue": {"values": [_value(item) for item in value]}}
    return {"stringValue": value if isinstance(value, str) else str(value)}
