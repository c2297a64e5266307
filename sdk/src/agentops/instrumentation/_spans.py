"""A span as OTLP/JSON has it (opentelemetry-proto, trace.proto), one `scopeSpans` object each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.sdk.trace import Event, ReadableSpan

    from agentops._encoding import Encoder

AGENT, PARENT, SEQUENCE = "agentops.agent.id", "agentops.parent.id", "agentops.sequence"
"""Attributes that say which agent and which event (that is no span) a span belongs to, and its sequence number."""
_TOOL_OPERATIONS = frozenset(("execute_tool", "TOOL"))
_LLM_OPERATIONS = frozenset(("chat", "text_completion", "generate_content", "completion", "generate", "LLM"))


def encode_span(span: ReadableSpan, encoder: Encoder, belongs: Mapping[str, object], *, has_parent: bool) -> bytes:
    """Its JSON, redacted and cut as the session's options say, with attributes that say where it belongs.

    A parent that is not ours is left out: nobody could look it up.
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
    if has_parent and span.parent is not None:
        wire["parentSpanId"] = f"{span.parent.span_id:016x}"
    named = {"name": scope.name, "version": scope.version or ""} if scope is not None else {}
    return encoder.encode_clean({"scope": named, "spans": [wire]})


def count_as(span: ReadableSpan) -> str:
    """The count that a span adds to: `llms`, `tools` or `actions`."""
    attributes = span.attributes or {}
    operation = attributes.get("gen_ai.operation.name") or attributes.get("openinference.span.kind")
    if operation in _LLM_OPERATIONS:
        return "llms"
    return "tools" if operation in _TOOL_OPERATIONS else "actions"


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
