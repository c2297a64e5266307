"""The decorators of SDK 0.4: kinds, nesting, arguments, classes."""

from __future__ import annotations

import asyncio
import copy
import inspect
import pickle
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

import agentops
from agentops import LLMEvent
from agentops.sdk import decorators
from agentops.testing import Capture, capture

Warnings = Callable[[], list[str]]
KINDS = ["agent", "task", "workflow", "operation", "guardrail", "tool"]


@pytest.fixture
def captured() -> Iterator[Capture]:
    with capture() as captured:
        agentops.init("any key")
        yield captured


def kinds_of(captured: Capture) -> dict[str, Any]:
    """Every event by its name."""
    return {event.get("name") or event.get("model") or event["event_type"]: event for event in captured.events}


@pytest.mark.parametrize("kind", KINDS)
def test_a_call_is_an_event_of_its_kind(captured: Capture, kind: str) -> None:
    decorator = getattr(agentops, kind)
    assert getattr(decorators, kind) is decorator

    @decorator
    def bare(x: int, *more: int, y: int = 2) -> tuple[int, int]:
        """Says."""
        return x, y

    @decorator(name="called", version=3, tags=["a", "b"])
    def other() -> str:
        return "done"

    assert bare(1, 5) == (1, 2)
    assert other() == "done"
    assert (bare.__name__, bare.__doc__) == ("bare", "Says.")
    first, second = captured.events
    word = "tools" if kind == "tool" else kind
    assert [event["event_type"] for event in captured.events] == [word, word]
    assert (first["name"], second["name"]) == ("bare", "called")
    assert (first["params"], first["returns"]) == ({"x": 1, "more": [5], "y": 2}, [1, 2])
    assert "attributes" not in first
    assert second["attributes"] == {"operation.version": 3, "agentops.tags": ["a", "b"]}
    assert first["init_timestamp"] < first["end_timestamp"]


def test_steps_nest_with_model_calls_and_recorded_events(captured: Capture) -> None:
    @agentops.tool(cost=0.05)
    def search(what: str) -> str:
        agentops.record(LLMEvent(model="gpt-4o"))
        return what

    @agentops.record_action("old")
    def old() -> None:
        search("x")

    @agentops.operation
    async def find() -> None:
        await asyncio.sleep(0)
        old()

    @agentops.workflow
    def run() -> None:
        asyncio.run(find())

    run()
    events = {event.get("name") or event.get("action_type") or event.get("model"): event for event in captured.events}
    parents = {name: event["parent_id"] for name, event in events.items()}
    ids = {name: event["id"] for name, event in events.items()}
    assert parents == {
        "gpt-4o": ids["search"],
        "search": ids["old"],
        "old": ids["find"],
        "find": ids["run"],
        "run": None,
    }
    assert events["search"]["cost"] == 0.05
    assert events["search"]["attributes"] == {"gen_ai.usage.total_cost": 0.05}


def test_a_guardrail_says_what_it_guards(captured: Capture) -> None:
    @agentops.guardrail(spec="input")
    async def check(text: str) -> dict[str, bool]:
        return {"ok": bool(text)}

    assert asyncio.run(check("hello")) == {"ok": True}
    (event,) = captured.events
    assert event["attributes"] == {"agentops.guardrail.spec": "input"}
    assert event["returns"] == {"ok": True}


def test_an_exception_is_one_error_of_the_event_in_which_it_arose(captured: Capture) -> None:
    @agentops.tool
    def fail() -> None:
        raise LookupError("nothing there")

    @agentops.task
    def outer() -> None:
        fail()

    with pytest.raises(LookupError):
        outer()
    with pytest.raises(LookupError):
        fail()
    tool, error, task, again, second = captured.events
    assert [event["event_type"] for event in (tool, task, again)] == ["tools", "task", "tools"]
    assert (error["trigger_event_id"], error["trigger_event_type"]) == (tool["id"], "tools")
    assert (error["error_type"], error["details"]) == ("LookupError", "nothing there")
    assert second["trigger_event_id"] == again["id"]


def test_an_exception_that_is_raised_again_is_an_error_again(captured: Capture) -> None:
    known = LookupError("always the same")

    @agentops.tool
    def fail() -> None:
        raise known

    @agentops.task
    def outer() -> None:
        fail()

    for _ in range(2):
        with pytest.raises(LookupError):
            outer()
        with pytest.raises(LookupError):
            fail()
    errors = [event for event in captured.events if event["event_type"] == "errors"]
    tools = [event["id"] for event in captured.events if event["event_type"] == "tools"]
    assert [error["trigger_event_id"] for error in errors] == tools
    assert len(tools) == 4


def test_generators_of_both_kinds_have_what_they_gave(captured: Capture) -> None:
    @agentops.operation
    def count(limit: int) -> Iterator[int]:
        for number in range(limit):
            agentops.record(LLMEvent(model=f"m{number}"))
            yield number

    @agentops.operation(name="letters")
    async def spell(word: str) -> AsyncIterator[str]:
        for letter in word:
            yield letter

    async def main() -> list[str]:
        return [letter async for letter in spell("ab")]

    for _ in count(2):
        agentops.record(LLMEvent(model="between"))
    assert asyncio.run(main()) == ["a", "b"]
    events = kinds_of(captured)
    assert (events["count"]["returns"], events["letters"]["returns"]) == ([0, 1], ["a", "b"])
    assert events["m0"]["parent_id"] == events["m1"]["parent_id"] == events["count"]["id"]
    assert events["between"]["parent_id"] is None


def test_a_function_that_is_an_agent_acts_as_one(captured: Capture) -> None:
    @agentops.agent(name="Planner")
    def plan() -> None:
        agentops.record(LLMEvent(model="gpt-4o"))

    plan()
    plan()
    (known,) = captured.sessions[0].agents
    assert known["name"] == "Planner"
    assert {event["agent_id"] for event in captured.events} == {known["id"]}
    assert [event["event_type"] for event in captured.events] == ["llms", "agent", "llms", "agent"]


def test_methods_of_any_kind_stay_what_they_are(captured: Capture) -> None:
    class Desk:
        @agentops.operation
        def ask(self, what: str) -> str:
            return what

        @agentops.operation
        @staticmethod
        def plain(what: str) -> str:
            return what

        @agentops.operation
        @classmethod
        def of_class(cls, what: str) -> str:
            return f"{cls.__name__} {what}"

        @agentops.operation  # type: ignore[type-var]
        @property
        def state(self) -> str:
            return "open"

    desk = Desk()
    assert (desk.ask("a"), desk.plain("b"), Desk.plain("c"), Desk.of_class("d")) == ("a", "b", "c", "Desk d")
    assert [event["params"] for event in captured.events] == [{"what": letter} for letter in "abcd"]
    assert desk.state == "open"
    assert captured.events[-1]["name"] == "state"


def test_an_instance_of_an_agent_is_an_event_around_its_methods(captured: Capture) -> None:
    @agentops.agent(tags=["t"])
    class Clerk:
        """Helps."""

        def __init__(self, desk: int, then: str = "x") -> None:
            self.desk = desk

        @agentops.operation
        def work(self) -> str:
            return self.look()

        @agentops.tool
        def look(self) -> str:
            return "found"

        def helper(self) -> None:
            agentops.record(LLMEvent(model="gpt-4o"))

    one: Any = Clerk(1)
    assert isinstance(one, Clerk)
    assert (Clerk.__doc__, inspect.signature(Clerk).parameters.keys()) == ("Helps.", {"desk", "then"})
    assert one.work() == "found"
    one.helper()
    agentops.record(LLMEvent(model="outside"))
    named: Any = Clerk(2, agentops_name="Second")  # type: ignore[call-arg]
    events = {event.get("name") or event.get("model"): event for event in captured.events}
    clerk = events["Clerk"]
    assert (clerk["event_type"], clerk["params"]) == ("agent", {"desk": 1, "then": "x"})
    assert clerk["attributes"] == {"agentops.tags": ["t"]}
    assert events["work"]["parent_id"] == events["gpt-4o"]["parent_id"] == clerk["id"]
    assert events["look"]["parent_id"] == events["work"]["id"]
    assert events["outside"]["parent_id"] is None
    acted = [clerk, events["work"], events["look"], events["gpt-4o"]]
    assert {event["agent_id"] for event in acted} == {one.agentops_agent_id}
    assert clerk["end_timestamp"] > events["gpt-4o"]["init_timestamp"]
    names = {agent["id"]: agent["name"] for agent in captured.sessions[0].agents}
    assert names == {one.agentops_agent_id: "Clerk", named.agentops_agent_id: "Second"}


def test_a_class_of_another_kind_and_its_block(captured: Capture) -> None:
    @agentops.workflow
    class Flow:
        async def step(self) -> None:
            agentops.record(LLMEvent(model="gpt-4o"))
            raise ValueError("no")

    async def main() -> None:
        async with Flow() as flow:  # type: ignore[attr-defined]
            await flow.step()

    with pytest.raises(ValueError, match="no"):
        asyncio.run(main())
    call, error = (event for event in captured.events if event.get("name") != "Flow")
    (flow,) = (event for event in captured.events if event.get("name") == "Flow")
    assert flow["event_type"] == "workflow"
    assert call["parent_id"] == flow["id"]
    assert error["trigger_event_id"] == flow["id"]


def test_a_class_with_a_block_of_its_own_keeps_it(captured: Capture) -> None:
    @agentops.task
    class Job:
        left = 0

        def __enter__(self) -> str:
            return "mine"

        def __exit__(self, *given: object) -> bool:
            Job.left += 1
            return True

    with Job() as what:
        raise ValueError("swallowed by the class")
    assert (what, Job.left) == ("mine", 1)


@agentops.agent
class Copied:
    def act(self) -> int:
        return 1


@agentops.agent
class Derived(Copied):
    def __init__(self) -> None:
        super().__init__()


class Slotted:
    __slots__ = ("x",)

    def act(self) -> int:
        return 1


def test_instances_can_be_copied_pickled_derived_and_have_slots(captured: Capture) -> None:
    original = Copied()
    for other in (copy.deepcopy(original), pickle.loads(pickle.dumps(original))):
        assert other.act() == 1
    assert set(vars(original)) == {"agentops_agent_id", "agentops_agent_name"}
    assert Derived().act() == 1
    assert agentops.agent(Slotted)().act() == 1
    names = [agent["name"] for agent in captured.sessions[0].agents]
    assert names.count("Derived") == 1
    assert names.count("Copied") == 3


@pytest.mark.parametrize("decorate", [agentops.task, agentops.agent, agentops.track_agent()])
def test_classes_that_are_made_by_new_are_made_as_ever(captured: Capture, decorate: Any) -> None:
    @decorate
    class Number(int):
        def twice(self) -> int:
            return self * 2

    @decorate
    class Plain: ...

    assert (Number(21), Number("15", base=8).twice(), Number(1) + 1) == (21, 26, 2)
    with pytest.raises(TypeError):
        Plain(1)


def test_a_constructor_that_fails_fails_as_ever(captured: Capture) -> None:
    @agentops.agent
    class Broken:
        def __init__(self) -> None:
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        Broken()
    event, error = captured.events
    assert error["trigger_event_id"] == event["id"]


def test_an_unknown_argument_is_warned_about(captured: Capture, warnings: Warnings) -> None:
    @agentops.tool(colour="red", cost=1)
    def act() -> int:
        return 1

    @agentops.track_tool(tool_name="older", what=1)
    def older() -> int:
        return 2

    assert (act(), older()) == (1, 2)
    assert [event["name"] for event in captured.events] == ["act", "older"]
    assert sum("does not know the argument" in warning for warning in warnings()) == 2


def test_without_a_session_it_just_runs(client: object, warnings: Warnings) -> None:
    @agentops.agent
    class Clerk:
        @agentops.task
        def work(self) -> int:
            return 1

    @agentops.agent
    def act() -> int:
        return Clerk().work()

    assert act() == 1
    assert any("is not recorded" in warning for warning in warnings())


def test_a_call_may_name_its_session(captured: Capture) -> None:
    other = agentops.start_session()
    assert other is not None

    @agentops.task
    def act() -> int:
        return 1

    assert act(session=other) == 1  # type: ignore[call-arg]
    assert [len(session.events) for session in captured.sessions] == [0, 1]


def test_kinds_are_kept_when_everything_is_redacted() -> None:
    with capture() as captured:
        agentops.init("any key", redact="everything")
        agentops.agent(agentops.guardrail)  # a decorator is no function, and still decorated
        agentops.guardrail(lambda: "secret")()
    (event,) = captured.events
    assert event["event_type"] == "guardrail"
    assert event["returns"] != "secret"
