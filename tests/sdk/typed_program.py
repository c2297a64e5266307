"""Everything that the SDK's face has, as a program would use it. Type checkers read it, and a test runs it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from opentelemetry.sdk.trace import SpanProcessor

import agentops
from agentops import exceptions
from agentops.testing import Capture, CapturedSession, capture

if TYPE_CHECKING:
    from typing_extensions import assert_type
else:

    def assert_type(value: object, kind: object) -> None:
        """Only type checkers look."""


@agentops.record_action
def greet(name: str) -> str:
    return f"Hello {name}"


@agentops.record_action("wave")
async def wave(times: int = 1) -> list[int]:
    return list(range(times))


@agentops.record_tool(name="count")
def count(limit: int) -> Iterator[int]:
    yield from range(limit)


@agentops.record_tool
async def listen() -> AsyncIterator[bytes]:
    yield b"x"


@agentops.record_function("old")
def look(at: Path) -> bool:
    return at.exists()


@agentops.track_agent(name="Researcher")
class Researcher:
    def __init__(self, topic: str) -> None:
        self.topic = topic

    def work(self) -> str:
        return greet(self.topic)


@agentops.track_agent()
def plan(goal: str) -> str:
    return goal


@agentops.trace
def answer(question: str) -> str:
    return Clerk(1).work(question)


@agentops.session(name="of a generator", tags={"kind": "stream"})
def stream(limit: int) -> Iterator[int]:
    yield from range(limit)


@agentops.agent(name="Clerk", version=2)
class Clerk:
    def __init__(self, desk: int) -> None:
        self.desk = desk

    @agentops.operation
    def work(self, question: str) -> str:
        return search(question)


@agentops.tool(cost=0.01)
def search(what: str) -> str:
    return what if check(what) else ""


@agentops.guardrail(spec="input")
def check(what: str) -> bool:
    return bool(what)


@agentops.task
async def wait() -> int:
    return 1


@agentops.workflow(tags=["flow"])
async def flow() -> int:
    return await wait()


@agentops.track_endpoint(capture_response=False)
def handle(body: str) -> tuple[str, int]:
    return body, 200


@agentops.track_tool(tool_name="older")
def older() -> bytes:
    return b""


def use_traces() -> None:
    assert_type(answer("why"), str)
    assert_type(list(stream(limit=2)), list[int])
    assert_type(asyncio.run(flow()), int)
    assert_type(handle("x"), tuple[str, int])
    assert_type(older(), bytes)
    assert_type(Clerk(1), Clerk)
    decorator: agentops.StepDecorator = agentops.tool
    assert_type(decorator.__name__, str)
    trace = agentops.start_trace("by hand", tags=["a"])
    assert_type(trace, "agentops.TraceContext | None")
    assert trace is not None
    assert_type(trace.session, agentops.Session)
    assert_type(trace.trace_id, str)
    trace.span.set_attribute("customer", "x")
    assert_type(agentops.update_trace_metadata({"customer": "x"}, prefix="mine"), bool)
    agentops.end_trace(trace, agentops.TraceState.SUCCESS)
    assert list(agentops.TraceState) == [agentops.SUCCESS, agentops.ERROR, agentops.UNSET]
    with started_trace(agentops.start_trace()) as other:
        assert_type(other, agentops.TraceContext)
        headers = agentops.inject_headers({"accept": "text/plain"})
        assert_type(headers, dict[str, str])
        assert_type(agentops.inject_headers(), dict[str, str])
        caller = agentops.extract_headers(headers)
        assert_type(caller, "agentops.Caller | None")
        assert isinstance(caller, agentops.Caller)
        block = agentops.continue_session(headers, tags=["b"])
        assert_type(block, agentops.ContinuedSession)
        with block as session:
            assert_type(session, agentops.Session)
    agentops.end_trace()
    assert_type(agentops.get_client(), agentops.Client)
    try:
        result = agentops.validate_trace_spans(trace_context=trace, max_retries=1)
        agentops.print_validation_summary(result)
    except agentops.ValidationError as error:
        assert_type(str(error), str)


def started_trace(trace: agentops.TraceContext | None) -> agentops.TraceContext:
    assert trace is not None
    return trace


def make_events() -> list[agentops.Event]:
    call = agentops.LLMEvent(
        model="gpt-4o",
        prompt=[{"role": "user", "content": "Hello"}],
        completion={"role": "assistant", "content": "Hello"},
        prompt_tokens=3,
        completion_tokens=1,
        cost=Decimal("0.0001"),
        thread_id="thread",
    )
    call.completion = "changed"
    assert_type(call.prompt_tokens, "int | None")
    return [
        call,
        agentops.Event(agentops.EventType.API, params={"any": "value"}, id="01900000-0000-7000-8000-000000000001"),
        agentops.ActionEvent("walk", params=1, action_type="walk", screenshot=b"\x89PNG", logs="log", name="walk"),
        agentops.ToolEvent(name="search", logs=["a"], tool_name="search", init_timestamp=datetime.now(timezone.utc)),
        agentops.ErrorEvent(exception=ValueError("no"), trigger_event=call, code=500, details="more"),
    ]


def configure() -> agentops.Configuration:
    agentops.configure(max_wait_time=1000, tags=["of the program"])
    agentops.set_api_key("01234567-89ab-4def-8123-456789abcdef")
    agentops.set_parent_key("parent")
    assert_type(agentops.get_api_key(), "str | None")
    config = agentops.Configuration(
        endpoint="http://localhost:8765", default_tags=["one"], redact=["secrets", str.upper]
    )
    assert_type(config.max_wait_time, int)
    try:
        agentops.Configuration(max_wait_time=-1)
    except exceptions.ConfigurationError as error:
        assert_type(str(error), str)
    return config.with_changes(max_text_bytes=10_000)


def use_session(session: agentops.Session) -> str:
    for event in make_events():
        session.record(event)
    session.add_tags(["a", "b"])
    session.set_tags("c")
    session.set_video("https://example.com/run.mp4")
    assert_type(session.create_agent("Writer", agent_id=UUID(int=7)), str)
    assert_type(session.session_id, UUID)
    assert_type(session.project_id, "str | None")
    assert_type(session.init_timestamp, str)
    assert_type(session.end_timestamp, "str | None")
    assert_type(session.end_state, str)
    assert_type(session.end_state_reason, "str | None")
    assert_type(session.tags, list[str])
    assert_type(session.host_env, "dict[str, object] | None")
    assert_type(session.video, "str | None")
    assert_type(session.is_running, bool)
    assert_type(session.session_url, str)
    assert_type(session.event_counts, dict[str, int])
    assert_type(session.token_cost, Decimal)
    assert_type(session.jwt, "str | None")
    assert_type(session.name, "str | None")
    assert_type(session.config, agentops.Configuration)
    assert_type(session.events_refused, int)
    assert_type(session.get_analytics(), dict[str, "int | str"])
    assert_type(session.flush(timeout=1.5), bool)
    patched: Callable[..., str] = session.patch(greet)
    assert patched("patched") == "Hello patched"
    return session.end_session(agentops.EndState.SUCCESS, end_state_reason="done", video=None)


def use_functions() -> str:
    agentops.record(agentops.ActionEvent())
    agentops.add_tags(["d"])
    agentops.set_tags(["e"])
    assert_type(agentops.create_agent("Reader"), "str | None")
    assert_type(agentops.flush(), "bool | None")
    assert isinstance(agentops.span_processor(), SpanProcessor)
    agentops.stop_instrumenting()
    return agentops.end_session(agentops.ERROR, "on purpose", is_auto_end=False)


async def use_decorated() -> list[object]:
    waved = await wave(2)
    assert_type(waved, list[int])
    heard = [item async for item in listen()]
    assert_type(heard, list[bytes])
    counted = list(count(limit=2))
    assert_type(counted, list[int])
    researcher = Researcher("ships")
    assert_type(researcher.work(), str)
    async with started(agentops.start_session()) as session:
        agentops.record(agentops.ActionEvent())
        assert_type(session, agentops.Session)
    return [waved, heard, counted, researcher.topic, plan("x"), look(Path())]


def started(session: agentops.Session | None) -> agentops.Session:
    assert session is not None
    return session


def use_client() -> list[str]:
    client = agentops.Client()
    client.add_default_tags(["f"])
    client.add_pre_init_warning("a warning")
    assert_type(client.get_default_tags(), list[str])
    assert_type(client.session_count, int)
    assert_type(client.has_sessions, bool)
    assert_type(client.is_multi_session, bool)
    assert_type(client.is_initialized, bool)
    assert_type(client.config, agentops.Configuration)
    return client.current_session_ids


def main() -> list[CapturedSession]:
    with capture() as captured:
        assert_type(captured, Capture)
        config = configure()
        assert agentops.init(auto_start_session=False, endpoint="http://127.0.0.1:1") is None
        assert use_client() == []
        with started(agentops.start_session(["tag"], config, name="of one")) as session:
            assert agentops.get_session(str(session.session_id)) is session
            use_session(session)
        inherited = started(agentops.start_session(inherited_session_id=session.session_id))
        assert use_functions() == "0.00"
        assert not inherited.is_running
        assert len(asyncio.run(use_decorated())) == 6
        use_traces()
        agentops.end_all_sessions()
    assert agentops.__version__
    return captured.sessions


if __name__ == "__main__":
    main()
