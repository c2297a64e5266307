"""What a user gets wrong costs no event, no end of a session, and never the host program."""

from __future__ import annotations

import asyncio
import copy
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest

import agentops
from agentops import ActionEvent, EndState, ErrorEvent, LLMEvent, Session, ToolEvent, record_tool, track_agent
from agentops._clock import to_text
from agentops.testing import Capture, capture

from .recording_server import Fault, RecordingServer

Start = Callable[..., Session]


class Unspeakable(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


@pytest.fixture
def captured() -> Iterator[Capture]:
    with capture() as captured:
        agentops.init("any key")
        yield captured


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    return lambda: "\n".join(record.getMessage() for record in caplog.records)


@pytest.mark.parametrize(
    "video", ["~nobody.of.that.name/run.mp4", "a\0b.mp4", b"clip.webm", 5, ["x.mp4"], "", "/x.mp4"]
)
def test_a_session_ends_as_it_is_told_to_whatever_its_video_is(
    start: Start, server: RecordingServer, warnings: Callable[[], str], video: Any
) -> None:
    session = start()
    session.end_session("Success", "why", video=video)
    ended = server.merged(session.session_id)
    assert (ended["end_state"], ended["end_state_reason"], ended.get("video")) == ("Success", "why", None)
    assert "left out" in warnings()
    assert agentops.get_client().sessions == []


class Address:
    def __str__(self) -> str:
        return "https://films/2.mp4"


def test_what_reads_as_a_url_is_one(start: Start, server: RecordingServer) -> None:
    session = start()
    session.set_video(Address())  # type: ignore[arg-type]
    session.flush()
    assert server.merged(session.session_id)["video"] == "https://films/2.mp4"


def test_the_scheme_of_a_url_is_in_any_letter_case(start: Start, server: RecordingServer) -> None:
    session = start()
    session.end_session("Success", video="HTTPS://films/1.mp4")
    assert server.merged(session.session_id)["video"] == "HTTPS://films/1.mp4"


class Slots:
    __slots__ = ("a",)


class Pair(NamedTuple):
    a: int


@dataclass(frozen=True)
class Frozen:
    a: int = 1


class Strict:
    def __setattr__(self, name: str, value: object) -> None:
        raise TypeError(name)


@pytest.mark.parametrize("kind", [Slots, Pair, Frozen, Strict])
def test_any_class_can_be_an_agent(captured: Capture, kind: Any) -> None:
    def work(self: object) -> None:
        agentops.record(ActionEvent())

    derived = type(kind.__name__, (kind,), {"work": work, "__slots__": ()} if kind is Slots else {"work": work})
    tracked: Any = track_agent("Worker")(derived)
    one = tracked(1) if kind is Pair else tracked()
    one.work()
    (event,) = captured.events
    (agent,) = captured.sessions[0].agents
    assert (event["agent_id"], agent["name"]) == (agent["id"], "Worker")


def test_copies_are_the_same_agent_and_what_no_constructor_made_is_one(captured: Capture) -> None:
    @track_agent("Worker")
    class Worker:
        def work(self) -> None:
            agentops.record(ActionEvent())

    one = Worker()
    copy.copy(one).work()
    Worker.__new__(Worker).work()
    first, second = [event["agent_id"] for event in captured.events]
    assert first == one.agentops_agent_id != second  # type: ignore[attr-defined]


def test_an_agent_of_a_derived_class_has_the_name_of_that_class(captured: Capture) -> None:
    @track_agent("Base")
    class Base:
        def work(self) -> None:
            agentops.record(ActionEvent())

    @track_agent("Writer")
    class Writer(Base):
        def __init__(self) -> None:
            super().__init__()

    writer: Any = Writer()
    writer.work()
    assert writer.agentops_agent_name == "Writer"
    assert [(agent["name"], agent["id"]) for agent in captured.sessions[0].agents] == [
        ("Writer", captured.events[0]["agent_id"])
    ]


@pytest.mark.parametrize(
    ("exception", "expected"),
    [
        ("boom", (None, "boom")),
        ({"code": 5}, (None, {"code": 5})),
        (Unspeakable(), ("Unspeakable", "<str() failed>")),
        (ValueError("x"), ("ValueError", "x")),
    ],
)
def test_an_error_takes_any_exception(captured: Capture, exception: Any, expected: tuple[str | None, object]) -> None:
    agentops.record(ErrorEvent(exception=exception))
    (event,) = captured.events
    assert (event["error_type"], event["details"]) == expected


def test_an_error_type_may_be_a_class(captured: Capture) -> None:
    agentops.record(ErrorEvent(exception=ValueError("x"), error_type=KeyError))
    assert captured.events[0]["error_type"] == "KeyError"


def test_an_error_inside_except_has_the_traceback(captured: Capture) -> None:
    try:
        {}["here"]
    except LookupError:
        agentops.record(ErrorEvent(error_type=LookupError, details="there"))
    (event,) = captured.events
    assert (event["error_type"], event["details"]) == ("LookupError", "there")
    assert event["logs"].endswith("KeyError: 'here'\n")


def test_a_trigger_is_an_event_or_its_id_and_anything_else_is_none(captured: Capture) -> None:
    identity = uuid4()
    for trigger in (identity, str(identity), "x", agentops.get_session()):
        agentops.record(ErrorEvent(trigger_event=trigger))  # type: ignore[arg-type]
    assert [event.get("trigger_event_id") for event in captured.events] == [str(identity)] * 2 + [None] * 2


def test_an_exception_without_text_is_recorded_where_it_passes(captured: Capture) -> None:
    @record_tool
    def fail() -> None:
        raise Unspeakable

    with pytest.raises(Unspeakable):
        fail()
    assert [event["event_type"] for event in captured.events] == ["tools", "errors"]


MOMENT = datetime(2026, 11, 30, 2, 46, 40, tzinfo=timezone.utc)


@pytest.mark.parametrize("unit", [1, 1_000, 1_000_000, 1_000_000_000])
def test_a_time_may_be_a_number(captured: Capture, unit: int) -> None:
    agentops.record(ActionEvent(init_timestamp=int(MOMENT.timestamp()) * unit))  # type: ignore[arg-type]
    assert captured.events[0]["init_timestamp"] == "2026-11-30T02:46:40.000000+00:00"


def test_a_day_begins_in_local_time() -> None:
    local = datetime(2026, 11, 30).astimezone(timezone.utc)
    assert to_text(date(2026, 11, 30)) == local.isoformat(timespec="microseconds")
    assert to_text(float("inf")) == "inf"


def test_a_number_is_an_id_and_not_what_one_is_made_from(captured: Capture) -> None:
    identity = uuid4()
    agentops.record(LLMEvent(id=identity.int))  # type: ignore[arg-type]
    agentops.record(LLMEvent(id=-1))  # type: ignore[arg-type]
    assert captured.events[0]["id"] == str(identity)
    assert UUID(captured.events[1]["id"])


class Array(list[str]):
    def __bool__(self) -> bool:
        raise ValueError("ambiguous")


def test_tags_may_have_no_truth_value(captured: Capture) -> None:
    session = agentops.start_session(tags=Array(["a", "b"]))
    assert session is not None
    assert session.tags == ["a", "b"]


@pytest.mark.parametrize("nothing", [None, 5])
def test_what_cannot_be_tags_changes_none(captured: Capture, nothing: Any) -> None:
    session = agentops.get_session()
    assert session is not None
    session.add_tags(["a", None, ""])  # type: ignore[list-item]
    session.add_tags({"k": "v"})
    session.add_tags(nothing)
    session.set_tags(nothing)
    agentops.get_client().add_default_tags(nothing)
    assert session.tags == ["a", "k:v"]
    session.set_tags([])
    assert session.tags == []


def test_an_end_may_name_its_session(captured: Capture) -> None:
    first = agentops.get_session()
    second = agentops.start_session()
    third = agentops.start_session()
    assert first is not None
    assert second is not None
    assert third is not None
    with second:
        agentops.end_session(session=first, end_state="Success")
        agentops.end_session("Failure", session=str(third.session_id))
        agentops.end_session("Success", session="no session")
        assert (first.end_state, third.end_state, second.is_running) == ("Success", "Failure", True)


def test_a_configuration_that_is_none_is_ignored(captured: Capture, warnings: Callable[[], str]) -> None:
    session = agentops.start_session(config={"max_wait_time": 3})  # type: ignore[arg-type]
    assert session is not None
    assert "agentops.Configuration" in warnings()


def test_an_opt_out_that_cannot_be_read_is_one(monkeypatch: pytest.MonkeyPatch, warnings: Callable[[], str]) -> None:
    monkeypatch.setenv("AGENTOPS_ENV_DATA_OPT_OUT", "y")
    assert agentops.Configuration().env_data_opt_out
    assert agentops.Configuration().env_data_opt_out
    assert warnings().count("AGENTOPS_ENV_DATA_OPT_OUT: 'y' cannot be used") == 1


def test_words_for_an_end_state_are_values_of_it() -> None:
    assert EndState("Fail") is EndState("failure") is EndState.FAILURE
    with pytest.raises(ValueError, match="lost"):
        EndState("lost")


def test_a_call_that_is_cancelled_did_not_just_return_nothing(captured: Capture) -> None:
    @record_tool
    async def wait() -> None:
        await asyncio.sleep(60)

    async def main() -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(wait(), 0.01)

    asyncio.run(main())
    (event,) = captured.events
    assert event["attributes"] == {"agentops.left_by": "CancelledError"}


def complain(event: dict[str, Any]) -> str | None:
    if event.get("cost") == "free":
        return "cost: 'free' is no amount of money"
    if isinstance(event.get("prompt_tokens"), int) and event["prompt_tokens"] < 0:
        return "prompt_tokens must be a whole number from 0 to 2^53, or null"
    if not 0 < len(event["event_type"]) <= 200:
        return "event_type must be llms, tools, actions, errors or another word of up to 200 characters"
    return "id must be a UUID" if event.get("params") == "hopeless" else None


def test_an_event_is_kept_without_the_values_that_the_server_cannot_take(
    start: Start, server: RecordingServer, spool_dir: Path, warnings: Callable[[], str]
) -> None:
    server.complain = complain
    session = start()
    session.record(LLMEvent(cost="free", prompt_tokens=-1, model="m"))
    for kind in ("x" * 300, ""):
        session.record(ActionEvent(kind, params="long"))
    session.record(ToolEvent(params="good"))
    session.record(LLMEvent(cost="free"))
    assert session.flush()
    events = server.events[str(session.session_id)].values()
    bad, long, empty, good, other = sorted(events, key=lambda event: event["sequence"])
    assert (bad.get("cost"), bad.get("prompt_tokens"), bad["model"]) == (None, None, "m")
    assert bad["attributes"] == {"agentops.refused.cost": "free", "agentops.refused.prompt_tokens": "-1"}
    assert (long["event_type"], empty["event_type"]) == ("x" * 200, "actions")
    assert "attributes" not in good
    assert other["attributes"] == {"agentops.refused.cost": "free"}
    assert not list(spool_dir.rglob("*.rejected"))
    assert warnings().count("cannot take the cost of an event") == 1
    assert session.events_refused == 0


def test_an_event_that_the_server_never_takes_is_counted_where_the_session_is_shown(
    start: Start, server: RecordingServer, spool_dir: Path
) -> None:
    server.complain = complain
    session = start()
    session.record(LLMEvent(params="hopeless"))
    session.record(LLMEvent(params="hopeless"))
    assert session.flush()
    assert session.events_refused == 2
    session.record(LLMEvent())
    session.record(LLMEvent())
    session.end_session("Success")
    assert server.merged(session.session_id)["refused_events"] == 2
    assert sorted(event["sequence"] for event in server.events[str(session.session_id)].values()) == [3, 4]
    (rejected,) = spool_dir.rglob("*.rejected")
    assert [json.loads(line)["payload"]["params"] for line in rejected.read_text().splitlines()] == ["hopeless"] * 2


def test_the_events_of_a_session_that_is_refused_are_kept_as_they_were(
    start: Start, server: RecordingServer, spool_dir: Path
) -> None:
    server.fail("/v2/create_session", Fault(422, b'{"message": "params: this one never"}'))
    session = start()
    session.record(ToolEvent(params="p"))
    assert session.flush()
    (rejected,) = spool_dir.rglob("*.rejected")
    lines = [json.loads(line) for line in rejected.read_text().splitlines()]
    assert [line["payload"]["params"] for line in lines if "params" in line["payload"]] == ["p"]


def test_a_record_that_is_damaged_on_the_disk_holds_up_nothing(
    start: Start, server: RecordingServer, spool_dir: Path
) -> None:
    session = start(flush_interval=60_000)
    session.flush()
    for text in ("first", "broken", "last"):
        session.record(LLMEvent(prompt=text))
    segment = session._pipeline._spool.segments[-1]  # type: ignore[attr-defined]
    at = segment.read(0, segment.size).index(b'"broken"')
    os.pwrite(segment.descriptor, b"'", at)
    assert session.flush()
    prompts = [event["prompt"] for event in server.events[str(session.session_id)].values()]
    assert sorted(prompts) == ["first", "last"]
    (rejected,) = spool_dir.rglob("*.rejected")
    assert "'broken" in json.loads(rejected.read_text())["payload"]


@pytest.mark.parametrize(
    ("figures", "reason"),
    [
        ({"cost_is_lower_bound": True, "unpriced_llms": 2}, "the price or the token count of 2 LLM calls is not known"),
        ({"cost_is_lower_bound": True, "missing_events": 1}, "1 event did not arrive"),
        ({"cost_is_lower_bound": True}, "not known"),
        ({"unpriced_llms": 2}, None),
    ],
)
def test_a_cost_that_may_not_be_all_is_said_to_be_so(
    start: Start, server: RecordingServer, warnings: Callable[[], str], figures: dict[str, Any], reason: str | None
) -> None:
    server.figures = figures
    session = start()
    session.end_session("Success")
    assert ("is a lower bound" in warnings()) == (reason is not None)
    assert (reason or "") in warnings()


def test_figures_of_a_running_session_say_so_too(
    start: Start, server: RecordingServer, warnings: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = server.stats
    known = {"cost_is_lower_bound": True, "unpriced_llms": 1}
    monkeypatch.setattr(server, "stats", lambda session_id: {**before(session_id), **known})
    start().get_analytics()
    assert "is a lower bound" in warnings()
