"""What cannot be kept is counted and shown; what is kept has numbers without a gap."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import agentops
from agentops import ActionEvent, Configuration, Session
from agentops._segment import FileSegment, MemorySegment
from agentops._totals import read_totals

from . import program
from .recording_server import Fault, RecordingServer

Start = Callable[..., Session]


def said(server: RecordingServer, session: Session) -> list[int]:
    """What the server heard of refused events, in order."""
    updates = server.updates[str(session.session_id)]
    return [update["refused_events"] for update in updates if "refused_events" in update]


def numbers(server: RecordingServer, session_id: object) -> list[int]:
    return sorted(event["sequence"] for event in server.events[str(session_id)].values())


def test_the_server_is_told_how_many_were_refused(
    start: Start, server: RecordingServer, warnings: Callable[[], list[str]]
) -> None:
    server.always["*"] = Fault(503)
    session = start(spool_quota_bytes=10_000)
    for number in range(100):
        session.record(ActionEvent(params=[number, "x" * 500]))
    refused = session.events_refused
    assert 50 < refused < 100
    assert sum("cannot keep more" in warning for warning in warnings()) == 1
    server.always.clear()
    assert session.flush(20)
    # At every power of two, so that a process that is killed now has said so; the exact number with the end.
    assert said(server, session) == [1, 2, 4, 8, 16, 32, 64][: refused.bit_length()]
    assert len(numbers(server, session.session_id)) == 100 - refused
    session.end_session("Success")
    assert said(server, session)[-1] == refused


def test_what_was_refused_leaves_no_gap_in_the_numbers(start: Start, server: RecordingServer) -> None:
    """A gap is what is missing. Room that comes back is used, and the numbers go on."""
    server.always["*"] = Fault(503)
    session = start(spool_quota_bytes=10_000)
    for _ in range(30):
        session.record(ActionEvent(params="x" * 500))
    server.always.clear()
    assert session.flush(20)
    for _ in range(5):
        session.record(ActionEvent(params="small"))
    session.end_session("Success")
    assert session.events_refused > 0
    assert numbers(server, session.session_id) == list(range(1, 36 - session.events_refused))
    assert said(server, session)[-1] == session.events_refused
    *_, last = server.events[str(session.session_id)].values()
    assert last["params"] == "small"


def test_a_session_that_lost_nothing_says_nothing_of_it(start: Start, server: RecordingServer) -> None:
    session = start()
    session.record(ActionEvent())
    session.end_session("Success")
    assert said(server, session) == []


def test_a_sign_of_life_says_it_too(start: Start, server: RecordingServer) -> None:
    session = start(spool_quota_bytes=10_000, heartbeat_interval=20)
    assert session.flush()
    for _ in range(2):
        session.record(ActionEvent(params="x" * 20_000))
    session.record(ActionEvent(params="x" * 20_000))
    assert session.events_refused == 3
    for _ in range(1000):
        if 3 in said(server, session):
            break
        session.flush(0.02)
    assert 3 in said(server, session)
    assert session.is_running


def test_memory_that_is_used_up_refuses_and_says_so(
    start: Start, server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> FileSegment:
        raise OSError(errno.EROFS, "read-only")

    monkeypatch.setattr(FileSegment, "create", refuse)
    monkeypatch.setattr(MemorySegment, "LIMIT_BYTES", 10_000)
    server.always["*"] = Fault(503)
    session = start()
    for _ in range(100):
        session.record(ActionEvent(params="x" * 500))
    refused = session.events_refused
    assert 50 < refused < 100
    server.always.clear()
    session.record(ActionEvent(params="x" * 500)) if session.flush(20) else None
    assert session.events_refused == refused
    session.end_session("Success")
    assert said(server, session)[-1] == refused
    assert len(numbers(server, session.session_id)) == 101 - refused


def test_an_event_that_we_fail_to_encode_counts_as_refused(
    start: Start, server: RecordingServer, swallowed: list[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = start(redact=str.upper)  # no event of which takes the fast path
    session.record(ActionEvent())

    def fail(*arguments: object) -> bytes:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("agentops._wire.fields_of", fail)
        session.record(ActionEvent())
    session.record(ActionEvent())
    session.end_session("Success")
    swallowed.clear()
    assert numbers(server, session.session_id) == [1, 2]
    assert said(server, session)[-1] == 1


def test_a_redaction_that_fails_leaves_no_gap(start: Start, server: RecordingServer) -> None:
    def fail(text: str) -> str:
        raise RuntimeError(text)

    session = start(redact=fail)
    for _ in range(3):
        session.record(ActionEvent(params="secret"))
    session.end_session("Success")
    assert numbers(server, session.session_id) == [1, 2, 3]
    assert session.events_refused == 0


def test_the_limit_of_one_session_is_no_other_ones(start: Start, server: RecordingServer) -> None:
    server.always["*"] = Fault(503)
    narrow, wide = start(spool_quota_bytes=3000), None
    wide = agentops.start_session(config=Configuration(spool_quota_bytes=10**8, max_queue_size=2))
    assert wide is not None
    for session in (narrow, wide):
        for _ in range(20):
            session.record(ActionEvent(params="x" * 1000))
    assert narrow.events_refused > 10
    assert wide.events_refused == 0
    server.always.clear()
    assert agentops.flush(20)
    batches = [request.body["events"] for request in server.of("/v2/create_events")]
    sizes = [len(batch) for batch in batches if batch[0]["session_id"] == str(wide.session_id)]
    assert max(sizes) == 2
    assert numbers(server, wide.session_id) == list(range(1, 21))


FORKING = """
session = agentops.init(spool_quota_bytes=20_000)
session.record(ActionEvent(params="x" * 30_000))
session.record(ActionEvent())
child = os.fork()
for _ in range(3):
    session.record(ActionEvent())
session.record(ActionEvent(params="x" * 30_000))
if child:
    os.waitpid(child, 0)
print(session.session_id)
"""


def test_a_forked_child_counts_for_itself(server: RecordingServer, spool_dir: Path) -> None:
    code, out, _ = program.run(FORKING, program.environment(server, spool_dir))
    assert code == 0
    session_id = out.split()[0]
    by_process: dict[str, list[int]] = {}
    for event in server.events[session_id].values():
        by_process.setdefault(event["participant_id"], []).append(event["sequence"])
    refused: dict[str, int] = {}
    for update in server.updates[session_id]:
        told = update.get("refused_events", 0)
        refused[update["participant_id"]] = max(told, refused.get(update["participant_id"], 0))
    assert sorted(map(sorted, by_process.values())) == [[1, 2, 3], [1, 2, 3, 4]]
    assert {process: refused[process] for process in by_process} == {
        process: 2 if 4 in sequences else 1 for process, sequences in by_process.items()
    }


def test_doctor_shows_what_was_refused_and_by_which_process_what_waits(
    server: RecordingServer, spool_dir: Path
) -> None:
    server.always["*"] = Fault(503)
    env = program.environment(server, spool_dir, AGENTOPS_MAX_WAIT_TIME="10", AGENTOPS_SPOOL_QUOTA_BYTES="10000")
    source = """
session = agentops.init()
for _ in range(30):
    session.record(ActionEvent(params="x" * 1000))
print(30 - session.events_refused)
"""
    _, out, _ = program.run(source, env)
    kept = int(out)
    assert 0 < kept < 30
    doctor: Any = [sys.executable, "-m", "agentops.cli", "doctor"]
    options: Any = {"env": env, "capture_output": True, "text": True, "timeout": 60}
    done = subprocess.run(doctor, **options)
    assert done.returncode == 1, done.stderr
    assert f"recorded {kept}  spooled {kept}  sent 0  acknowledged 0  rejected 0  refused {30 - kept}\n" in done.stdout
    (segment,) = spool_dir.rglob("*.seg")
    assert f"segment {segment.stem}: process " in done.stdout
    assert "left by a process that ended" in done.stdout
    assert f"{kept} events wait, with what became of their sessions. `agentops flush`" in done.stdout
    held = FileSegment.adopt(segment)
    assert held is not None
    assert "open in a running process" in subprocess.run(doctor, **options).stdout
    held.close()
    server.always.clear()
    assert subprocess.run([*doctor[:-1], "flush"], **options).returncode == 0
    done = subprocess.run(doctor, **options)
    assert done.returncode == 0
    assert f"acknowledged {kept}  rejected 0  refused {30 - kept}\n" in done.stdout
    assert "segment" not in done.stdout
    assert read_totals(segment.parent)._asdict() == {
        "recorded": kept,
        "spooled": 0,
        "sent": kept,
        "acknowledged": kept,
        "rejected": 0,
        "refused": 30 - kept,
    }


def test_doctor_names_the_files_with_what_the_server_rejected(server: RecordingServer, spool_dir: Path) -> None:
    bad = "01900000-0000-7000-8000-00000000bad0"
    server.rejected_ids.add(bad)
    env = program.environment(server, spool_dir)
    program.run(f"agentops.init().record(ActionEvent(id={bad!r}))", env)
    (rejected,) = spool_dir.rglob("*.rejected")
    done = subprocess.run([sys.executable, "-m", "agentops.cli", "doctor"], env=env, capture_output=True, text=True)
    assert f"what the server rejected is in {rejected.name}" in done.stdout
    assert json.loads(rejected.read_text())["payload"]["id"] == bad
    assert os.stat(rejected).st_mode & 0o077 == 0


def test_threads_that_are_refused_leave_no_gap(start: Start, server: RecordingServer) -> None:
    """Numbers that come back are given out again, each once, while other threads take new ones."""
    session = start(spool_quota_bytes=300_000)

    def work() -> None:
        for number in range(300):
            session.record(ActionEvent(params="x" * (400_000 if number % 3 else 10)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for _ in range(4):  # numbers that came back last
        session.record(ActionEvent())
    session.end_session("Success")
    assert session.events_refused == 800
    assert numbers(server, session.session_id) == list(range(1, 405))


def test_doctor_sees_a_session_without_events_wait_too(server: RecordingServer, spool_dir: Path) -> None:
    server.always["*"] = Fault(503)
    env = program.environment(server, spool_dir, AGENTOPS_MAX_WAIT_TIME="10")
    program.run("agentops.init()", env)
    done = subprocess.run([sys.executable, "-m", "agentops.cli", "doctor"], env=env, capture_output=True, text=True)
    assert done.returncode == 1
    assert "0 events wait, with what became of their sessions" in done.stdout
