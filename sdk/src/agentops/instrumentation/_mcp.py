"""MCP: each call of a server's tool as a tool call, with its arguments and its result.

OpenInference's instrumentor only hands contexts on, which the library does itself since its second version;
OpenLLMetry's patches what that version no longer has; and the library's own spans have neither arguments nor results.
Importing this module imports OpenTelemetry.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from opentelemetry.instrumentation.instrumentor import BaseInstrumentor  # type: ignore[attr-defined]
from opentelemetry.instrumentation.utils import unwrap
from opentelemetry.trace import SpanKind, Status, StatusCode, get_current_span
from wrapt import wrap_function_wrapper

from agentops._guard import attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from opentelemetry.trace import Span, Tracer

_MODULE, _CLASS, _NAME = "mcp.client.session", "ClientSession", "call_tool"
_TOOL_WORDS = frozenset(("execute_tool", "TOOL", "tool"))
_KINDS = ("gen_ai.operation.name", "openinference.span.kind", "traceloop.span.kind")


class MCP(BaseInstrumentor):  # type: ignore[misc]
    """Lays itself over `ClientSession.call_tool`. A framework's span of the same call is not repeated."""

    def instrumentation_dependencies(self) -> Collection[str]:
        return ("mcp >= 1.8",)

    def _instrument(self, **options: Any) -> None:
        wrap_function_wrapper(_MODULE, f"{_CLASS}.{_NAME}", _call_in_span_of(options["tracer_provider"]))

    def _uninstrument(self, **options: Any) -> None:
        del options
        unwrap(f"{_MODULE}.{_CLASS}", _NAME)


def _call_in_span_of(provider: Any) -> Callable[..., Any]:
    tracer: Tracer = provider.get_tracer(__name__)

    async def call(wrapped: Callable[..., Any], session: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        del session
        if _is_tool(get_current_span()):
            return await wrapped(*args, **kwargs)
        name = str(args[0] if args else kwargs.get("name"))
        arguments = args[1] if len(args) > 1 else kwargs.get("arguments")
        told = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name, "mcp.method.name": "tools/call"}
        told["gen_ai.tool.call.arguments"] = json.dumps(arguments or {}, default=str)
        with tracer.start_as_current_span(f"execute_tool {name}", kind=SpanKind.CLIENT, attributes=told) as span:
            result = await wrapped(*args, **kwargs)
            attempt(_note_result, None, span, result)
            return result

    return call


def _is_tool(span: Span) -> bool:
    attributes = getattr(span, "attributes", None) or {}
    return any(attributes.get(kind) in _TOOL_WORDS for kind in _KINDS)


def _note_result(span: Span, result: Any) -> None:
    """The text of a result, where it is no more than that; else all of it."""
    content = getattr(result, "content", None) or []
    texts = [part.text for part in content if getattr(part, "type", "") == "text"]
    whole = len(texts) == len(content)
    told = "\n".join(texts) if whole else result.model_dump_json(exclude_none=True)
    span.set_attribute("gen_ai.tool.call.result", told)
    if getattr(result, "is_error", None) or getattr(result, "isError", None):
        span.set_attribute("error.type", "tool_error")
        span.set_status(Status(StatusCode.ERROR, told))
