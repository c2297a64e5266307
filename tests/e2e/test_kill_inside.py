"""The server dies between two steps of what becomes of a request; in the end everything is there once.

What comes in is appended to the journal, then the sender is answered; then it is loaded into the events, agents and
sessions, one table after the other, and released. A kill in between leaves a part of it: the retry of the sender, or
loading the journal again, must complete it and double nothing.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.acting import acting, agent_env, assert_has_once, flush_spool
from tests.serving import Reader, Server


@pytest.fixture(
    params=[
        f"{when} {step}"
        for step in ("append", "events", "agents", "sessions", "release")
        for when in ("before", "after")
    ]
)
def dying_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A server that dies at one step, the first time after ``armed`` has been created in its folder."""
    command = [sys.executable, str(Path(__file__).with_name("dying_server.py"))]
    env = {"AGENTOPS_TEST_DIE_AT": request.param, "AGENTOPS_TEST_ARMED_BY": str(tmp_path / "armed")}
    server = Server(tmp_path, command, env)
    server.start()
    yield server
    server.stop()


def test_a_server_killed_within_a_commit_has_everything_once_after_the_retry(
    dying_server: Server, tmp_path: Path
) -> None:
    reader = Reader(dying_server.url, dying_server.api_key)
    env = agent_env(dying_server.url, dying_server.api_key, tmp_path / "spool")
    with acting(env) as actor:
        session_id = actor.do("init", default_tags=["first"])["session_id"]
        ids = actor.record(2)
        actor.do("flush")
        (tmp_path / "armed").touch()
        ids += actor.record(3)
        actor.do("create_agent", name="Late")
        actor.do("add_tags", tags=["second"])
        dying_server.wait()
        dying_server.start()
        ids += actor.record(1)
        actor.do("end", state="Success", reason="survived")
        assert actor.close() == 0
    flush_spool(env)
    assert not (tmp_path / "armed").exists(), "the server never came to the place where it should die"
    assert_has_once(reader, session_id, ids)
    session = reader.session(session_id)
    assert session["tags"] == ["first", "second"]
    assert [agent["name"] for agent in session["agents"]] == ["Late"]
    assert (session["end_state"], session["end_state_reason"]) == ("Success", "survived")
