"""A session whose requests fail by themselves stays behind alone: the others go on, and nothing of it is lost."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import agentops
from agentops import ActionEvent, Session, _backoff

from . import program
from .recording_server import Fault, RecordingServer

Start = Callable[..., Session]
EVENTS = "/v2/create_events"


@pytest.fixture(autouse=True)
def _short_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_backoff, "FIRST_SECONDS", 0.001)
    monkeypatch.setattr(_backoff, "CAP_SECONDS", 0.01)


class PoisonedServer(RecordingServer):
    """Answers every request of some sessions as scripted, and all others as usual."""

    def __init__(self) -> None:
        super().__init__()
        self.poisoned: dict[str, tuple[int, Any]] = {}

    def _with_token(self, path: str, session_id: str, body: Any) -> tuple[int, Any]:
        return self.poisoned.get(session_id) or super()._with_token(path, session_id, body)


@pytest.fixture
def server() -> Any:
    server = PoisonedServer()
    yield server
    server.close()


def record(session: Session, numbers: range) -> None:
    for number in numbers:
        session.record(ActionEvent(params=number))


def params(server: RecordingServer, session: Session) -> list[int]:
    return [event["params"] for event in server.events[str(session.session_id)].values()]


@pytest.mark.parametrize("answer", [(500, {"message": "poison"}), (404, {}), (302, {}), (418, {"message": "odd"})])
def test_others_are_not_held_up_and_nothing_is_lost(
    start: Start, server: PoisonedServer, warnings: Callable[[], list[str]], answer: tuple[int, Any]
) -> None:
    stuck, other = start(max_wait_time=20_000), agentops.start_session()
    assert other is not None
    assert agentops.flush(20)
    server.poisoned[str(stuck.session_id)] = answer
    for first in range(0, 60, 20):
        record(stuck, range(first, first + 20))
        record(other, range(first, first + 20))
        assert other.flush()
    assert other.end_session("Success") == "0.0075"
    assert params(server, other) == list(range(60))
    assert params(server, stuck) == []
    assert stuck.flush(0.05) is False
    assert agentops.flush(0.05) is False
    assert len([warning for warning in warnings() if str(stuck.session_id) in warning]) == 1
    stuck.add_tags("after")
    server.poisoned.clear()
    assert stuck.end_session("Success") == "0.0075"
    assert params(server, stuck) == list(range(60))
    assert server.merged(stuck.session_id)["tags"] == ["after"]
    assert agentops.flush(20)


def test_the_order_within_the_session_is_kept_over_segments(
    start: Start, server: PoisonedServer, monkeypatch: pytest.MonkeyPatch, spool_dir: Path
) -> None:
    monkeypatch.setattr("agentops._spool.SEGMENT_BYTES", 20_000)
    stuck, other = start(max_wait_time=20_000, max_queue_size=7), agentops.start_session()
    assert other is not None
    assert agentops.flush(20)
    server.poisoned[str(stuck.session_id)] = (500, {})
    for number in range(200):
        record(stuck, range(number, number + 1))
        record(other, range(number, number + 1))
    assert other.flush()
    assert len(list(spool_dir.rglob("*.seg"))) > 2
    server.poisoned.clear()
    server.fail(EVENTS, Fault(), Fault(200, b"garbage", after_storing=True), Fault())
    assert stuck.flush()
    assert list(dict.fromkeys(server.arrivals[str(stuck.session_id)])) == list(server.events[str(stuck.session_id)])
    assert params(server, stuck) == params(server, other) == list(range(200))
    agentops.Client().close()
    assert list(spool_dir.rglob("*.seg")) == []
    kept = json.loads(next(spool_dir.rglob("totals.json")).read_text())
    assert (kept["sent"], kept["acknowledged"], kept["rejected"]) == (400, 400, 0)


def test_many_stuck_sessions_do_not_stop_a_good_one(start: Start, server: PoisonedServer) -> None:
    start(auto_start_session=True).end_session("Success")
    stuck = [agentops.start_session() for _ in range(12)]
    for session in stuck:
        assert session is not None
        server.poisoned[str(session.session_id)] = (500, {})
        record(session, range(3))
    good = agentops.start_session()
    assert good is not None
    record(good, range(5))
    assert good.flush(20)
    assert params(server, good) == list(range(5))
    server.poisoned.clear()
    assert agentops.flush(20)
    assert [params(server, session) for session in stuck if session is not None] == [[0, 1, 2]] * 12


KILLED = """
stuck, other = agentops.init(), agentops.start_session()
agentops.flush(20)
print(stuck.session_id, other.session_id, flush=True)
while not os.path.exists(os.environ["GO"]):
    time.sleep(0.01)
for number in range(50):
    stuck.record(ActionEvent(params=number))
    other.record(ActionEvent(params=number))
assert other.flush(20)
print("done", flush=True)
time.sleep(60)
"""


def test_what_stayed_behind_survives_a_kill(server: PoisonedServer, spool_dir: Path, tmp_path: Path) -> None:
    go = tmp_path / "go"
    env = program.environment(server, spool_dir, GO=str(go))
    process = program.start(KILLED, env)
    stuck, other = program.read_line(process).split()
    server.poisoned[stuck] = (500, {})
    go.touch()
    assert program.read_line(process) == "done"
    process.kill()
    program.read_errors(process)
    assert len(server.events[other]) == 50
    assert server.events[stuck] == {}
    # Another process finds it stuck still, and leaves it to the next one.
    code, _, _ = program.run("agentops.init(auto_start_session=False, max_wait_time=300)", env)
    assert code == 0
    server.poisoned.clear()
    program.run("agentops.init(auto_start_session=False)", env)
    assert [event["params"] for event in server.events[stuck].values()] == list(range(50))
    assert len(server.arrivals[other]) == 50
    assert list(spool_dir.rglob("*.seg")) == []


@pytest.mark.parametrize("seed", range(6))
def test_any_mixture_of_faults_keeps_all_events_in_order_and_counted(
    start: Start, server: PoisonedServer, monkeypatch: pytest.MonkeyPatch, spool_dir: Path, seed: int
) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr("agentops._spool.SEGMENT_BYTES", chance.choice([3_000, 30_000, 10**7]))
    monkeypatch.setattr("agentops._courier.WINDOW_BYTES", chance.choice([700, 5_000, 10**6]))
    start(max_queue_size=chance.choice([1, 7, 500]), flush_interval=1)
    sessions = [session for session in [agentops.start_session() for _ in range(5)] if session is not None]
    faults = [Fault(500), Fault(503, after_storing=True), Fault(200, b"odd"), Fault(200, b"{}", cut_at=1), Fault(429)]
    for number in range(150):
        chance.choice(sessions).record(ActionEvent(params=number))
        if chance.random() < 0.2:
            server.fail(chance.choice([EVENTS, "/v2/create_session", "/v2/reauthorize_jwt"]), chance.choice(faults))
        if chance.random() < 0.1:
            server.poisoned[str(chance.choice(sessions).session_id)] = (500, {})
        if chance.random() < 0.05:
            server.poisoned.clear()
        if chance.random() < 0.03:
            server.tokens.clear()
        if chance.random() < 0.05:
            chance.choice(sessions).flush(0.01)
    server.poisoned.clear()
    assert agentops.flush(60)
    arrived = [params(server, session) for session in sessions]
    assert all(numbers == sorted(numbers) for numbers in arrived)
    assert sorted(number for numbers in arrived for number in numbers) == list(range(150))
    agentops.Client().close()
    assert list(spool_dir.rglob("*.seg")) == []
    assert json.loads(next(spool_dir.rglob("totals.json")).read_text()) == {
        "sent": 150,
        "acknowledged": 150,
        "rejected": 0,
        "refused": 0,
    }
