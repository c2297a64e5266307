"""Threads and files of a destination that has nothing to do go away, and come back with the next record."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import agentops
from agentops import ActionEvent, Configuration, Session, _admissions

from .recording_server import Fault, RecordingServer

Start = Callable[..., Session]


@pytest.fixture(autouse=True)
def _short_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("_delivery", "_errands", "_sync"):
        monkeypatch.setattr(f"agentops.{module}._REST_SECONDS", 0.05)
    monkeypatch.setattr("agentops._adoption.SCAN_SECONDS", 0.2)
    monkeypatch.setattr("agentops._sync.INTERVAL_SECONDS", 0.01)


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("agentops-")]


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_worker_without_sessions_rests_and_comes_back(start: Start, server: RecordingServer, spool_dir: Path) -> None:
    session = start()
    session.record(ActionEvent(params=1))
    assert session.end_session("Success") == "0.0075"
    wait_until(lambda: threads() == [])
    assert list(spool_dir.rglob("*.seg")) == []
    session.record(ActionEvent(params=2))
    assert session.flush(20)
    wait_until(lambda: threads() == [])
    assert agentops.flush(20)
    second = agentops.start_session()
    assert second is not None
    second.record(ActionEvent(params=3))
    second.end_session("Success")
    events = [server.events[str(one.session_id)].values() for one in (session, second)]
    assert [[event["params"] for event in some] for some in events] == [[1, 2], [3]]


def test_many_destinations_one_after_the_other_leave_nothing_open(
    start: Start, server: RecordingServer, spool_dir: Path
) -> None:
    start().end_session("Success")
    before = len(os.listdir("/proc/self/fd"))
    servers = [RecordingServer() for _ in range(5)]
    try:
        for one in servers:
            session = agentops.start_session(config=Configuration(endpoint=one.endpoint, api_key=one.key))
            assert session is not None
            session.record(ActionEvent())
            session.end_session("Success")
            assert len(one.events[str(session.session_id)]) == 1
        wait_until(lambda: threads() == [])
    finally:
        for one in servers:
            one.close()
    assert len(os.listdir("/proc/self/fd")) <= before
    assert list(spool_dir.rglob("*.seg")) == []


def test_a_session_that_runs_keeps_its_worker_and_its_signs_of_life(start: Start, server: RecordingServer) -> None:
    session = start(heartbeat_interval=100)
    wait_until(lambda: len(server.updates[str(session.session_id)]) > 5)
    assert {"agentops-delivery", "agentops-errands"} <= set(threads())


def test_a_session_without_signs_of_life_keeps_its_worker_too(start: Start, server: RecordingServer) -> None:
    """At the exit its end has to be sent, and some Pythons start no thread then."""
    session = start(heartbeat_interval=0)
    assert session.flush(20)
    time.sleep(0.3)
    assert "agentops-delivery" in threads()
    session.end_without_waiting(agentops.EndState.SUCCESS, None, is_implicit=False)
    wait_until(lambda: threads() == [])
    assert server.merged(session.session_id)["end_state"] == "Success"


def test_what_waits_keeps_the_worker(start: Start, server: RecordingServer) -> None:
    session = start(max_wait_time=10)
    assert session.flush(20)
    server.always["*"] = Fault(503)
    session.record(ActionEvent())
    session.end_session("Success")
    time.sleep(0.3)
    assert "agentops-delivery" in threads()
    server.always.clear()
    wait_until(lambda: threads() == [])
    assert len(server.events[str(session.session_id)]) == 1


def test_records_while_the_worker_goes_to_rest_are_delivered(start: Start, server: RecordingServer) -> None:
    """Pauses about as long as it takes to rest, so that both meet at every moment."""
    session = start()
    session.end_session("Success")
    for number in range(150):
        session.record(ActionEvent(params=number))
        if number % 3 == 0:
            assert session.flush(20)
        time.sleep(0.001 * (number % 40))
    wait_until(lambda: len(server.events[str(session.session_id)]) == 150)


def test_tokens_of_past_sessions_are_forgotten(
    start: Start, server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_admissions, "_MOST_SESSIONS", 3)
    sessions = [start(), *(agentops.start_session() for _ in range(9))]
    assert agentops.flush(20)
    for session in sessions:
        assert session is not None
        session.record(ActionEvent())
        assert session.flush(20)
    assert [len(server.events[str(session.session_id)]) for session in sessions if session is not None] == [1] * 10
