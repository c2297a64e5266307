"""Signs of life of sessions that are silent."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import agentops
from agentops import ActionEvent, Session

from . import program
from .recording_server import Fault, RecordingServer

Start = Callable[..., Session]


class ListeningServer(RecordingServer):
    """Tells when it hears a sign of life."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = threading.Semaphore(0)

    def _with_token(self, path: str, session_id: str, body: Any) -> tuple[int, Any]:
        answer = super()._with_token(path, session_id, body)
        if path == "/v2/update_session" and body["session"].get("is_running"):
            self.heard.release()
        return answer


@pytest.fixture
def server() -> Any:
    server = ListeningServer()
    yield server
    server.close()


def signs(server: RecordingServer, session: Session) -> list[dict[str, Any]]:
    return [update for update in server.updates[str(session.session_id)] if update.get("is_running")]


def test_a_silent_session_says_that_it_lives_until_it_ends(
    start: Start, server: ListeningServer, spool_dir: Path
) -> None:
    session = start(heartbeat_interval=30)
    assert session.flush()
    for _ in range(3):
        assert server.heard.acquire(timeout=30)
    assert session.end_session("Success") == "0.0075"
    given = signs(server, session)
    assert len(given) >= 3
    participants = {server.sessions[str(session.session_id)]["participant_id"]}
    assert {update.pop("participant_id") for update in given} == participants
    expected = {"session_id": str(session.session_id), "init_timestamp": session.init_timestamp, "is_running": True}
    assert all(update == expected for update in given)
    assert not server.heard.acquire(timeout=0.2) or len(signs(server, session)) == len(given)
    assert b"is_running" not in b"".join(path.read_bytes() for path in spool_dir.rglob("*.seg")).replace(
        b'"is_running":false', b""
    )


def test_a_sign_that_fails_is_not_repeated_and_holds_nothing_up(start: Start, server: ListeningServer) -> None:
    session = start(heartbeat_interval=30)
    assert session.flush()
    server.fail("/v2/update_session", Fault(500), Fault(200, b"garbage"))
    assert server.heard.acquire(timeout=30)
    session.record(ActionEvent())
    assert session.flush()
    assert len(server.events[str(session.session_id)]) == 1
    assert session.end_session("Success") == "0.0075"


def test_each_running_session_gives_its_own(start: Start, server: ListeningServer) -> None:
    first, second = start(heartbeat_interval=30), agentops.start_session()
    assert second is not None
    assert agentops.flush(10)
    first.end_session("Success")
    for _ in range(50):
        assert server.heard.acquire(timeout=30)
        if len(signs(server, second)) >= 3:
            break
    assert len(signs(server, second)) >= 3


def test_zero_means_never(start: Start, server: ListeningServer) -> None:
    session = start(heartbeat_interval=0)
    assert session.flush()
    assert not server.heard.acquire(timeout=0.2)


def test_a_forked_child_that_takes_no_part_says_nothing(server: ListeningServer, spool_dir: Path) -> None:
    source = """
session = agentops.init(heartbeat_interval=20)
session.flush()
child = os.fork()
if child == 0:
    other = agentops.start_session(name="of the child")
    other.flush()
    time.sleep(0.3)
    print(other.session_id, flush=True)
    os._exit(0)
os.waitpid(child, 0)
print(session.session_id)
"""
    code, out, _ = program.run(source, program.environment(server, spool_dir))
    assert code == 0
    child, parent = out.split()
    participants = {
        session_id: {update["participant_id"] for update in server.updates[session_id] if update.get("is_running")}
        for session_id in (child, parent)
    }
    assert participants[parent] == {server.sessions[parent]["participant_id"]}
    assert participants[child] == {server.sessions[child]["participant_id"]}
    assert participants[child] != participants[parent]
