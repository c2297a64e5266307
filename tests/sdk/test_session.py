from __future__ import annotations

import asyncio
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

import agentops
from agentops import ActionEvent, ErrorEvent, LLMEvent, Session, ToolEvent
from agentops._ids import new_id

from .recording_server import RecordingServer

Start = Callable[..., Session]
Warnings = Callable[[], list[str]]


def test_id_is_a_time_ordered_uuid(start: Start) -> None:
    session = start()
    assert isinstance(session.session_id, UUID)
    assert session.session_id.version == 7


def test_what_the_server_says_is_known_after_delivery(start: Start, server: RecordingServer) -> None:
    session = start()
    assert session.project_id is None
    assert session.flush()
    assert session.project_id == "00000000-0000-4000-8000-000000000001"
    assert server.tokens[session.jwt or ""] == str(session.session_id)
    assert session.session_url == f"{server.endpoint}/sessions/{session.session_id}"


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("Success", "Success"),
        ("success", "Success"),
        ("Fail", "Failure"),
        ("FAILURE", "Failure"),
        (agentops.EndState.FAIL, "Failure"),
        ("indeterminate", "Indeterminate"),
    ],
)
def test_end_states_in_any_spelling(start: Start, server: RecordingServer, given: str, stored: str) -> None:
    session = start()
    session.end_session(given, "a reason")
    merged = server.merged(session.session_id)
    assert (merged["end_state"], merged["end_state_reason"]) == (stored, "a reason")
    assert merged["end_is_implicit"] is False
    assert merged["end_timestamp"] == session.end_timestamp
    assert session.end_state == stored


def test_unknown_end_state_warns_and_leaves_the_session_open(start: Start, warnings: Warnings) -> None:
    session = start()
    assert session.end_session("Splendid") == "0.00"
    assert session.is_running
    assert session.end_timestamp is None
    assert any("Splendid" in warning and "Success" in warning for warning in warnings())


def test_end_session_returns_the_cost_as_plain_decimal_text(start: Start, server: RecordingServer) -> None:
    server.cost = "1.234E-3"
    cost = start().end_session("Success")
    assert cost == "0.001234"
    assert Decimal(cost) == Decimal("0.001234")


def test_module_level_end_session_returns_it_too(start: Start) -> None:
    start()
    assert agentops.end_session("Success") == "0.0075"


def test_end_session_includes_the_host_environment(start: Start, server: RecordingServer) -> None:
    session = start(env_data_opt_out=False)
    session.end_session("Success")
    environment = server.merged(session.session_id)["host_env"]
    assert set(environment) == {
        "SDK",
        "OS",
        "CPU",
        "RAM",
        "Disk",
        "Installed Packages",
        "Project Working Directory",
        "Virtual Environment",
    }
    assert environment["Installed Packages"]["Installed Packages"]["urllib3"]
    assert environment["OS"]["OS"]
    assert environment["RAM"]["Total"].endswith(" GB")


def test_opting_out_sends_no_part_of_the_host_environment(start: Start, server: RecordingServer) -> None:
    session = start(env_data_opt_out=True)
    session.end_session("Success")
    assert not any("host_env" in str(request.body) for request in server.requests)


def test_ending_again_warns_and_changes_nothing(start: Start, server: RecordingServer, warnings: Warnings) -> None:
    session = start()
    session.end_session("Success")
    assert session.end_session("Fail") == "0.0075"
    assert session.end_state == "Success"
    assert any("ended already" in warning for warning in warnings())


def test_record_takes_a_snapshot(start: Start, server: RecordingServer) -> None:
    session = start()
    messages = [{"role": "user", "content": "one"}]
    event = LLMEvent(prompt=messages)
    session.record(event)
    messages.append({"role": "user", "content": "two"})
    assert session.flush()
    assert server.events[str(session.session_id)][str(event.id)]["prompt"] == [{"role": "user", "content": "one"}]


def test_events_count_by_their_event_type(start: Start) -> None:
    session = start()
    for event in (ActionEvent("llms"), LLMEvent(), ToolEvent(), ActionEvent(), ErrorEvent(), agentops.Event("walk")):
        session.record(event)
    assert session.event_counts == {"llms": 2, "tools": 1, "actions": 2, "errors": 1}


def test_events_arrive_in_order_with_numbers_from_one(start: Start, server: RecordingServer) -> None:
    session = start()
    events = [ActionEvent(params=number) for number in range(1200)]
    for event in events:
        session.record(event)
    assert session.flush()
    arrived = server.events[str(session.session_id)]
    assert list(arrived) == [str(event.id) for event in events]
    assert [event["sequence"] for event in arrived.values()] == list(range(1, 1201))
    assert len({event["participant_id"] for event in arrived.values()}) == 1
    assert all(len(request.body["events"]) <= 500 for request in server.of("/v2/create_events"))


def test_recording_an_event_again_replaces_it(start: Start, server: RecordingServer) -> None:
    session = start()
    event = LLMEvent(prompt="hi")
    session.record(event)
    event.completion = "hello"
    session.record(event)
    assert session.flush()
    arrived = server.events[str(session.session_id)]
    assert arrived[str(event.id)]["completion"] == "hello"
    assert arrived[str(event.id)]["sequence"] == 1
    assert session.event_counts["llms"] == 1


def test_tags_keep_order_without_duplicates(start: Start, server: RecordingServer) -> None:
    session = start(default_tags=["b", "a", "b"])
    session.add_tags(["c", "a"])
    session.add_tags("lone")
    assert session.tags == ["b", "a", "c", "lone"]
    session.set_tags(["z", "z", "y"])
    session.tags.append("not mine")
    assert session.tags == ["z", "y"]
    assert session.flush()
    assert server.sessions[str(session.session_id)]["tags"] == ["b", "a"]
    assert server.merged(session.session_id)["tags"] == ["z", "y"]


def test_video_is_a_url(start: Start, server: RecordingServer, warnings: Warnings) -> None:
    session = start()
    session.set_video("/tmp/film.mp4")
    assert session.video is None
    assert any("film.mp4" in warning for warning in warnings())
    session.end_session("Success", video="https://example.com/film.mp4")
    assert server.merged(session.session_id)["video"] == "https://example.com/film.mp4"


def test_create_agent_gives_the_same_id_for_the_same_name(start: Start, server: RecordingServer) -> None:
    session = start()
    first, second = session.create_agent("Researcher"), session.create_agent("Writer", agent_id="writer")
    session.record(ActionEvent(agent_id="writer"))
    assert session.flush()
    agents = server.agents[str(session.session_id)]
    assert [(agent["id"], agent["name"]) for agent in agents] == [(first, "Researcher"), (second, "Writer")]
    (event,) = server.events[str(session.session_id)].values()
    assert event["agent_id"] == second


def test_whom_events_name_is_an_agent_of_that_name(start: Start, server: RecordingServer) -> None:
    session, known = start(), new_id()
    writer = session.create_agent("Writer", agent_id="w")
    for agent_id in ("Researcher", "w", "Researcher", str(known), known):
        session.record(ActionEvent(agent_id=agent_id))
        session.record(LLMEvent(agent_id=agent_id))
    assert session.flush()
    agents = server.agents[str(session.session_id)]
    researcher = next(agent["id"] for agent in agents if agent["name"] == "Researcher")
    assert [(agent["id"], agent["name"]) for agent in agents] == [(writer, "Writer"), (researcher, "Researcher")]
    events = sorted(server.events[str(session.session_id)].values(), key=lambda event: event["sequence"])
    expected = [researcher, writer, researcher, str(known), str(known)]
    assert [event["agent_id"] for event in events] == [each for each in expected for _ in range(2)]


class Nameless:
    def __str__(self) -> str:
        raise RuntimeError("no name")

    __repr__ = __str__


@pytest.mark.parametrize("event_class", [ActionEvent, LLMEvent])
def test_what_is_no_name_costs_no_event(start: Start, server: RecordingServer, event_class: Any) -> None:
    session = start()
    for agent_id in (7, ["a", "list"], Nameless()):
        session.record(event_class(agent_id=agent_id))
    assert session.flush()
    assert len(server.events[str(session.session_id)]) == 3
    assert len(server.agents[str(session.session_id)]) == 3


def test_analytics_are_the_servers(start: Start) -> None:
    session = start()
    session.record(LLMEvent())
    session.record(ErrorEvent())
    assert session.get_analytics() == {
        "LLM calls": 1,
        "Tool calls": 0,
        "Actions": 0,
        "Errors": 1,
        "Duration": "1h 1m 1.5s",
        "Cost": "0.0075",
    }
    assert session.end_timestamp is None


def test_analytics_without_a_server_are_local(client: object, warnings: Warnings) -> None:
    session = agentops.init("k", endpoint="http://127.0.0.1:9", max_wait_time=100, env_data_opt_out=True)
    assert session is not None
    session.record(ToolEvent())
    analytics = session.get_analytics()
    assert analytics["Tool calls"] == 1
    assert analytics["Cost"] == "0.00"
    assert str(analytics["Duration"]).endswith("s")
    assert any("gave no figures" in warning for warning in warnings())


def test_with_block_ends_the_session(start: Start, server: RecordingServer) -> None:
    with start() as session:
        assert agentops.Client().find_current() is session
    assert session.flush()
    assert server.merged(session.session_id)["end_state"] == "Success"


def test_with_block_that_raises_is_a_failure(start: Start, server: RecordingServer) -> None:
    session = start()
    with pytest.raises(ValueError, match="broken"), session:
        raise ValueError("broken")
    assert session.flush()
    merged = server.merged(session.session_id)
    assert merged["end_state"] == "Failure"
    assert "ValueError: broken" in merged["end_state_reason"]
    assert "Traceback" in merged["end_state_reason"]


def test_async_with_blocks_each_have_their_session(start: Start, server: RecordingServer) -> None:
    start(auto_start_session=True).end_session("Success")
    events: dict[str, UUID] = {}

    async def work(name: str) -> None:
        session = agentops.start_session([name])
        assert session is not None
        async with session:
            await asyncio.sleep(0)
            agentops.record(ActionEvent(params=name))
            events[name] = session.session_id

    async def main() -> None:
        await asyncio.gather(work("one"), work("two"), work("three"))

    asyncio.run(main())
    assert agentops.flush()
    for name, session_id in events.items():
        (event,) = server.events[str(session_id)].values()
        assert event["params"] == name
        assert server.merged(session_id)["end_state"] == "Success"


def test_records_after_the_end_still_arrive(start: Start, server: RecordingServer) -> None:
    session = start()
    session.end_session("Success")
    session.record(ActionEvent())
    assert session.flush()
    assert len(server.events[str(session.session_id)]) == 1


def test_record_of_something_else_warns(start: Start, warnings: Warnings) -> None:
    start().record("not an event")  # type: ignore[arg-type]
    assert any("record() takes an event" in warning for warning in warnings())


def test_an_event_id_that_is_no_uuid_is_replaced(start: Start, server: RecordingServer) -> None:
    session = start()
    session.record(ActionEvent(id="seven"))
    assert session.flush()
    (event_id,) = server.events[str(session.session_id)]
    assert UUID(event_id)
