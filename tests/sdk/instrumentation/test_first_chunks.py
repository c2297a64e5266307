"""The first chunk of a stream, told to the span of its call."""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider

from agentops.instrumentation._first_chunks import ATTRIBUTE, FirstChunks, note_span

NAME = "agentops_test_streams"
SOURCE = """
import wrapt

tracer = None


class Client:
    def ask(self, number):
        with tracer.start_as_current_span("ask"):
            return ["answer", number]

    def lazily(self, number):
        with tracer.start_as_current_span("lazily"):
            yield from range(number)

    def at_once(self, number):
        span = tracer.start_span("at_once")

        def chunks():
            yield from range(number)
            span.end()

        return chunks()

    async def later(self, number):
        span = tracer.start_span("later")

        async def chunks():
            for each in range(number):
                yield each
            span.end()

        return chunks()


class Proxy(wrapt.ObjectProxy):
    # As instrumentors have them: it can be iterated over, and is no iterator.

    def __iter__(self):
        yield from self.__wrapped__


def function(number):
    return Proxy(Client().at_once(number))
"""
DOORS = (
    *(f"{NAME}:Client.{name}" for name in ("ask", "lazily", "at_once", "later", "is_not_there")),
    f"{NAME}:function",
)


class Noting(SpanProcessor):
    """Tells of spans that begin, as the bridge does, and keeps those that have ended."""

    def __init__(self) -> None:
        self.ended: list[ReadableSpan] = []

    def on_start(self, span: Any, parent_context: object = None) -> None:
        del parent_context
        note_span(span)

    def on_end(self, span: ReadableSpan) -> None:
        self.ended.append(span)

    def times(self) -> list[tuple[str, bool]]:
        return [(span.name, ATTRIBUTE in (span.attributes or {})) for span in self.ended]


@pytest.fixture
def spans() -> Noting:
    return Noting()


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spans: Noting) -> Iterator[Any]:
    (tmp_path / f"{NAME}.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(str(tmp_path))
    module: Any = importlib.import_module(NAME)
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(spans)
    module.tracer = provider.get_tracer("streams")
    yield module
    sys.modules.pop(NAME)


def test_a_stream_that_begins_with_the_call_or_when_it_is_read_has_the_time_of_its_first_chunk(
    module: Any, spans: Noting
) -> None:
    FirstChunks().lay(DOORS)
    client = module.Client()
    assert list(client.at_once(2)) == [0, 1]
    assert list(client.lazily(2)) == [0, 1]
    assert list(module.function(2)) == [0, 1]
    assert spans.times() == [("at_once", True), ("lazily", True), ("at_once", True)]


def test_an_asynchronous_stream_has_it_too(module: Any, spans: Noting) -> None:
    FirstChunks().lay(DOORS)

    async def read() -> list[int]:
        return [each async for each in await module.Client().later(2)]

    assert asyncio.run(read()) == [0, 1]
    assert spans.times() == [("later", True)]


def test_a_stream_that_is_read_piece_by_piece_or_left_is_what_it_was(module: Any, spans: Noting) -> None:
    FirstChunks().lay(DOORS)
    stream = module.Client().at_once(3)
    assert next(stream) == 0
    assert isinstance(stream, type(iter(x for x in ())))
    stream.close()
    assert list(stream) == []
    assert spans.times() == []


def test_an_answer_that_is_no_stream_is_given_as_it_is(module: Any, spans: Noting) -> None:
    FirstChunks().lay(DOORS)
    answer = module.Client().ask(1)
    assert type(answer) is list
    assert spans.times() == [("ask", False)]


def test_an_empty_stream_has_no_first_chunk(module: Any, spans: Noting) -> None:
    FirstChunks().lay(DOORS)
    assert list(module.Client().at_once(0)) == []
    assert spans.times() == [("at_once", False)]


def test_everything_is_put_back(module: Any) -> None:
    before = {**vars(module.Client), "function": module.function}
    watched = FirstChunks()
    watched.lay(DOORS)
    assert module.Client.__dict__["at_once"] is not before["at_once"]
    watched.remove()
    assert {**vars(module.Client), "function": module.function} == before
