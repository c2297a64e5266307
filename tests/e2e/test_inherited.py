"""Two processes share one session by its id: both contribute, and the session's figures are those of both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.acting import Actor, acting, agent_env, assert_has_once, flush_spool
from tests.serving import Reader, Server

pytestmark = pytest.mark.xdist_group("inherited")


@pytest.fixture
def env(server: Server, tmp_path: Path) -> dict[str, str]:
    return agent_env(server.url, server.api_key, tmp_path)


@pytest.fixture
def parent(env: dict[str, str]) -> Iterator[Actor]:
    with acting(env) as actor:
        yield actor


@pytest.fixture
def child(env: dict[str, str]) -> Iterator[Actor]:
    with acting(env) as actor:
        yield actor


def test_both_processes_contribute_to_one_session(parent: Actor, child: Actor, reader: Reader) -> None:
    session_id = parent.do("init", default_tags=["parent", "both"])["session_id"]
    ids = parent.record(2)
    parent.do("flush")
    started = reader.session(session_id)["init_timestamp"]
    assert child.do("init", inherited_session_id=session_id, default_tags=["both", "child"])["session_id"] == session_id
    ids += child.record(3)
    assert child.do("end", state="Success", reason="the child is done")["cost"] == "0.0375"
    assert_has_once(reader, session_id, ids)
    session = reader.session(session_id)
    assert session["tags"] == ["parent", "both", "child"]
    assert session["init_timestamp"] == started


def test_an_explicit_end_beats_a_silent_exit_whoever_is_first(parent: Actor, child: Actor, reader: Reader) -> None:
    session_id = parent.do("init")["session_id"]
    child.do("init", inherited_session_id=session_id)
    child.do("end", state="Success", reason="all done")
    assert parent.close() == 0
    session = reader.session(session_id)
    assert (session["end_state"], session["end_state_reason"]) == ("Success", "all done")


def test_of_two_explicit_ends_the_later_wins(parent: Actor, child: Actor, reader: Reader) -> None:
    session_id = parent.do("init")["session_id"]
    child.do("init", inherited_session_id=session_id)
    parent.do("end", state="Success", reason="first")
    child.do("end", state="Failure", reason="second")
    session = reader.session(session_id)
    assert (session["end_state"], session["end_state_reason"]) == ("Failure", "second")


def test_events_after_the_end_still_count(parent: Actor, child: Actor, env: dict[str, str], reader: Reader) -> None:
    session_id = parent.do("init")["session_id"]
    ids = parent.record(1)
    parent.do("end", state="Success", reason="done")
    child.do("init", inherited_session_id=session_id)
    ids += child.record(2)
    child.kill9()
    flush_spool(env)
    assert_has_once(reader, session_id, ids)
    assert reader.session(session_id)["end_state"] == "Success"
