"""Which session a call means, and what init and start_session do with theirs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import agentops
from agentops import ActionEvent, Client, Configuration, Session
from agentops.testing import FROZEN_START, capture

from .recording_server import RecordingServer

Start = Callable[..., Session]
Warnings = Callable[[], list[str]]


def test_a_second_init_returns_the_running_session_and_warns(start: Start, warnings: Warnings) -> None:
    session = start()
    assert agentops.init() is session
    assert any("initialised already" in warning for warning in warnings())


def test_init_after_the_end_starts_another_session(start: Start) -> None:
    first = start()
    first.end_session("Success")
    second = start()
    assert second.session_id != first.session_id
    assert second.is_running


def test_init_without_starting(server: RecordingServer, client: Client, warnings: Warnings) -> None:
    assert agentops.init(server.key, endpoint=server.endpoint, auto_start_session=False) is None
    agentops.record(ActionEvent())
    assert any("agentops.init() or agentops.start_session()" in warning for warning in warnings())
    session = agentops.start_session(["tag"])
    assert session is not None
    assert session.flush()
    assert server.sessions[str(session.session_id)]["tags"] == ["tag"]


def test_with_several_sessions_module_calls_need_a_current_one(
    start: Start, server: RecordingServer, warnings: Warnings
) -> None:
    first, second = start(), agentops.start_session()
    assert second is not None
    agentops.record(ActionEvent())
    assert agentops.end_session("Success") == "0.00"
    assert first.is_running
    assert second.is_running
    assert sum("2 sessions are open" in warning for warning in warnings()) == 2
    with second:
        agentops.record(ActionEvent(params="second"))
    first.record(ActionEvent(params="first"))
    first.end_session("Success")
    found = {
        event["params"] for session in (first, second) for event in server.events[str(session.session_id)].values()
    }
    assert found == {"first", "second"}


def test_contexts_of_tasks_and_threads_are_apart(start: Start, server: RecordingServer) -> None:
    sessions = [start(), agentops.start_session(), agentops.start_session()]

    async def work(session: Session) -> None:
        with session:
            for _ in range(5):
                await asyncio.sleep(0)
                agentops.record(ActionEvent(params=str(session.session_id)))

    async def main() -> None:
        await asyncio.gather(*[work(session) for session in sessions if session is not None])

    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    thread.join()
    for session_id, events in server.events.items():
        assert {event["params"] for event in events.values()} == {session_id}
        assert len(events) == 5


def test_options_apply_to_later_sessions_and_a_configuration_to_one(start: Start, server: RecordingServer) -> None:
    start(default_tags=["base"]).end_session("Success")
    other = RecordingServer()
    try:
        special = agentops.start_session(
            ["extra"], Configuration(api_key=other.key, endpoint=other.endpoint, default_tags=["special"])
        )
        usual = agentops.start_session(["extra"])
        assert special is not None
        assert usual is not None
        assert agentops.flush(10)
        assert other.sessions[str(special.session_id)]["tags"] == ["special", "extra"]
        assert server.sessions[str(usual.session_id)]["tags"] == ["base", "extra"]
        assert str(special.session_id) not in server.sessions
        agentops.configure(default_tags=["changed"])
        assert usual.config.default_tags == ("base",)
        agentops.Client().close()
    finally:
        other.close()


def test_every_option_of_a_configuration_is_its_sessions_own(
    start: Start, server: RecordingServer, client: Client
) -> None:
    """Another key, limits and redaction beside a session that has none of them; and its wait is its own."""
    usual = start(heartbeat_interval=0)
    other = RecordingServer()
    other.key = server.key
    try:
        careful = agentops.start_session(
            config=Configuration(
                endpoint=other.endpoint, redact="everything", max_text_bytes=5, session_name="careful", max_wait_time=1
            )
        )
        assert careful is not None
        for session in (usual, careful):
            session.record(ActionEvent(params="a long text", agent_id="Writer"))
        assert agentops.flush(20)
        (kept,) = server.events[str(usual.session_id)].values()
        (redacted,) = other.events[str(careful.session_id)].values()
        assert kept["params"] == "a long text"
        assert "long" not in redacted["params"]
        assert careful.name == "careful" != usual.name
        assert (careful.config.heartbeat_interval, careful.config.max_wait_time) == (0, 1)
        assert usual.config.max_wait_time == 5000
        assert client.config.redact == ()
        client.close()
    finally:
        other.close()


def test_get_session_takes_both_forms_of_an_id(start: Start) -> None:
    session = start()
    assert agentops.get_session(session.session_id) is session
    assert agentops.get_session(str(session.session_id)) is session
    session.end_session("Success")
    assert agentops.get_session(session.session_id) is None


def test_an_inherited_id_that_is_none_starts_a_session(start: Start, warnings: Warnings) -> None:
    assert start(inherited_session_id="not an id").is_running
    assert any("not an id" in warning for warning in warnings())


def test_end_all_sessions(start: Start, server: RecordingServer) -> None:
    sessions = [start(), agentops.start_session(), agentops.start_session()]
    agentops.end_all_sessions()
    assert [session.is_running for session in sessions if session is not None] == [False] * 3
    assert {server.merged(session.session_id)["end_state"] for session in sessions if session is not None} == {
        "Indeterminate"
    }


def test_skip_auto_end_session_ignores_frameworks(start: Start) -> None:
    session = start(skip_auto_end_session=True)
    agentops.end_session("Success", is_auto_end=True)
    assert session.is_running
    agentops.end_session("Success")
    assert not session.is_running


def test_without_a_key_nothing_is_kept_and_nothing_breaks(client: Client, spool_dir: Path, warnings: Warnings) -> None:
    session = agentops.init()
    assert session is not None
    session.record(ActionEvent())
    assert session.events_refused == 1
    assert session.end_session("Success") == "0.00"
    assert sum("no API key" in warning for warning in warnings()) == 1
    assert not spool_dir.exists()


def test_an_option_that_cannot_be_used_leaves_the_others(start: Start, warnings: Warnings) -> None:
    session = start(max_wait_time="soon", default_tags=["kept"])  # logged, not raised
    assert session.config.max_wait_time == 5000
    assert session.tags == ["kept"]
    assert any("max_wait_time" in warning for warning in warnings())


def test_a_swallowed_error_is_logged_and_does_not_reach_the_host(
    start: Start, swallowed: list[Exception], monkeypatch: pytest.MonkeyPatch, warnings: Warnings
) -> None:
    session = start(redact=str.upper)  # no event of which takes the fast path

    def fail(*arguments: object) -> bytes:
        raise RuntimeError("ours")

    with monkeypatch.context() as patch:
        patch.setattr("agentops._wire.fields_of", fail)
        session.record(ActionEvent())
    assert [str(error) for error in swallowed] == ["ours"]
    assert any("internal error in Session.record" in warning for warning in warnings())
    swallowed.clear()


def test_capture_holds_what_a_program_records(spool_dir: Path) -> None:
    def program() -> None:
        session = agentops.init("any key", default_tags=["t"])
        assert session is not None
        agentops.create_agent("Writer")
        agentops.record(ActionEvent("walk", params={"far": True}))
        agentops.end_session("Success", "done")

    runs = []
    for _ in range(2):
        with capture() as captured:
            program()
        (session,) = captured.sessions
        assert (session.end_state, session.end_state_reason, session.tags) == ("Success", "done", ["t"])
        assert [agent["name"] for agent in session.agents] == ["Writer"]
        assert captured.events[0]["params"] == {"far": True}
        runs.append((session.facts, captured.events[0]["id"], captured.events[0]["init_timestamp"]))
    assert {**runs[0][0], "participant_id": ""} == {**runs[1][0], "participant_id": ""}
    assert runs[0][1:] == runs[1][1:]
    assert runs[0][0]["init_timestamp"].startswith(FROZEN_START.date().isoformat())
    assert not spool_dir.exists()
    assert not Client().has_sessions


def test_capture_without_freezing_uses_real_ids() -> None:
    with capture(frozen=False) as captured:
        agentops.init("any key")
        agentops.record(ActionEvent())
    assert captured.sessions[0].session_id.int >> 80 > 0
    assert captured.sessions[0].end_state == "Indeterminate"
