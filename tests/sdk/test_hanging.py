"""A request that is accepted and never answered holds up what it belongs to, and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import agentops
from agentops import ActionEvent, Configuration, Session, _backoff, _transport

from .recording_server import Fault, RecordingServer

Start = Callable[..., Session]
EVENTS = "/v2/create_events"


class HangingServer(RecordingServer):
    """Never answers to the events of some sessions. Tells when it hears them, and other things."""

    def __init__(self) -> None:
        super().__init__()
        self.hanging: set[str] = set()
        self.is_hanging = threading.Event()
        self.heard = threading.Semaphore(0)

    def answer(self, path: str, headers: dict[str, str], body: Any) -> tuple[int, Any]:
        session_id = self.tokens.get(headers.get("authorization", "").removeprefix("Bearer "))
        if session_id in self.hanging and path == EVENTS:
            self.is_hanging.set()
            self.released.wait(60)
        answer = super().answer(path, headers, body)
        if path == "/v2/update_session" and body["session"].get("is_running"):
            self.heard.release()
        return answer


@pytest.fixture
def server() -> Iterator[HangingServer]:
    server = HangingServer()
    yield server
    server.close()


def params(server: RecordingServer, session: Session) -> list[object]:
    return [event["params"] for event in server.events[str(session.session_id)].values()]


def hang(server: HangingServer, session: Session) -> None:
    """From here on, the worker of this session is in a request that is never answered."""
    assert session.flush(20)
    server.hanging.add(str(session.session_id))
    session.record(ActionEvent(params="hangs"))
    assert server.is_hanging.wait(30)


def test_another_destination_goes_on(start: Start, server: HangingServer) -> None:
    other = RecordingServer()
    try:
        hang(server, start())
        elsewhere = agentops.start_session(config=Configuration(endpoint=other.endpoint, api_key=other.key))
        assert elsewhere is not None
        elsewhere.record(ActionEvent(params="arrives"))
        elsewhere.end_session("Success")
        assert params(other, elsewhere) == ["arrives"]
        assert not server.released.is_set()
        server.released.set()
        assert agentops.flush(20)
        agentops.Client().close()
    finally:
        other.close()


def test_signs_of_life_go_on(start: Start, server: HangingServer) -> None:
    """Of the session that hangs, too: what its server does with events says nothing about the process."""
    sessions = [start(heartbeat_interval=50), agentops.start_session()]
    assert agentops.flush(20)
    while server.heard.acquire(blocking=False):
        pass
    hang(server, sessions[0])
    for _ in range(20):
        assert server.heard.acquire(timeout=30)
    assert not server.released.is_set()
    assert all(server.updates[str(session.session_id)] for session in sessions if session is not None)


def test_an_upload_goes_on(
    start: Start, server: HangingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agentops._errands._GIVES_WAY_SECONDS", 0.05)
    video = tmp_path / "run.mp4"
    video.write_bytes(b"\x00\x01" * 5000)
    announced = threading.Event()
    take = server._with_token

    def notice(path: str, session_id: str, body: Any) -> tuple[int, Any]:
        if path == "/v2/update_session" and (body["session"].get("video") or "").endswith(".mp4"):
            announced.set()
        return take(path, session_id, body)

    monkeypatch.setattr(server, "_with_token", notice)
    session = start()
    hang(server, session)
    session.set_video(video)
    assert announced.wait(30)
    assert not server.released.is_set()
    assert list(server.uploads.values()) == [video.read_bytes()]


def test_other_sessions_of_the_destination_go_on_once_it_is_given_up(
    start: Start, server: HangingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_transport, "FIRST_READ_SECONDS", 0.3)
    monkeypatch.setattr(_transport, "LONGEST_READ_SECONDS", 0.3)
    stuck, other = start(), agentops.start_session()
    assert other is not None
    hang(server, stuck)
    for number in range(5):
        other.record(ActionEvent(params=number))
        assert other.flush(30)
    assert params(server, other) == list(range(5))
    assert not server.released.is_set()
    server.hanging.clear()
    server.released.set()
    assert stuck.flush(30)
    assert params(server, stuck) == ["hangs"]


def test_a_server_that_is_slow_for_all_gets_more_time_with_each_attempt(
    start: Start, server: HangingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers that take longer than the first wait come in the end, however often they are asked for."""
    monkeypatch.setattr(_transport, "FIRST_READ_SECONDS", 0.05)
    monkeypatch.setattr(_backoff, "FIRST_SECONDS", 0.001)
    answer = server.answer

    def answer_slowly(path: str, headers: dict[str, str], body: Any) -> tuple[int, Any]:
        if path == EVENTS:
            threading.Event().wait(0.3)
        return answer(path, headers, body)

    monkeypatch.setattr(server, "answer", answer_slowly)
    session = start()
    for number in range(3):
        session.record(ActionEvent(params=number))
    assert session.flush(30)
    assert params(server, session) == [0, 1, 2]
    attempts = len(server.of(EVENTS))
    assert attempts >= 3
    session.record(ActionEvent(params=3))
    assert session.flush(30)
    assert len(server.of(EVENTS)) == attempts + 1, "what the server took once it is given at once"


def test_one_destination_that_hangs_leaves_the_flush_of_others_their_time(start: Start, server: HangingServer) -> None:
    other = RecordingServer()
    try:
        session = start()
        elsewhere = agentops.start_session(config=Configuration(endpoint=other.endpoint, api_key=other.key))
        assert elsewhere is not None
        assert agentops.flush(20)
        server.always["*"] = Fault(hang=True)
        session.record(ActionEvent())
        elsewhere.record(ActionEvent(params="arrives"))
        assert agentops.flush(1) is False
        assert params(other, elsewhere) == ["arrives"]
        agentops.Client().close()
    finally:
        other.close()


def test_no_sign_of_life_follows_the_end(start: Start, server: HangingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sign that the server has not answered yet is waited for: it would take back an end that was only assumed."""
    hears, goes_on = threading.Event(), threading.Event()
    take = server._with_token
    order: list[str] = []

    def notice(path: str, session_id: str, body: Any) -> tuple[int, Any]:
        if path == "/v2/update_session":
            is_sign = body["session"].get("is_running") is True
            if is_sign and not hears.is_set():
                server.lock.release()  # other requests may come meanwhile
                hears.set()
                goes_on.wait(30)
                server.lock.acquire()
            order.append("sign" if is_sign else "end")
        return take(path, session_id, body)

    monkeypatch.setattr(server, "_with_token", notice)
    session = start(heartbeat_interval=20)
    assert hears.wait(30)
    session.end_without_waiting(agentops.EndState.INDETERMINATE, "assumed", is_implicit=True)
    assert session.flush(0.5) is False
    assert order == []
    goes_on.set()
    assert session.flush(30)
    assert order == ["sign", "end"]


def test_a_server_that_hung_for_all_gets_everything_soon_after(
    start: Start, server: HangingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one session there is nobody to be spared: it is tried again at once, however long it was waited for."""
    monkeypatch.setattr(_transport, "FIRST_READ_SECONDS", 0.2)
    monkeypatch.setattr(_transport, "LONGEST_READ_SECONDS", 0.2)
    fails: list[float] = []
    fail = _backoff.Backoff.fail

    def note(self: _backoff.Backoff, *, at_once_longest: bool = False, least_seconds: float = 0.0) -> float:
        fails.append(least_seconds)
        return fail(self, at_once_longest=at_once_longest, least_seconds=least_seconds)

    monkeypatch.setattr(_backoff.Backoff, "fail", note)
    session = start()
    hang(server, session)
    assert session.flush(1) is False
    server.hanging.clear()
    server.released.set()
    assert session.flush(20)
    assert set(fails) == {0.0}
    other = agentops.start_session()
    assert other is not None
    server.released.clear()
    server.is_hanging.clear()
    hang(server, session)
    other.record(ActionEvent())
    assert other.flush(20)
    session.flush(0.1)
    assert max(fails) == 0.4
    server.hanging.clear()
    server.released.set()
    assert agentops.flush(20)
