"""Everything that the SDK's face has, as a program would use it. Type checkers read it, and a test runs it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

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
    agentops.stop_instrumenting()
    return agentops.end_session("Failure", "on purpose", is_auto_end=False)


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
        agentops.end_all_sessions()
    assert agentops.__version__
    return captured.sessions


if __name__ == "__main__":
    main()
