"""IBM's watsonx.ai, whose one instrumentor (OpenLLMetry's) fails with every client of today and knows no chat.

The spans have OpenTelemetry's GenAI attributes. Importing this module imports OpenTelemetry.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from opentelemetry.instrumentation.instrumentor import BaseInstrumentor  # type: ignore[attr-defined]
from opentelemetry.instrumentation.utils import unwrap
from wrapt import wrap_function_wrapper

from agentops._guard import attempt

from ._watsonx_call import Call

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Iterator

_MODULE, _CLASS = "ibm_watsonx_ai.foundation_models", "ModelInference"
_TEXT = "generate_text_stream"


class Watsonx(BaseInstrumentor):  # type: ignore[misc]
    """Lays itself over the functions of `ModelInference` by which all calls go."""

    def instrumentation_dependencies(self) -> Collection[str]:
        return ("ibm-watsonx-ai >= 1.3",)

    def _instrument(self, **options: Any) -> None:
        tracer = options["tracer_provider"].get_tracer(__name__)

        def begin(model: Any, function: Callable[..., Any], args: Any, kwargs: Any) -> Call:
            asked = attempt(lambda: inspect.signature(function).bind(*args, **kwargs).arguments, {})
            return Call(tracer, model, asked)

        def answer(function: Callable[..., Any], model: Any, args: Any, kwargs: Any) -> Any:
            with begin(model, function, args, kwargs) as call:
                return call.note_answer(function(*args, **kwargs))

        async def answer_later(function: Callable[..., Any], model: Any, args: Any, kwargs: Any) -> Any:
            with begin(model, function, args, kwargs) as call:
                return call.note_answer(await function(*args, **kwargs))

        # The clients begin a stream when it is first read, too.
        def stream(function: Callable[..., Any], model: Any, args: Any, kwargs: Any) -> Iterator[Any]:
            with begin(model, function, args, kwargs) as call:
                for chunk in function(*args, **kwargs):
                    call.note_chunk(chunk)
                    yield chunk

        def stream_text(function: Callable[..., Any], model: Any, args: Any, kwargs: Any) -> Iterator[Any]:
            asked = inspect.signature(function).bind(*args, **kwargs).arguments
            with Call(tracer, model, asked) as call:
                for chunk in function(**{**asked, "raw_response": True}):  # only so it tells the tokens
                    call.note_chunk(chunk)
                    text = model._return_guardrails_stats(chunk)["generated_text"]
                    yield chunk if asked.get("raw_response") else text

        async def stream_later(function: Callable[..., Any], model: Any, args: Any, kwargs: Any) -> AsyncIterator[Any]:
            call = begin(model, function, args, kwargs)
            try:
                chunks = await function(*args, **kwargs)
            except BaseException as error:
                call.fail(error)
                raise
            return _follow(call, chunks)

        wrappers: dict[str, Callable[..., Any]] = {"chat": answer, "generate": answer, "chat_stream": stream}
        wrappers |= {"achat": answer_later, "agenerate": answer_later, _TEXT: stream_text}
        wrappers |= {"achat_stream": stream_later, "agenerate_stream": stream_later}
        for name, wrapper in wrappers.items():
            attempt(wrap_function_wrapper, None, _MODULE, f"{_CLASS}.{name}", wrapper)
        self._names = tuple(wrappers)

    def _uninstrument(self, **options: Any) -> None:
        del options
        for name in self._names:
            unwrap(f"{_MODULE}.{_CLASS}", name)


async def _follow(call: Call, chunks: AsyncIterator[Any]) -> AsyncIterator[Any]:
    with call:
        async for chunk in chunks:
            call.note_chunk(chunk)
            yield chunk
