"""Time to the first chunk of a stream, where an instrumentor makes a span of the call but does not tell it.

A layer over the instrumentor's: it notes which span begins inside a call, and when the first chunk of what the call
returned is there, which goes into that span. Nothing is held back. Importing this module imports OpenTelemetry.
"""

from __future__ import annotations

import inspect
import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from opentelemetry.trace import get_current_span
from wrapt import ObjectProxy

from agentops._guard import attempt, guarded

from ._layers import Layers
from ._spans import is_call

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from opentelemetry.sdk.trace import Span

ATTRIBUTE = "gen_ai.response.time_to_first_chunk"


class _Watch:
    """The span of one call, and whether its first chunk has been seen.

    Where none begins inside the call, as below DSPy, which has its own tell nothing, it is that of the call around it.
    """

    def __init__(self) -> None:
        self.span: Span | None = None
        around: Any = get_current_span()
        self._around: Span | None = around if around.is_recording() and is_call(around) else None
        self._is_over = False

    @guarded
    def note(self) -> None:
        if self._is_over:
            return
        self._is_over = True
        span = self.span or self._around
        if span is not None and span.is_recording() and span.start_time is not None:
            span.set_attribute(ATTRIBUTE, (time.time_ns() - span.start_time) / 1e9)


_current: ContextVar[_Watch | None] = ContextVar("agentops_first_chunk", default=None)


def note_span(span: Span) -> None:
    """A span begins: if it is the first one inside a watched call, it is the call's."""
    watch = _current.get()
    if watch is not None and watch.span is None:
        watch.span = span


@contextmanager
def _inside(watch: _Watch) -> Iterator[None]:
    token = _current.set(watch)
    try:
        yield
    finally:
        attempt(lambda: _current.reset(token), None)


class FirstChunks(Layers):
    """The functions that are watched."""

    def __init__(self) -> None:
        super().__init__(_watch_call)


def _watch_call(wrapped: Callable[..., Any], instance: Any, args: Any, kwargs: Any) -> Any:
    del instance
    watch = _Watch()
    with _inside(watch):
        result = wrapped(*args, **kwargs)
    return _watch_later(result, watch) if inspect.isawaitable(result) else _watched(result, watch)


async def _watch_later(result: Awaitable[Any], watch: _Watch) -> Any:
    with _inside(watch):
        answer = await result
    return _watched(answer, watch)


def _watched(result: Any, watch: _Watch) -> Any:
    """A stream as it was, and watched; anything else as it is."""
    # Instrumentors' proxies of streams may know how to iterate only, not how to go on.
    kind = type(result.__wrapped__) if isinstance(result, ObjectProxy) else type(result)
    for proxy, names in _PROXIES:
        if all(hasattr(kind, name) for name in names):
            return proxy(result, watch)
    return result


class _Watched(ObjectProxy):  # type: ignore[type-arg]
    """What a call has returned, and the watch of that call."""

    def __init__(self, result: Any, watch: _Watch) -> None:
        super().__init__(result)
        self._self_watch = watch

    @property
    def text_stream(self) -> Any:
        """Anthropic's way to read the texts only, past the stream itself."""
        return _watched(self.__wrapped__.text_stream, self._self_watch)


class _Manager(_Watched):
    """What gives a stream when it is entered, which may also be when the span begins."""

    def __enter__(self) -> Any:
        with _inside(self._self_watch):
            return _watched(self.__wrapped__.__enter__(), self._self_watch)


class _AsyncManager(_Watched):
    """The same, entered asynchronously."""

    async def __aenter__(self) -> Any:
        with _inside(self._self_watch):
            stream = await self.__wrapped__.__aenter__()
        return _watched(stream, self._self_watch)


class _Stream(_Watched):
    """A stream whose span may also begin when it is first read."""

    def __iter__(self) -> Iterator[Any]:
        with _inside(self._self_watch):
            chunks = iter(self.__wrapped__)
        if chunks is self.__wrapped__:
            return self
        return iter(_Stream(chunks, self._self_watch))

    def __next__(self) -> Any:
        with _inside(self._self_watch):
            chunk = next(self.__wrapped__)
        self._self_watch.note()
        return chunk


class _AsyncStream(_Watched):
    """The same, read asynchronously."""

    def __aiter__(self) -> AsyncIterator[Any]:
        chunks = aiter(self.__wrapped__)
        if chunks is self.__wrapped__:
            return self
        return aiter(_AsyncStream(chunks, self._self_watch))

    async def __anext__(self) -> Any:
        with _inside(self._self_watch):
            chunk = await anext(self.__wrapped__)
        self._self_watch.note()
        return chunk


class _EitherStream(_Stream, _AsyncStream):
    """One that can be read in both ways, as LiteLLM's."""


_PROXIES: tuple[tuple[type[_Watched], tuple[str, ...]], ...] = (
    (_EitherStream, ("__next__", "__anext__")),
    (_AsyncStream, ("__anext__",)),
    (_Stream, ("__next__",)),
    (_AsyncManager, ("__aenter__",)),
    (_Manager, ("__enter__",)),
)
