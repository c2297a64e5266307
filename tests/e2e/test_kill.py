"""Kills the agent and the server between every two steps of the flow, and nothing recorded is lost or doubled.

    agent                                      server
    record() -> spool -> delivery ── (1) ──▶ decode -> pipeline -> writer -> warehouse ── (2) ──▶ acknowledged

A gate between the two holds one request either before the server sees it (1) or before the agent sees the answer (2);
then the agent, the server or both get SIGKILL, and the connection is cut. What happens between the steps inside the
server is in test_kill_inside.py.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.acting import Actor, acting, agent_env, assert_has_once, flush_spool, wait_for
from tests.e2e.gate import Gate, Where, open_gate
from tests.serving import Reader, Server

CREATE_SESSION = "/v2/create_session"
CREATE_AGENT = "/v2/create_agent"
CREATE_EVENTS = "/v2/create_events"
UPDATE_SESSION = "/v2/update_session"
STEPS = (CREATE_SESSION, CREATE_AGENT, CREATE_EVENTS, UPDATE_SESSION)


@pytest.fixture
def gate(mortal_server: Server) -> Iterator[Gate]:
    with open_gate(mortal_server.url) as gate:
        yield gate


@pytest.fixture
def env(gate: Gate, mortal_server: Server, tmp_path: Path) -> dict[str, str]:
    return agent_env(gate.url, mortal_server.api_key, tmp_path / "spool")


@pytest.fixture
def reader(mortal_server: Server) -> Reader:
    return Reader(mortal_server.url, mortal_server.api_key)


@pytest.fixture
def actor(env: dict[str, str]) -> Iterator[Actor]:
    with acting(env) as actor:
        yield actor


def is_the_end(body: Any) -> bool:
    return bool(body["session"].get("end_state") == "Success")


@pytest.mark.parametrize("victims", ["agent", "server", "agent and server"])
@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_loses_and_doubles_nothing(
    step: str,
    where: Where,
    victims: str,
    mortal_server: Server,
    gate: Gate,
    env: dict[str, str],
    actor: Actor,
    reader: Reader,
) -> None:
    stop = gate.stop_at(step, where, is_the_end) if step == UPDATE_SESSION else gate.stop_at(step, where)
    session_id = actor.do("init", default_tags=["kill"])["session_id"]
    actor.do("create_agent", name="Victim")
    ids = actor.record(3)
    if step == UPDATE_SESSION:
        actor.tell("end", state="Success", reason="done")
    stop.wait()
    if "agent" in victims:
        actor.kill9()
    if "server" in victims:
        mortal_server.kill9()
    stop.cut()
    if "server" in victims:
        mortal_server.start()
    if "agent" not in victims:
        ids += actor.record(2) if step != UPDATE_SESSION else []
        if step == UPDATE_SESSION:
            actor.answer()
        else:
            actor.do("end", state="Success", reason="done")
        assert actor.close() == 0
    flush_spool(env)

    assert_has_once(reader, session_id, ids)
    session = reader.session(session_id)
    assert session["tags"] == ["kill"]
    assert [agent["name"] for agent in session["agents"]] == ["Victim"]
    if step == UPDATE_SESSION or "agent" not in victims:
        assert (session["end_state"], session["end_state_reason"]) == ("Success", "done")


def test_an_agent_killed_after_record_with_the_server_down_has_lost_nothing(
    mortal_server: Server, env: dict[str, str], actor: Actor, reader: Reader
) -> None:
    mortal_server.kill9()
    session_id = actor.do("init")["session_id"]
    ids = actor.record(5)
    actor.kill9()
    mortal_server.start()
    flush_spool(env)
    assert_has_once(reader, session_id, ids)


def test_the_next_init_delivers_what_a_killed_agent_left(
    mortal_server: Server, env: dict[str, str], actor: Actor, reader: Reader
) -> None:
    mortal_server.kill9()
    session_id = actor.do("init")["session_id"]
    ids = actor.record(5)
    actor.kill9()
    mortal_server.start()
    with acting(env) as heir:
        heir.do("init", auto_start_session=True)
        path = f"/v2/sessions/{session_id}/stats"
        wait_for("the dead agent's events", lambda: reader.ask(path)[1].get("events") == 5)
        assert_has_once(reader, session_id, ids)


def test_an_agent_killed_while_it_records_keeps_every_event_it_named(
    env: dict[str, str], actor: Actor, reader: Reader
) -> None:
    session_id = actor.do("init")["session_id"]
    actor.tell("record_forever")
    named = [actor.answer()["id"] for _ in range(200)]
    named += [said["id"] for said in actor.kill9()]
    flush_spool(env)
    stored = [row["id"] for row in reader.export(session_id)["llms"]]
    assert set(named) <= set(stored)
    assert len(stored) <= len(named) + 1  # one may have been recorded and not yet named
    assert_has_once(reader, session_id, sorted(set(stored)))


def test_a_server_killed_while_two_agents_record_keeps_every_event(
    mortal_server: Server, env: dict[str, str], actor: Actor, reader: Reader
) -> None:
    with acting(env) as other:
        actors = [actor, other]
        session_ids = [each.do("init")["session_id"] for each in actors]
        for each in actors:
            each.tell("record_forever")
        named: list[list[str]] = [[], []]
        for _ in range(3):
            for each, ids in zip(actors, named, strict=True):
                ids += [each.answer()["id"] for _ in range(100)]
            mortal_server.kill9()
            for each, ids in zip(actors, named, strict=True):
                ids += [each.answer()["id"] for _ in range(100)]
            mortal_server.start()
        for each, ids in zip(actors, named, strict=True):
            ids += [said["id"] for said in each.kill9()]
    flush_spool(env)
    for session_id, ids in zip(session_ids, named, strict=True):
        stored = [row["id"] for row in reader.export(session_id)["llms"]]
        assert set(ids) <= set(stored)
        assert len(stored) <= len(ids) + 1
        assert_has_once(reader, session_id, sorted(set(stored)))


def test_what_was_acknowledged_is_there_after_the_server_was_killed(
    mortal_server: Server, actor: Actor, reader: Reader
) -> None:
    session_id = actor.do("init")["session_id"]
    ids = actor.record(50)
    actor.do("flush")
    wait_for("the acknowledgement", lambda: reader.stats(session_id)["events"] == 50)
    mortal_server.kill9()
    mortal_server.start()
    assert_has_once(reader, session_id, ids)


def test_a_token_of_before_the_kill_still_works(
    mortal_server: Server, gate: Gate, actor: Actor, reader: Reader
) -> None:
    session_id = actor.do("init")["session_id"]
    ids = actor.record(1)
    actor.do("flush")
    wait_for("the first event", lambda: reader.stats(session_id)["events"] == 1)
    mortal_server.kill9()
    mortal_server.start()
    gate.passed.clear()
    ids += actor.record(1)
    cost = actor.do("end", state="Success")["cost"]
    assert cost == "0.015"
    assert CREATE_SESSION not in gate.passed
    assert "/v2/reauthorize_jwt" not in gate.passed
    assert_has_once(reader, session_id, ids)
