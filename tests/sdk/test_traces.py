"""Traces of SDK 0.4 are sessions: started, nested, ended, in all the words that it has for it."""

from __future__ import annotations

import asyncio
import contextvars
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.trace import StatusCode

import agentops
from agentops import ActionEvent, Client, EndState, LLMEvent, Session, TraceContext, TraceState
from agentops.testing import Capture, capture

from . import program
from .recording_server import RecordingServer

Start = Callable[..., Session]
Warnings = Callable[[], list[str]]


@pytest.fixture
def captured() -> Iterator[Capture]:
    with capture() as captured:
        agentops.init("a-key", auto_start_session=False)
        yield captured


def started(name: str = "session", tags: Any = None) -> TraceContext:
    trace = agentops.start_trace(name, tags)
    assert trace is not None
    return trace


def test_a_trace_is_a_session_that_is_current_until_it_ends(captured: Capture) -> None:
    trace = started("refund", ["a"])
    agentops.record(ActionEvent("inside"))
    other = agentops.start_session()
    agentops.record(ActionEvent("inside still"))
    agentops.end_trace(trace, "Success")
    agentops.record(ActionEvent("the other's"))
    first, second = captured.sessions
    assert (first.facts["name"], first.tags, first.end_state) == ("refund", ["a"], "Success")
    assert [event["event_type"] for event in first.events] == ["inside", "inside still"]
    assert [event["event_type"] for event in second.events] == ["the other's"]
    assert (trace.trace_id, other) == (first.session_id.hex, Client().sessions[0])


def test_tags_may_be_an_object_or_one_text(captured: Capture) -> None:
    started(tags={"customer": "x", "tier": 2})
    started(tags="alone")
    agentops.start_trace(tags=5)  # type: ignore[arg-type]
    assert [session.tags for session in captured.sessions] == [["customer:x", "tier:2"], ["alone"], []]


def test_a_block_ends_its_trace_by_how_it_ends(captured: Capture) -> None:
    with started("fine"):
        pass
    with pytest.raises(ValueError, match="no"), started("broken"):
        raise ValueError("no")

    async def main() -> None:
        async with started("async"):
            agentops.record(ActionEvent("inside"))

    asyncio.run(main())
    assert [session.end_state for session in captured.sessions] == ["Success", "Failure", "Success"]
    assert "ValueError: no" in (captured.sessions[1].end_state_reason or "")
    assert len(captured.sessions[2].events) == 1


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Success", "Success"),
        ("success", "Success"),
        ("OK", "Success"),
        (agentops.SUCCESS, "Success"),
        (StatusCode.OK, "Success"),
        (EndState.SUCCESS, "Success"),
        ("StatusCode.OK", "Success"),
        ("Error", "Failure"),
        ("Fail", "Failure"),
        ("Failure", "Failure"),
        (agentops.ERROR, "Failure"),
        (StatusCode.ERROR, "Failure"),
        ("Indeterminate", "Indeterminate"),
        ("Unknown", "Indeterminate"),
        (agentops.UNSET, "Indeterminate"),
        (StatusCode.UNSET, "Indeterminate"),
    ],
)
def test_end_states_of_every_kind_are_understood(captured: Capture, word: Any, state: str) -> None:
    agentops.end_trace(started(), word)
    agentops.start_session()
    agentops.end_session(word)
    assert [session.end_state for session in captured.sessions] == [state, state]


def test_an_unknown_end_state_leaves_the_trace_open(captured: Capture, warnings: Warnings) -> None:
    trace = started()
    agentops.end_trace(trace, "Splendid")
    agentops.end_trace(trace, 7)
    assert trace.session.is_running
    assert sum("is no end state" in warning for warning in warnings()) == 2


def test_end_trace_without_one_ends_all(captured: Capture) -> None:
    started("a")
    started("b")
    agentops.start_session()
    agentops.end_trace(end_state=agentops.ERROR, end_state_reason="enough")
    assert [session.end_state for session in captured.sessions] == ["Failure"] * 3
    assert {session.end_state_reason for session in captured.sessions} == {"enough"}
    assert not Client().has_sessions


def test_end_all_sessions_ends_traces(captured: Capture) -> None:
    started("a")
    started("b")
    agentops.end_all_sessions()
    assert [session.end_state for session in captured.sessions] == ["Indeterminate"] * 2


def test_a_trace_is_ended_once(captured: Capture, warnings: Warnings) -> None:
    trace = started("a")
    agentops.end_trace(trace)
    agentops.end_trace(trace, "Error")
    agentops.end_trace("nonsense")  # type: ignore[arg-type]
    assert captured.sessions[0].end_state == "Success"
    assert [warning for warning in warnings() if "has ended already" in warning or "not 'nonsense'" in warning] != []
    assert len(warnings()) == 2


def test_a_trace_can_be_ended_by_its_session_and_in_another_context(captured: Capture) -> None:
    first, second = started("a"), started("b")
    agentops.end_trace(first.session, "Error")
    contextvars.Context().run(agentops.end_trace, second, "Success")
    agentops.start_session()
    agentops.record(ActionEvent("of the third"))
    assert [session.end_state for session in captured.sessions[:2]] == ["Failure", "Success"]
    assert len(captured.sessions[2].events) == 1


def test_a_function_that_is_a_trace_is_a_session_with_an_event_around_it(captured: Capture) -> None:
    @agentops.trace(name="answer", tags=["t"], version=2)
    def answer(question: str) -> str:
        agentops.record(LLMEvent(model="gpt-4o"))
        return question.upper()

    @agentops.operation
    def outer() -> str:
        return answer("why")

    around = agentops.start_session()
    assert around is not None
    assert outer() == "WHY"
    first, second = captured.sessions
    assert second.facts["name"] == "answer"
    assert (second.tags, second.end_state) == (["t"], "Success")
    call, root = second.events
    assert (root["event_type"], root["name"], root["parent_id"]) == ("session", "answer", None)
    assert (root["params"], root["returns"]) == ({"question": "why"}, "WHY")
    assert root["attributes"] == {"operation.version": 2}
    assert call["parent_id"] == root["id"]
    assert [event["name"] for event in first.events] == ["outer"]


def test_functions_of_every_sort_can_be_traces(captured: Capture) -> None:
    @agentops.trace
    async def wait() -> int:
        agentops.record(ActionEvent("in wait"))
        return 1

    @agentops.trace
    def count() -> Iterator[int]:
        agentops.record(ActionEvent("in count"))
        yield 1
        agentops.record(ActionEvent("in count"))
        yield 2

    @agentops.session
    async def spell() -> AsyncIterator[str]:
        yield "a"

    async def main() -> list[str]:
        return [letter async for letter in spell()]

    around = agentops.start_session()
    assert around is not None
    with around:
        assert asyncio.run(wait()) == 1
        for _ in count():
            agentops.record(ActionEvent("between"))
        assert asyncio.run(main()) == ["a"]
    outside, *traces = captured.sessions
    assert [session.facts["name"] for session in traces] == ["wait", "count", "spell"]
    assert [session.end_state for session in traces] == ["Success"] * 3
    assert [event["event_type"] for event in traces[1].events] == ["in count", "in count", "session"]
    assert traces[1].events[-1]["returns"] == [1, 2]
    assert [event["event_type"] for event in outside.events] == ["between", "between"]


def test_a_trace_that_raises_is_a_failure_with_an_error(captured: Capture) -> None:
    @agentops.trace
    def fail() -> None:
        raise KeyError("lost")

    with pytest.raises(KeyError):
        fail()
    (session,) = captured.sessions
    root, error = session.events
    assert (session.end_state, error["trigger_event_id"]) == ("Failure", root["id"])
    assert "KeyError: 'lost'" in (session.end_state_reason or "")


def test_traces_at_the_same_time_are_apart(captured: Capture) -> None:
    @agentops.task
    async def step(number: int) -> int:
        await asyncio.sleep(0)
        return number

    @agentops.trace
    async def run(number: int) -> int:
        await asyncio.sleep(0)
        return await step(number)

    async def main() -> list[int]:
        return list(await asyncio.gather(*(run(number) for number in range(20))))

    assert asyncio.run(main()) == list(range(20))
    for number, session in enumerate(captured.sessions):
        step_event, root = session.events
        assert (step_event["params"], root["params"]) == ({"number": number}, {"number": number})
        assert step_event["parent_id"] == root["id"]


def test_an_instance_of_a_class_that_is_a_trace_has_a_session(captured: Capture) -> None:
    @agentops.trace
    class Flow:
        def __init__(self, goal: str) -> None:
            self.goal = goal

        @agentops.tool
        def look(self) -> str:
            return self.goal

    with Flow("a") as flow, Flow("b") as other:  # type: ignore[attr-defined]
        assert (flow.look(), other.look()) == ("a", "b")
    first, second = captured.sessions
    assert (first.end_state, second.end_state) == ("Success", "Success")
    root, call = first.events
    assert (root["event_type"], root["params"], call["parent_id"]) == ("session", {"goal": "a"}, root["id"])


def test_metadata_is_kept_with_the_trace(captured: Capture, warnings: Warnings) -> None:
    assert agentops.update_trace_metadata({"a": 1}) is False
    trace = started("run", ["first"])
    assert agentops.update_trace_metadata({"user": "bob", "n": [1, 2], "none": None, "tags": ["x"]})
    assert agentops.update_trace_metadata({"user": "eve", "agentops.own": True}, prefix="mine")
    trace.span.set_attribute("plain", 5)
    assert agentops.update_trace_metadata({"long" * 100: 1}, what="?")
    assert agentops.update_trace_metadata([1]) is False  # type: ignore[arg-type]
    agentops.end_trace(trace)
    (session,) = captured.sessions
    (root,) = session.events
    assert root["event_type"] == "session"
    assert root["attributes"] == {
        "trace.metadata.user": "bob",
        "trace.metadata.n": [1, 2],
        "mine.user": "eve",
        "agentops.own": True,
        "plain": 5,
    }
    assert session.tags == ["first", "x"]
    assert len(warnings()) == 4


def test_metadata_of_a_function_stays_with_its_event(captured: Capture) -> None:
    @agentops.trace
    def run() -> int:
        agentops.update_trace_metadata({"user": "bob"})
        return 3

    run()
    (root,) = captured.events
    assert (root["returns"], root["attributes"]) == (3, {"trace.metadata.user": "bob"})


def test_the_span_of_a_trace_has_its_ids(captured: Capture) -> None:
    trace = started("run")
    context = trace.span.get_span_context()
    assert format(context.trace_id, "032x") == trace.trace_id
    assert 0 < context.span_id < 2**64
    assert (trace.span.name, trace.span.is_recording()) == ("run", True)
    trace.span.record_exception(ValueError("x"))
    agentops.end_trace(trace)
    assert not trace.span.is_recording()
    assert captured.events[0]["error_type"] == "ValueError"


def test_what_was_current_before_is_so_again(captured: Capture) -> None:
    around = agentops.start_session()

    @agentops.operation
    def run() -> None:
        first = started("first")
        agentops.record(ActionEvent("in first"))
        agentops.end_trace(end_state="Success")
        assert not first.session.is_running
        with started("second") as second:
            agentops.end_session("Success")
            assert not second.session.is_running
        agentops.record(ActionEvent("lost"))  # all have ended

    @agentops.operation
    def inner() -> None:
        with started("third"):
            agentops.record(ActionEvent("in third"))
            agentops.end_session("Success")
        agentops.record(ActionEvent("after"))

    assert around is not None
    run()
    again = agentops.start_session()
    assert again is not None
    inner()
    events = {event["event_type"]: event for event in captured.events if event["event_type"] != "operation"}
    operations = [event for event in captured.events if event["event_type"] == "operation"]
    assert events["in first"]["parent_id"] is events["in third"]["parent_id"] is None
    assert events["after"]["parent_id"] == operations[-1]["id"]
    assert "lost" not in events


def test_a_trace_needs_no_init(server: RecordingServer, spool_dir: Path) -> None:
    source = """
import agentops
with agentops.start_trace("alone"):
    agentops.record(agentops.ActionEvent("inside"))
@agentops.trace
def run(): raise SystemExit(3)
run()
"""
    env = program.environment(server, spool_dir)
    done = subprocess.run([sys.executable, "-c", source], env=env, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (3, "")
    states = {session["name"]: session["end_state"] for session in map(server.merged, server.sessions)}
    assert states == {"alone": "Success", "run": "Indeterminate"}


def test_state_words_are_those_of_0_4() -> None:
    assert [str(state) for state in TraceState] == ["SUCCESS", "ERROR", "UNSET"]
    assert TraceState.ERROR.to_status_code() is StatusCode.ERROR
    assert tuple(TraceState) == (agentops.SUCCESS, agentops.ERROR, agentops.UNSET)


def test_unknown_arguments_are_warned_about(captured: Capture, warnings: Warnings) -> None:
    trace = agentops.start_trace("a", colour="red")
    agentops.end_trace(trace, colour="red")
    agentops.start_session(colour="red")
    agentops.end_session("Success", colour="red")
    assert [session.end_state for session in captured.sessions] == ["Success", "Success"]
    assert sum("does not know the argument colour" in warning for warning in warnings()) == 4


def test_options_of_0_4_are_read_or_warned_about(client: object, warnings: Warnings) -> None:
    with capture() as captured:
        agentops.init(
            "a-key",
            export_flush_interval=7,
            trace_name="named",
            tags=["t"],
            app_url="x",
            fail_safe=True,
            auto_init=True,
        )
        agentops.configure(trace_name="later", exporter_endpoint="http://elsewhere", colour="red")
        agentops.end_session(Client().sessions[0], end_state="Success", is_auto_end=True)
        agentops.start_session({"k": "v"})
        interval = Client().config.flush_interval
    first, second = captured.sessions
    assert (first.facts["name"], first.tags, first.end_state) == ("named", ["t"], "Success")
    assert (second.facts["name"], second.tags) == ("later", ["t", "k:v"])
    assert interval == 7
    assert [warning.split(":")[1].strip() for warning in warnings()] == [
        "configure() ignores exporter_endpoint",
        "configure() does not know the option colour, and ignores it.",
    ]
