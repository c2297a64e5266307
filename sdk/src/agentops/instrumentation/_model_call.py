"""The span of one call of a model by the names of OpenTelemetry's GenAI conventions, for instrumentors of our own.

Importing this module imports OpenTelemetry.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from opentelemetry.trace import SpanKind, Status, StatusCode

if TYPE_CHECKING:
    from types import TracebackType

    from opentelemetry.trace import Tracer
    from typing_extensions import Self


class ModelCall:
    """A call that has begun. As a context manager it ends the span, with the error that ended the block."""

    def __init__(self, tracer: Tracer, provider: str, model: str | None, operation: str = "chat") -> None:
        self._began = time.perf_counter()
        self._has_begun_to_answer = False
        self.span = tracer.start_span(f"{operation} {model or ''}".strip(), kind=SpanKind.CLIENT)
        self.set("operation.name", operation)
        self.set("provider.name", provider)
        self.set("request.model", model)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and not isinstance(error, GeneratorExit):
            self.fail(error)
        else:
            self.end()

    def set(self, name: str, value: Any) -> None:
        """Set the attribute `gen_ai.<name>`, where there is a value."""
        if value is not None:
            self.span.set_attribute(f"gen_ai.{name}", value)

    def set_json(self, name: str, value: Any) -> None:
        """Set it to a value as JSON, where that is not empty."""
        if value:
            self.set(name, json.dumps(value, default=str))

    def note_first_chunk(self) -> None:
        """A piece of a stream is here: if it is the first, how long that took."""
        if not self._has_begun_to_answer:
            self._has_begun_to_answer = True
            self.set("response.time_to_first_chunk", time.perf_counter() - self._began)

    def note_usage(self, given: int | None, made: int | None) -> None:
        """Tokens of the prompt and of the answer. The last ones told stand: streams count on."""
        self.set("usage.input_tokens", given)
        self.set("usage.output_tokens", made)

    def fail(self, error: BaseException) -> None:
        """The call ended so."""
        self.span.record_exception(error)
        self.span.set_attribute("error.type", f"{type(error).__module__}.{type(error).__qualname__}")
        self.span.set_status(Status(StatusCode.ERROR, str(error)))
        self.end()

    def end(self) -> None:
        """The call is over."""
        self.span.end()
