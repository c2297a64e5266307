"""gunicorn: workers are forked, with the program loaded before (--preload) or after."""

from __future__ import annotations

import sys

import pytest

from tests.sdk.recording_server import RecordingServer

from .hosting import Hosting
from .serving import assert_each_has_its_own, serve

APP = """
{init}
def work(session_id):
    agentops.record(ActionEvent(params=session_id))

def app(environ, respond):
    with agentops.start_session() as session:
        for _ in range(3):
            work(str(session.session_id))
    respond('200 OK', [('Content-Type', 'text/plain')])
    return [(environ['PATH_INFO'] if str(session) == 'nothing' else str(session.session_id)).encode()]
"""
OPTIONS = ["--bind", "127.0.0.1:0", "--workers", "2", "--graceful-timeout", "20", "--no-control-socket"]


def command(*options: str) -> list[str]:
    return [sys.executable, "-m", "gunicorn", *OPTIONS, *options, "host:app"]


@pytest.mark.parametrize("preload", [(), ("--preload",)], ids=["", "preload"])
@pytest.mark.parametrize("kind", [("sync",), ("gthread", "--threads", "4")], ids=["sync", "gthread"])
def test_a_session_for_each_request(
    hosting: Hosting, recorder: RecordingServer, kind: tuple[str, ...], preload: tuple[str, ...]
) -> None:
    hosting.write(APP.format(init="agentops.init(auto_start_session=False)"))
    options = ("--worker-class", *kind, *preload)
    with serve(hosting, command(*options), alone=True) as host:
        host.ask(4, lambda number: f"/{number}")
        alone = host.stop()
    with serve(hosting, command(*options)) as host:
        answers = host.ask(24, lambda number: f"/{number}")
        assert host.stop() == alone == 0
    hosting.deliver()
    assert_each_has_its_own(recorder, answers, 3)
    assert len(recorder.sessions) == 24


def test_a_session_of_the_master(hosting: Hosting, recorder: RecordingServer) -> None:
    """One that began before the fork: the workers add to it, and it ends with the master."""
    hosting.write(
        """
session = agentops.init()
def app(environ, respond):
    session.record(ActionEvent(params=environ['PATH_INFO']))
    respond('200 OK', [])
    return [b'']
"""
    )
    with serve(hosting, command("--preload")) as host:
        host.ask(20, lambda number: f"/{number}")
        assert host.stop() == 0
    hosting.deliver()
    ((session_id, events),) = recorder.events.items()
    assert sorted(event["params"] for event in events.values()) == sorted(f"/{number}" for number in range(20))
    assert len(recorder.arrivals[session_id]) == 20
    ends = [update for update in recorder.updates[session_id] if update.get("end_state")]
    assert {(end["end_state"], end["end_is_implicit"]) for end in ends} == {("Indeterminate", True)}
    # Every process that took part says once when it leaves: the workers that recorded, and the master.
    leaving = [end["participant_id"] for end in ends]
    workers = {event["participant_id"] for event in events.values()}
    assert len(leaving) == len(set(leaving)) == len(workers) + 1
    assert workers < set(leaving)
