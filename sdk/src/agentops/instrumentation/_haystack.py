"""Haystack asks one tracer for its spans, whichever was put there: `haystack.tracing.enable_tracing` is its interface.

Importing this module imports OpenTelemetry.
"""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from opentelemetry import trace
from opentelemetry.instrumentation.instrumentor import BaseInstrumentor  # type: ignore[attr-defined]

from ._capturing import TakenError
from ._natives import TAKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

_LEFT_OUT = ("haystack.component.input_spec", "haystack.component.output_spec", "haystack.component.input_types")
"""Long, and the same with every call."""
_CALLS = ("haystack.agent.step.llm", "haystack.chat_generator.run")
_FAILED, _RESULT = "haystack.tool.error", "haystack.agent.step.tool.output"


class _Span:
    """A span as Haystack uses it. It tells what a component took and gave, whatever the program's settings say."""

    def __init__(self, span: trace.Span, coerce: Callable[[Any], Any]) -> None:
        self._span = span
        self._coerce = coerce
        self._has_failed = False

    def set_tag(self, key: str, value: Any) -> None:
        """A failed tool says so in tags, the reason after the fact."""
        if key in _LEFT_OUT:
            return
        self._has_failed |= key == _FAILED and bool(value)
        if key == _RESULT and self._has_failed and isinstance(value, dict) and "error" in value:
            self._span.set_status(trace.StatusCode.ERROR, str(value["error"]))
        else:
            self._span.set_attribute(key, self._coerce(value))

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        for key, value in tags.items():
            self.set_tag(key, value)

    def set_content_tag(self, key: str, value: Any) -> None:
        self.set_tag(key, value)

    def raw_span(self) -> trace.Span:
        return self._span

    def get_correlation_data_for_logs(self) -> dict[str, Any]:
        return {}


class _Tracer:
    """A tracer as Haystack uses it."""

    def __init__(self, tracer: trace.Tracer) -> None:
        self._tracer = tracer
        self._coerce: Callable[[Any], Any] = import_module("haystack.tracing.utils").coerce_tag_value

    @contextmanager
    def trace(
        self, operation_name: str, tags: Mapping[str, Any] | None = None, parent_span: Any = None
    ) -> Iterator[_Span]:
        around = trace.set_span_in_context(parent_span.raw_span()) if isinstance(parent_span, _Span) else None
        with self._tracer.start_as_current_span(operation_name, context=around) as span:
            ours = _Span(span, self._coerce)
            ours.set_tags(tags or {})
            is_generator = str((tags or {}).get("haystack.component.type", "")).endswith("Generator")
            if operation_name in _CALLS or is_generator:
                span.set_attribute("gen_ai.operation.name", "chat")
            yield ours

    def current_span(self) -> _Span | None:
        span = trace.get_current_span()
        return _Span(span, self._coerce) if span.is_recording() else None


class Haystack(BaseInstrumentor):  # type: ignore[misc]
    """Pipelines, components, agents and their tools; models are captured by their providers."""

    def instrumentation_dependencies(self) -> Collection[str]:
        return ("haystack-ai >= 2.22",)

    def _instrument(self, **options: Any) -> None:
        tracing = import_module("haystack.tracing")
        if tracing.is_tracing_enabled():
            raise TakenError(TAKEN)
        self._tracer = _Tracer(options["tracer_provider"].get_tracer("haystack"))
        tracing.enable_tracing(self._tracer)

    def _uninstrument(self, **options: Any) -> None:
        del options
        tracing = import_module("haystack.tracing")
        if tracing.tracer.actual_tracer is self._tracer:
            tracing.disable_tracing()
