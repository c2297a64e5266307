"""smolagents: OpenTelemetry's own instrumentor reports its agents, and no tools yet; these are added here.

OpenInference's has tools, but an agent that fails is never reported by it, and all that comes after is taken for a part
of that agent. Importing this module imports OpenTelemetry.
"""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

from opentelemetry.instrumentation.genai.smolagents import SmolagentsInstrumentor  # type: ignore[import-not-found]
from wrapt import wrap_function_wrapper

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.trace import Tracer


class Smolagents(SmolagentsInstrumentor):  # type: ignore[misc]
    """The instrumentor, and a span for each call of a tool by the conventions' names."""

    def _instrument(self, **options: Any) -> None:
        super()._instrument(**options)
        tools = import_module("smolagents").Tool
        self._original = tools.__dict__["__call__"]
        wrap_function_wrapper(tools, "__call__", _call_in_span_of(options["tracer_provider"].get_tracer(__name__)))
        self._wrapper = tools.__dict__["__call__"]

    def _uninstrument(self, **options: Any) -> None:
        tools = import_module("smolagents").Tool
        if tools.__dict__["__call__"] is getattr(self, "_wrapper", None):
            tools.__call__ = self._original
        super()._uninstrument(**options)


def _call_in_span_of(tracer: Tracer) -> Callable[..., Any]:
    def call(wrapped: Callable[..., Any], tool: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        given = {name: value for name, value in kwargs.items() if name != "sanitize_inputs_outputs"}
        told = {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": tool.name,
            "gen_ai.tool.description": tool.description,
            "gen_ai.tool.call.arguments": json.dumps(given or list(args), default=str),
        }
        with tracer.start_as_current_span(f"execute_tool {tool.name}", attributes=told) as span:
            result = wrapped(*args, **kwargs)
            span.set_attribute("gen_ai.tool.call.result", str(result))
            return result

    return call
