"""Ollama: OpenInference's instrumentor reports chats only; `generate`, `embed` and `embeddings` are added here.

OpenLLMetry's (0.62) has `generate`, but leaves its patches behind when it is stopped. Importing this module imports
OpenTelemetry.
"""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import TYPE_CHECKING, Any

from openinference.instrumentation.ollama import OllamaInstrumentor  # type: ignore[import-not-found]
from wrapt import wrap_function_wrapper

from agentops._guard import attempt

from ._model_call import ModelCall

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from opentelemetry.trace import Tracer

_FUNCTIONS = {"generate": "text_completion", "embed": "embeddings", "embeddings": "embeddings"}
_PARAMS = {
    "temperature": "temperature",
    "top_p": "top_p",
    "top_k": "top_k",
    "seed": "seed",
    "num_predict": "max_tokens",
}


class Ollama(OllamaInstrumentor):  # type: ignore[misc]
    """The instrumentor, and a span for each of the other calls of a model."""

    def _instrument(self, **options: Any) -> None:
        super()._instrument(**options)
        tracer = options["tracer_provider"].get_tracer(__name__)
        library, clients = import_module("ollama"), import_module("ollama._client")
        self._before: list[tuple[Any, str, Any, Any]] = []
        for name, operation in _FUNCTIONS.items():
            for owner, wrapper in ((clients.Client, _answer), (clients.AsyncClient, _answer_later)):
                original = owner.__dict__[name]
                wrap_function_wrapper(owner, name, wrapper(tracer, operation))
                self._before.append((owner, name, original, owner.__dict__[name]))
            original = getattr(library, name)  # of a client of the module's own, taken before
            setattr(library, name, getattr(library._client, name))
            self._before.append((library, name, original, library.__dict__[name]))

    def _uninstrument(self, **options: Any) -> None:
        while self._before:
            owner, name, original, wrapper = self._before.pop()
            if owner.__dict__.get(name) is wrapper:
                setattr(owner, name, original)
        super()._uninstrument(**options)


class _Call(ModelCall):
    """One call of Ollama."""

    def __init__(self, tracer: Tracer, operation: str, asked: dict[str, Any]) -> None:
        super().__init__(tracer, "ollama", str(asked.get("model") or ""), operation)
        self._texts: list[str] = []
        attempt(self._note_request, None, asked)

    def _note_request(self, asked: dict[str, Any]) -> None:
        self.set_json("input.messages", [{"role": "user", "content": asked.get("prompt") or asked.get("input")}])
        if system := asked.get("system"):
            self.set_json("system_instructions", [{"type": "text", "content": system}])
        settings = asked.get("options") or {}
        settings = settings if isinstance(settings, dict) else settings.model_dump()
        for name, ours in _PARAMS.items():
            self.set(f"request.{ours}", settings.get(name))

    def note(self, answer: Any) -> None:
        """An answer, or a piece of one: the last has the counts."""
        attempt(self._note, None, answer)

    def _note(self, answer: Any) -> None:
        if (text := answer.get("response")) is not None:
            self._texts.append(text)
        self.set("response.model", answer.get("model"))
        self.note_usage(answer.get("prompt_eval_count"), answer.get("eval_count"))
        if reason := answer.get("done_reason"):
            self.set("response.finish_reasons", [reason])

    def end(self) -> None:
        if self._texts:
            self.set_json("output.messages", [{"role": "assistant", "content": "".join(self._texts)}])
        super().end()


def _asked(function: Callable[..., Any], args: Any, kwargs: Any) -> dict[str, Any]:
    return attempt(lambda: inspect.signature(function).bind(*args, **kwargs).arguments, {})


def _answer(tracer: Tracer, operation: str) -> Callable[..., Any]:
    def call(function: Callable[..., Any], client: Any, args: Any, kwargs: Any) -> Any:
        del client
        asked = _asked(function, args, kwargs)
        if asked.get("stream"):
            return _follow(_Call(tracer, operation, asked), function(*args, **kwargs))
        with _Call(tracer, operation, asked) as span:
            answer = function(*args, **kwargs)
            span.note(answer)
            return answer

    return call


def _answer_later(tracer: Tracer, operation: str) -> Callable[..., Any]:
    async def call(function: Callable[..., Any], client: Any, args: Any, kwargs: Any) -> Any:
        del client
        asked = _asked(function, args, kwargs)
        if asked.get("stream"):
            return _follow_later(_Call(tracer, operation, asked), await function(*args, **kwargs))
        with _Call(tracer, operation, asked) as span:
            answer = await function(*args, **kwargs)
            span.note(answer)
            return answer

    return call


def _follow(span: _Call, chunks: Iterator[Any]) -> Iterator[Any]:
    """The chunks as they come. The client asks for them when the first is read."""
    with span:
        for chunk in chunks:
            span.note_first_chunk()
            span.note(chunk)
            yield chunk


async def _follow_later(span: _Call, chunks: AsyncIterator[Any]) -> AsyncIterator[Any]:
    with span:
        async for chunk in chunks:
            span.note_first_chunk()
            span.note(chunk)
            yield chunk
