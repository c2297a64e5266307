"""Processes that share sessions: forked, spawned, inherited by id."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import program
from .recording_server import RecordingServer


def test_a_forked_child_contributes_as_another_participant(server: RecordingServer, spool_dir: Path) -> None:
    source = """
session = agentops.init()
agentops.record(ActionEvent(params="parent"))
child = os.fork()
if child == 0:
    agentops.record(ActionEvent(params="child"))
    sys.exit(0)
assert os.waitpid(child, 0)[1] == 0
agentops.record(ActionEvent(params="parent"))
print(session.session_id)
session.end_session("Success")
"""
    code, out, _ = program.run(source, program.environment(server, spool_dir))
    assert code == 0
    assert list(server.sessions) == [out.strip()]
    events = list(server.events[out.strip()].values())
    numbered = {(event["params"], event["sequence"]) for event in events}
    assert numbered == {("parent", 1), ("child", 1), ("parent", 2)}
    assert len({event["participant_id"] for event in events}) == 2
    # The child only says that it leaves: how the session ends is for its parent to say.
    ended = [update for update in server.updates[out.strip()] if update.get("end_state")]
    assert [(update["end_state"], update["end_is_implicit"]) for update in ended] == [
        ("Indeterminate", True),
        ("Success", False),
    ]
    assert list(spool_dir.rglob("*.seg")) == []


def test_a_fork_right_after_the_beginning(server: RecordingServer, spool_dir: Path) -> None:
    """The worker still imports then, which takes locks that those have who wait for it: logging's, for example."""
    source = """
import concurrent.futures.thread, logging, random
session = agentops.init()
agentops.record(ActionEvent(params="parent"))
if os.fork() == 0:
    agentops.record(ActionEvent(params="child"))
    sys.exit(0)
os.wait()
session.end_session("Success")
"""
    code, _, _ = program.run(source, program.environment(server, spool_dir))
    assert code == 0
    [updates] = server.updates.values()
    assert [update["end_state"] for update in updates if update.get("end_state")] == ["Indeterminate", "Success"]


def test_a_child_that_records_before_our_hook_does_leaves_its_parents_records_alone(
    server: RecordingServer, spool_dir: Path
) -> None:
    source = """
session = agentops.init()
session.flush()
def record(text):
    event = LLMEvent(prompt=text)
    session.record(event)
    assert event.recorded
for number in range(20):
    record("before")
child = os.fork()
if child == 0:
    os._exit(0)
record("parent")
assert os.waitpid(child, 0)[1] == 0
record("parent")
session.end_session("Success")
"""
    # A hook of the host that was there before the SDK was imported runs before ours.
    early = """
import os
def begin_in_child():
    record("child")
    session.flush()
os.register_at_fork(after_in_child=begin_in_child)
"""
    env = program.environment(server, spool_dir)
    assert program.finish(program.start_as_it_is(early + program.PRELUDE + source, env))[0] == 0
    (session_id,) = server.sessions
    prompts = [event["prompt"] for event in server.events[session_id].values()]
    assert sorted(prompts) == ["before"] * 20 + ["child"] + ["parent"] * 2
    assert len({event["participant_id"] for event in server.events[session_id].values()}) == 2


def test_signals_in_a_young_child_neither_lose_nor_break_anything(server: RecordingServer, spool_dir: Path) -> None:
    source = """
session = agentops.init()
session.flush()
def handle(number, frame):
    session.record(LLMEvent(prompt="handler"))
    os.write(1, b"x")
signal.signal(signal.SIGUSR1, handle)
for turn in range(30):
    session.record(LLMEvent(prompt="parent"))
    child = os.fork()
    if child == 0:
        time.sleep(0.02)
        session.flush()
        os._exit(0)
    os.kill(child, signal.SIGUSR1)
    session.record(LLMEvent(prompt="parent"))
    os.waitpid(child, 0)
session.end_session("Success")
"""
    code, out, err = program.run(source, program.environment(server, spool_dir, AGENTOPS_HEARTBEAT_INTERVAL="0"))
    assert (code, err) == (0, "")
    (session_id,) = server.sessions
    prompts = [event.get("prompt") for event in server.events[session_id].values()]
    assert (prompts.count("parent"), prompts.count("handler"), len(prompts)) == (60, len(out), 60 + len(out))


def test_a_child_makes_ids_of_its_own(server: RecordingServer, spool_dir: Path) -> None:
    """Those of one process are told apart by a count, in which parent and child must not go on from the same number."""
    source = """
ActionEvent()
child = os.fork()
salts = [ActionEvent().id.int % 2**62 for _ in range(100)]
os.write(1, f"{min(salts)} {max(salts)}\\n".encode())
if child == 0:
    os._exit(0)
os.waitpid(child, 0)
"""
    code, out, _ = program.run(source, program.environment(server, spool_dir))
    assert code == 0
    (a, b), (c, d) = sorted([int(number) for number in line.split()] for line in out.splitlines())
    assert a < b < c < d
    assert b - a == d - c == 99


def test_a_child_that_is_terminated_ends_nothing_of_its_parent(server: RecordingServer, spool_dir: Path) -> None:
    source = """
session = agentops.init()
session.flush()
child = os.fork()
if child == 0:
    agentops.record(ActionEvent(params="child"))
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(60)
assert os.waitpid(child, 0)[1] == signal.SIGTERM
assert session.is_running
session.end_session("Success")
"""
    assert program.run(source, program.environment(server, spool_dir))[0] == 0
    (session_id,) = server.sessions
    assert len(server.events[session_id]) == 1
    assert server.merged(session_id)["end_state"] == "Success"


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing_children_deliver_what_they_record(
    server: RecordingServer, spool_dir: Path, tmp_path: Path, method: str
) -> None:
    (tmp_path / "child.py").write_text(
        "import agentops\n"
        "def work(session_id, number):\n"
        "    if agentops.get_session(session_id) is None:\n"
        "        agentops.init(inherited_session_id=session_id)\n"
        "    agentops.get_session(session_id).record(agentops.ActionEvent(params=number))\n"
    )
    source = f"""
sys.path.insert(0, {str(tmp_path)!r})
import child, multiprocessing
session = agentops.init()
context = multiprocessing.get_context({method!r})
workers = [context.Process(target=child.work, args=(str(session.session_id), number)) for number in range(3)]
for worker in workers: worker.start()
for worker in workers: worker.join()
session.end_session("Success")
"""
    assert program.run(source, program.environment(server, spool_dir, PYTHONPATH=str(tmp_path)))[0] == 0
    (session_id,) = server.sessions
    assert {event["params"] for event in server.events[session_id].values()} == {0, 1, 2}
    assert server.merged(session_id)["end_state"] == "Success"


@pytest.mark.parametrize("call", ["agentops.init", "agentops.start_session"])
def test_two_processes_share_a_session_by_its_id(server: RecordingServer, spool_dir: Path, call: str) -> None:
    env = program.environment(server, spool_dir)
    first = "session = agentops.init(default_tags=['a'])\nagentops.record(ToolEvent())\nprint(session.session_id)\n"
    code, out, _ = program.run(first + "session.end_session('Success')", env)
    assert code == 0
    second = f"""
from uuid import UUID
session = {call}(inherited_session_id=UUID({out.strip()!r}))
assert str(session.session_id) == {out.strip()!r}
assert agentops.get_session({out.strip()!r}) is session
agentops.add_tags('b')
agentops.record(ToolEvent())
assert session.get_analytics()['Tool calls'] == 2, session.get_analytics()
"""
    code, _, err = program.run(second, env)
    assert code == 0, err
    assert list(server.sessions) == [out.strip()]
    assert len(server.events[out.strip()]) == 2
    assert server.updates[out.strip()][-1]["end_is_implicit"] is True
