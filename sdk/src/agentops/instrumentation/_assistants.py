"""OpenAI's assistants: each run of one as a call of its model.

OpenLLMetry's instrumentor (0.62) makes listing the messages of a run fail in the program, tells a run each time that
they are listed, and knows neither `stream()` nor the asynchronous client: see the sample of it in tests/contract/otlp.
All calls go through one function of the client, so that one is watched here. Importing this module imports
OpenTelemetry.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from opentelemetry.instrumentation.instrumentor import BaseInstrumentor  # type: ignore[attr-defined]
from wrapt import ObjectProxy, wrap_function_wrapper

from agentops._guard import attempt

from ._assistant_runs import Runs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Iterator

    from opentelemetry.trace import Span

    from ._assistant_runs import Run

_MODULE, _CLIENTS = "openai._base_client", ("SyncAPIClient", "AsyncAPIClient")


class Assistants(BaseInstrumentor):  # type: ignore[misc]
    """Lays itself over the `request` of the clients, and looks at requests below `/threads` only."""

    def instrumentation_dependencies(self) -> Collection[str]:
        return ("openai >= 1.21",)

    def _instrument(self, **options: Any) -> None:
        self._runs = Runs(options["tracer_provider"].get_tracer(__name__))
        self._laid: list[tuple[Any, Any, Any]] = []
        for name, wrapper in zip(_CLIENTS, _wrappers(self._runs), strict=True):
            client = getattr(import_module(_MODULE), name)
            original = client.__dict__["request"]
            wrap_function_wrapper(client, "request", wrapper)
            self._laid.append((client, original, client.__dict__["request"]))

    def _uninstrument(self, **options: Any) -> None:
        del options
        for client, original, wrapper in self._laid:
            if client.__dict__["request"] is wrapper:
                client.request = original
        self._runs.settle()

    def settle(self, belongs: Callable[[Span], bool]) -> None:
        """A session ends: what is known of its runs is told."""
        self._runs.settle(belongs)


class _Asked(NamedTuple):
    """A request: its method, the parts of its path from `threads` on, what it sends and asks for."""

    method: str
    path: tuple[str, ...]
    body: dict[str, Any]
    query: dict[str, Any]

    @property
    def run_begins(self) -> bool:
        return self.method == "post" and self.path[-1] == "runs"


def _find_asked(args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Asked | None:
    options = args[1] if len(args) > 1 else kwargs["options"]
    _, found, rest = options.url.partition("/threads")
    if not found:
        return None
    body = options.json_data
    path = ("threads", *rest.strip("/").split("/")) if rest else ("threads",)
    return _Asked(options.method.lower(), path, body if isinstance(body, dict) else {}, dict(options.params or {}))


def _wrappers(runs: Runs) -> tuple[Callable[..., Any], Callable[..., Any]]:
    def ask(wrapped: Callable[..., Any], client: Any, args: Any, kwargs: Any) -> Any:
        del client
        asked = attempt(_find_asked, None, args, kwargs)
        if asked is None:
            return wrapped(*args, **kwargs)
        run = runs.begin(asked.body) if asked.run_begins else None
        try:
            answer = wrapped(*args, **kwargs)
        except BaseException as error:
            runs.fail(run, error)
            raise
        return attempt(_hear, answer, runs, run, asked, answer)

    async def ask_later(wrapped: Callable[..., Any], client: Any, args: Any, kwargs: Any) -> Any:
        del client
        asked = attempt(_find_asked, None, args, kwargs)
        if asked is None:
            return await wrapped(*args, **kwargs)
        run = runs.begin(asked.body) if asked.run_begins else None
        try:
            answer = await wrapped(*args, **kwargs)
        except BaseException as error:
            runs.fail(run, error)
            raise
        return attempt(_hear, answer, runs, run, asked, answer)

    return ask, ask_later


def _hear(runs: Runs, run: Run | None, asked: _Asked, answer: Any) -> Any:
    """Take note of an answer; what the program gets: the answer, or a stream that is listened to."""
    with runs.lock:
        return _note(runs, run, asked, answer)


def _note(runs: Runs, run: Run | None, asked: _Asked, answer: Any) -> Any:
    if asked.path[-1] == "submit_tool_outputs":
        runs.note_outputs(asked.path[3], asked.body.get("tool_outputs") or ())
        run = runs.find(asked.path[3])
    if hasattr(type(answer), "__anext__"):
        return _AsyncEvents(answer, runs, run)
    if hasattr(type(answer), "__next__"):
        return _Events(answer, runs, run)
    said = answer.parse() if type(answer).__name__ == "LegacyAPIResponse" else answer  # it parses once only
    kind = getattr(said, "object", None)
    if kind == "thread.run":
        runs.note_run(run, said.model_dump())
    elif kind == "thread":
        runs.note_thread(said.id, asked.body.get("messages") or ())
    elif kind == "thread.message":
        runs.note_messages(said.thread_id, [said.model_dump()])
    elif asked.method == "get" and asked.path[2:] == ("messages",):
        listed = [message.model_dump() for message in said.data]
        listed = listed if asked.query.get("order") == "asc" else listed[::-1]
        is_whole = not getattr(said, "has_more", False) and not {"after", "before", "run_id"} & asked.query.keys()
        runs.note_listed(asked.path[1], listed, is_whole=is_whole)
    return answer


def _note_event(runs: Runs, run: Run | None, event: Any) -> None:
    with runs.lock:
        runs.note_event(run, event)


class _Events(ObjectProxy):  # type: ignore[type-arg]
    """A stream of a run's events."""

    def __init__(self, stream: Any, runs: Runs, run: Run | None) -> None:
        super().__init__(stream)
        self._self_place = runs, run

    def __enter__(self) -> Any:
        self.__wrapped__.__enter__()
        return self

    def __iter__(self) -> Iterator[Any]:
        for event in self.__wrapped__:
            attempt(_note_event, None, *self._self_place, event)
            yield event

    def __next__(self) -> Any:
        event = next(self.__wrapped__)
        attempt(_note_event, None, *self._self_place, event)
        return event


class _AsyncEvents(ObjectProxy):  # type: ignore[type-arg]
    """The same, read asynchronously."""

    def __init__(self, stream: Any, runs: Runs, run: Run | None) -> None:
        super().__init__(stream)
        self._self_place = runs, run

    async def __aenter__(self) -> Any:
        await self.__wrapped__.__aenter__()
        return self

    async def __aiter__(self) -> AsyncIterator[Any]:
        async for event in self.__wrapped__:
            attempt(_note_event, None, *self._self_place, event)
            yield event

    async def __anext__(self) -> Any:
        event = await anext(self.__wrapped__)
        attempt(_note_event, None, *self._self_place, event)
        return event
