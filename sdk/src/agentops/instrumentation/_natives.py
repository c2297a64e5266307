"""Libraries that trace themselves, and for which no maintained instrumentor does it better.

Each class switches a library's own tracing on for our tracer provider, by the library's own interface, and off again.
They are instrumentors like those of OpenTelemetry: one per process, and their dependencies are checked. What the
application has switched on itself stays its own. Importing this module imports OpenTelemetry.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from opentelemetry.instrumentation.instrumentor import BaseInstrumentor  # type: ignore[attr-defined]
from opentelemetry.metrics import NoOpMeterProvider
from opentelemetry.trace import ProxyTracerProvider, get_tracer_provider
from wrapt import wrap_function_wrapper

from ._capturing import TakenError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

TAKEN = "the application traces it itself"
_OF_KERNEL = (
    "functions.kernel_function",
    "utils.telemetry.agent_diagnostics.decorators",
    "utils.telemetry.model_diagnostics.function_tracer",
)


def is_traced_by_application() -> bool:
    """Whether there is a global tracer provider, to which libraries without a setting for it report."""
    return not isinstance(get_tracer_provider(), ProxyTracerProvider)


class PydanticAI(BaseInstrumentor):  # type: ignore[misc]
    """`Agent.instrument_all` is the default of every agent that has no setting of its own."""

    def instrumentation_dependencies(self) -> Collection[str]:
        return ("pydantic-ai-slim >= 1.0",)

    def _instrument(self, **options: Any) -> None:
        library = import_module("pydantic_ai")
        if getattr(library.Agent, "_instrument_default", False):
            raise TakenError(TAKEN)
        self._settings = library.InstrumentationSettings(
            tracer_provider=options["tracer_provider"], meter_provider=NoOpMeterProvider()
        )
        library.Agent.instrument_all(self._settings)

    def _uninstrument(self, **options: Any) -> None:
        del options
        agents = import_module("pydantic_ai").Agent
        if getattr(agents, "_instrument_default", self._settings) is self._settings:
            agents.instrument_all(False)


class AG2(BaseInstrumentor):  # type: ignore[misc]
    """AG2's telemetry is a middleware of a turn: each turn gets it, whatever middleware its agent has."""

    def instrumentation_dependencies(self) -> Collection[str]:
        return ("ag2 >= 1.2",)

    def _instrument(self, **options: Any) -> None:
        middleware = import_module("ag2.middleware.builtin.telemetry").TelemetryMiddleware

        def add(wrapped: Callable[..., Any], agent: Any, args: Any, kwargs: dict[str, Any]) -> Any:
            ours = middleware(tracer_provider=options["tracer_provider"], agent_name=agent.name)
            kwargs["additional_middleware"] = (*kwargs.get("additional_middleware", ()), ours)
            return wrapped(*args, **kwargs)

        agents = import_module("ag2").Agent
        self._original = agents.__dict__["_turn_scope"]
        wrap_function_wrapper(agents, "_turn_scope", add)
        self._wrapper = agents.__dict__["_turn_scope"]

    def _uninstrument(self, **options: Any) -> None:
        del options
        agents = import_module("ag2").Agent
        if agents.__dict__["_turn_scope"] is self._wrapper:
            agents._turn_scope = self._original


class SemanticKernel(BaseInstrumentor):  # type: ignore[misc]
    """Its modules hold the tracer of the global provider, and settings that say whether content is traced.

    The spans of agents and functions are switched on; those of models are not, which are captured by their providers.
    """

    def instrumentation_dependencies(self) -> Collection[str]:
        return ("semantic-kernel >= 1.30",)

    def _instrument(self, **options: Any) -> None:
        functions, agents, settings_of_functions = (import_module(f"semantic_kernel.{name}") for name in _OF_KERNEL)
        if is_traced_by_application():
            raise TakenError(TAKEN)
        self._before: list[tuple[Any, str, Any]] = []
        for module in (functions, agents):
            self._set(module, "tracer", options["tracer_provider"].get_tracer(module.__name__))
        for module in (settings_of_functions, agents):
            self._set(module.MODEL_DIAGNOSTICS_SETTINGS, "enable_otel_diagnostics_sensitive", True)

    def _set(self, owner: Any, name: str, value: object) -> None:
        self._before.append((owner, name, getattr(owner, name)))
        setattr(owner, name, value)

    def _uninstrument(self, **options: Any) -> None:
        del options
        while self._before:
            setattr(*self._before.pop())
