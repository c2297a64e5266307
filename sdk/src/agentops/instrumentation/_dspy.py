"""DSPy describes an agent's tools in the prompt: OpenTelemetry's instrumentor has them with the agent, not the calls.

Importing this module imports OpenTelemetry.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from opentelemetry.instrumentation.genai.dspy import DSPyInstrumentor  # type: ignore[import-not-found]
from opentelemetry.sdk.trace import SpanProcessor

from agentops._guard import attempt

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import Span

_SCOPE = "opentelemetry.instrumentation.genai.dspy"


class DSPy(DSPyInstrumentor):  # type: ignore[misc]
    """The instrumentor, and with each call by which an agent chooses a tool, what it chooses from."""

    def _instrument(self, **options: Any) -> None:
        super()._instrument(**options)
        options["tracer_provider"].add_span_processor(_Tools())


class _Tools(SpanProcessor):
    """Looks at the modules that are running when DSPy's span of a call begins."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        del parent_context
        if span.instrumentation_scope is not None and span.instrumentation_scope.name == _SCOPE:
            attempt(_note_tools, None, span)


def _note_tools(span: Span) -> None:
    agent, asking = sys.modules["dspy"].settings.caller_modules[-2:]
    if agent.react is asking:
        told = [_definition(tool) for tool in agent.tools.values()]
        span.set_attribute("gen_ai.tool.definitions", json.dumps(told, default=str))


def _definition(tool: Any) -> dict[str, Any]:
    parameters = {"type": "object", "properties": tool.args}
    return {"type": "function", "name": tool.name, "description": tool.desc, "parameters": parameters}
