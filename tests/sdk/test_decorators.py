from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

import agentops
from agentops import record_action, record_tool, track_agent
from agentops.testing import Capture, capture


@pytest.fixture
def captured() -> Iterator[Capture]:
    with capture() as captured:
        agentops.init("any key")
        yield captured


def test_a_call_is_recorded_with_arguments_and_result(captured: Capture) -> None:
    @record_action("walking")
    def walk(to: str, *stops: str, fast: bool = True, **more: int) -> tuple[str, int]:
        """Go there."""
        return to, len(stops)

    assert walk("home", "a", "b", extra=3) == ("home", 2)
    assert (walk.__name__, walk.__doc__) == ("walk", "Go there.")
    (event,) = captured.events
    assert (event["event_type"], event["action_type"]) == ("actions", "walking")
    assert event["params"] == {"to": "home", "stops": ["a", "b"], "fast": True, "more": {"extra": 3}}
    assert event["returns"] == ["home", 2]
    assert event["init_timestamp"] < event["end_timestamp"]


def test_arguments_are_those_before_the_call(captured: Capture) -> None:
    @record_tool
    def drain(items: list[int]) -> None:
        items.clear()

    drain([1, 2])
    (event,) = captured.events
    assert (event["event_type"], event["name"], event["params"]) == ("tools", "drain", {"items": [1, 2]})


def test_a_call_that_raises_keeps_its_name_and_arguments_and_the_link(captured: Capture) -> None:
    @record_tool("search")
    def find(what: str) -> str:
        raise LookupError(what)

    with pytest.raises(LookupError, match="key"):
        find("key")
    call, error = captured.events
    assert (call["name"], call["params"], call["returns"]) == ("search", {"what": "key"}, None)
    assert (error["trigger_event_id"], error["trigger_event_type"]) == (call["id"], "tools")
    assert (error["error_type"], error["details"]) == ("LookupError", "key")


def test_events_inside_have_the_call_as_parent(captured: Capture) -> None:
    @record_tool()
    def inner() -> None: ...

    @record_action()
    async def outer() -> None:
        await asyncio.sleep(0)
        inner()

    asyncio.run(outer())
    inner()
    first, second, third = captured.events
    assert (first["parent_id"], second["parent_id"], third["parent_id"]) == (second["id"], None, None)


def test_generators_give_what_they_gave(captured: Capture) -> None:
    @record_action()
    def count(limit: int) -> Iterator[int]:
        for number in range(limit):
            agentops.record(agentops.ToolEvent(params=number))
            got = yield number
            assert got is None
        return "done"

    seen = []
    for number in count(3):
        agentops.record(agentops.ToolEvent(params="between"))
        seen.append(number)
    assert seen == [0, 1, 2]
    whole = next(event for event in captured.events if event["event_type"] == "actions")
    assert whole["returns"] == [0, 1, 2]
    parents = {event["params"]: event["parent_id"] for event in captured.events if event["event_type"] == "tools"}
    assert parents == {0: whole["id"], 1: whole["id"], 2: whole["id"], "between": None}


def test_a_generator_that_is_left_early_is_recorded_and_closed(captured: Capture) -> None:
    closed = []

    @record_action()
    def endless() -> Iterator[int]:
        try:
            while True:
                yield 7
        finally:
            closed.append(True)

    running = endless()
    assert next(running) == 7
    running.close()
    assert closed == [True]
    assert captured.events[0]["returns"] == [7]


def test_what_is_thrown_into_a_generator_reaches_it(captured: Capture) -> None:
    @record_action()
    def patient() -> Iterator[str]:
        try:
            yield "first"
        except KeyError:
            yield "caught"

    running = patient()
    next(running)
    assert running.throw(KeyError("x")) == "caught"  # type: ignore[attr-defined]


def test_async_generators(captured: Capture) -> None:
    @record_tool()
    async def letters() -> AsyncIterator[str]:
        for letter in "ab":
            await asyncio.sleep(0)
            yield letter

    async def main() -> list[str]:
        return [letter async for letter in letters()]

    assert asyncio.run(main()) == ["a", "b"]
    assert captured.events[0]["returns"] == ["a", "b"]


def test_a_call_may_name_its_session(captured: Capture) -> None:
    other = agentops.start_session()
    assert other is not None

    @record_action()
    def act() -> int:
        return 1

    assert act(session=other) == 1  # type: ignore[call-arg]
    assert act() == 1  # with two sessions and none current it just runs
    assert [len(session.events) for session in captured.sessions] == [0, 1]


def test_without_a_session_the_function_just_runs(client: object) -> None:
    @record_action()
    def act() -> int:
        return 1

    assert act() == 1


def test_methods_of_a_tracked_class_act_as_their_instance(captured: Capture) -> None:
    @track_agent("Researcher")
    class Researcher:
        def __init__(self, topic: str) -> None:
            self.topic = topic

        @record_action()
        def work(self) -> str:
            return self.topic

        async def think(self) -> None:
            await asyncio.sleep(0)
            agentops.record(agentops.LLMEvent())

    one: Any = Researcher("a")
    two: Any = Researcher("b", agentops_name="Second")  # type: ignore[call-arg]
    one.work()
    asyncio.run(two.think())
    agentops.record(agentops.ToolEvent())
    assert [event["agent_id"] for event in captured.events] == [one.agentops_agent_id, two.agentops_agent_id, None]
    assert captured.events[0]["params"] == {}
    names = {agent["id"]: agent["name"] for agent in captured.sessions[0].agents}
    assert names == {one.agentops_agent_id: "Researcher", two.agentops_agent_id: "Second"}


def test_an_agent_made_before_init_is_registered_when_it_acts() -> None:
    @track_agent()
    def planner() -> None:
        agentops.record(agentops.ActionEvent())

    with capture() as captured:
        agentops.init("any key")
        planner()
        planner()
    (agent,) = captured.sessions[0].agents
    assert agent["name"] == "planner"
    assert {event["agent_id"] for event in captured.events} == {agent["id"]}
