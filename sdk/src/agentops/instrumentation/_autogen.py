"""AutoGen traces its agents and tools with the global tracer provider, and without what tools took and gave.

OpenInference's instrumentor needs AutoGen to be installed, names agents by a method and reports each run that is not
read to its end as cancelled. Importing this module imports OpenTelemetry.
"""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from opentelemetry import trace
from opentelemetry.instrumentation.instrumentor import BaseInstrumentor  # type: ignore[attr-defined]
from wrapt import wrap_function_wrapper

from ._capturing import TakenError
from ._natives import TAKEN, is_traced_by_application

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


class AutoGen(BaseInstrumentor):  # type: ignore[misc]
    """Its own spans, from our tracer provider; arguments and results of functions are added to them."""

    def instrumentation_dependencies(self) -> Collection[str]:
        return ("autogen-core >= 0.7, < 1.0",)

    def _instrument(self, **options: Any) -> None:
        if is_traced_by_application():
            raise TakenError(TAKEN)
        telemetry, tools = _find_places()
        ours = vars(trace) | {"get_tracer": options["tracer_provider"].get_tracer}
        self._before = telemetry.trace, tools.__dict__["run"]
        telemetry.trace = SimpleNamespace(**ours)
        wrap_function_wrapper(tools, "run", _tell)
        self._wrapper = tools.__dict__["run"]

    def _uninstrument(self, **options: Any) -> None:
        del options
        telemetry, tools = _find_places()
        telemetry.trace = self._before[0]
        if tools.__dict__["run"] is self._wrapper:
            tools.run = self._before[1]


def _find_places() -> tuple[Any, Any]:
    return import_module("autogen_core._telemetry._genai"), import_module("autogen_core.tools").FunctionTool


async def _tell(wrapped: Callable[..., Any], tool: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    """Run a function in the span that AutoGen has made for it."""
    span = trace.get_current_span()
    given = args[0] if args else kwargs.get("args")
    if given is not None:
        span.set_attribute("gen_ai.tool.call.arguments", given.model_dump_json())
    result = await wrapped(*args, **kwargs)
    span.set_attribute("gen_ai.tool.call.result", tool.return_value_as_string(result))
    return result
