"""Faults of the server and of the way to it: nothing is lost, nothing waits, and the exit is bounded."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentops import Configuration
from tests.sdk import program
from tests.sdk.recording_server import Fault, RecordingServer

from .hosting import NOTHING_MORE, Hosting

EVENTS = 30
# A call that waits would be seen: no answer ever comes, and max_wait_time is longer than the test may take.
RECORD = f"""
session = agentops.init(default_tags=['a'])
for number in range({EVENTS}):
    session.record(ActionEvent(params=number))
session.add_tags('b')
session.create_agent('Researcher')
print(session.session_id, flush=True)
"""
FOR_EVER = {
    "hangs": Fault(hang=True),
    "500": Fault(500),
    "502 that is no JSON": Fault(502, b"<html>bad gateway</html>"),
    "429": Fault(429, headers=(("Retry-After", "3600"),)),
    "cut short": Fault(200, b'{"status": "Success"}', cut_at=7),
    "stored, then cut short": Fault(200, b'{"status": "Success"}', cut_at=7, after_storing=True),
    "unknown key": Fault(401),
    "redirects": Fault(302, headers=(("Location", "http://127.0.0.1:1/"),)),
}
EXIT_MS = 700


@pytest.fixture
def nowhere() -> Iterator[int]:
    """A port on which nobody listens, and nobody else will meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def assert_whole(recorder: RecordingServer, session_id: str, *, twice: bool = False) -> None:
    """Everything is there, in order; once, unless the server hid that it had it."""
    events = list(recorder.events[session_id].values())
    assert [event["params"] for event in events] == list(range(EVENTS))
    assert [event["sequence"] for event in events] == list(range(1, EVENTS + 1))
    assert twice or len(recorder.arrivals[session_id]) == EVENTS
    merged = recorder.merged(session_id)
    assert (merged["tags"], merged["end_state"]) == (["a", "b"], "Indeterminate")
    assert recorder.agents[session_id]


@pytest.mark.parametrize("fault", FOR_EVER.values(), ids=list(FOR_EVER))
def test_a_server_that_fails_for_the_whole_run(hosting: Hosting, recorder: RecordingServer, fault: Fault) -> None:
    """The program prints after its last call, and ends; both without an answer from anybody."""
    recorder.always["*"] = fault
    hosting.env["AGENTOPS_MAX_WAIT_TIME"] = str(EXIT_MS)
    code, out, _ = hosting.run(RECORD)
    assert code == 0
    recorder.always.clear()
    recorder.released.set()
    del hosting.env["AGENTOPS_MAX_WAIT_TIME"]
    hosting.deliver()
    assert_whole(recorder, out.strip(), twice=fault.after_storing)


ENDS = {
    "SIGINT": (-2, "os.kill(os.getpid(), signal.SIGINT); time.sleep(60)", "Failure"),
    "SIGTERM": (-15, "os.kill(os.getpid(), signal.SIGTERM); time.sleep(60)", "Failure"),
    "exception": (1, "raise OSError('on purpose')", "Failure"),
    "sys.exit": (3, "sys.exit(3)", "Indeterminate"),
    "end_session": (0, "session.end_session('Success')", "Success"),
    "three sessions": (0, "agentops.start_session(); agentops.start_session()", "Indeterminate"),
}


@pytest.mark.parametrize(("code", "way", "state"), ENDS.values(), ids=list(ENDS))
def test_every_end_is_bounded(hosting: Hosting, recorder: RecordingServer, code: int, way: str, state: str) -> None:
    """No answer ever comes, and the program ends as it would; how it ended is told later."""
    recorder.always["*"] = Fault(hang=True)
    hosting.env["AGENTOPS_MAX_WAIT_TIME"] = str(EXIT_MS)
    alone = hosting.run(RECORD + way, alone=True)
    outcome = hosting.run(RECORD + way)
    assert outcome.code == alone.code == code
    recorder.always.clear()
    recorder.released.set()
    del hosting.env["AGENTOPS_MAX_WAIT_TIME"]
    hosting.deliver()
    session_id = outcome.out.strip()
    assert recorder.merged(session_id)["end_state"] == state
    assert len(recorder.events[session_id]) == len(recorder.arrivals[session_id]) == EVENTS


@pytest.mark.parametrize("fault", [Fault(hang=True), Fault(500)], ids=["hangs", "500"])
def test_no_call_waits_for_an_answer(hosting: Hosting, recorder: RecordingServer, fault: Fault) -> None:
    """With an hour to wait, the calls return all the same; only the end may wait, and this one does not come to it."""
    recorder.always["*"] = fault
    hosting.env["AGENTOPS_MAX_WAIT_TIME"] = "3600000"
    process = hosting.start(RECORD + "sys.stdin.read()")
    session_id = program.read_line(process)
    process.kill()
    assert process.stdin is not None
    process.stdin.close()
    program.read_errors(process)
    recorder.always.clear()
    recorder.released.set()
    del hosting.env["AGENTOPS_MAX_WAIT_TIME"]
    hosting.deliver()
    assert [event["params"] for event in recorder.events[session_id].values()] == list(range(EVENTS))


@pytest.mark.parametrize("where", ["nobody listens", "no such name"])
def test_a_server_that_cannot_be_reached_until_the_next_run(
    hosting: Hosting, recorder: RecordingServer, nowhere: int, where: str
) -> None:
    """The spool belongs to the endpoint, so it is the endpoint that comes up again: on its port, or in the names."""
    hosting.env["AGENTOPS_MAX_WAIT_TIME"] = str(EXIT_MS)
    hosting.env["AGENTOPS_API_ENDPOINT"] = (
        f"http://127.0.0.1:{nowhere}" if where == "nobody listens" else "http://agentops.invalid:8765"
    )
    code, out, err = hosting.run(RECORD)
    assert (code, err.count("cannot deliver")) == (0, 1)
    (folder,) = (hosting.folder / "spool").iterdir()
    folder.rename(folder.with_name(directory_of(recorder)))
    del hosting.env["AGENTOPS_MAX_WAIT_TIME"]
    hosting.env["AGENTOPS_API_ENDPOINT"] = recorder.endpoint
    hosting.deliver()
    assert_whole(recorder, out.strip())


def directory_of(recorder: RecordingServer) -> str:
    return Configuration(api_key=recorder.key, endpoint=recorder.endpoint).spool_directory.name


def test_the_command_delivers_what_a_run_without_server_left(hosting: Hosting, recorder: RecordingServer) -> None:
    recorder.always["*"] = Fault(503)
    hosting.env["AGENTOPS_MAX_WAIT_TIME"] = str(EXIT_MS)
    _, out, _ = hosting.run(RECORD)
    recorder.always.clear()
    process = hosting.open([sys.executable, "-m", "agentops.cli", "flush"], hosting.env)
    code, said, _ = program.finish(process)
    assert (code, f"acknowledged {EVENTS}" in said) == (0, True), said
    assert_whole(recorder, out.strip())


def test_an_outage_in_the_middle_of_a_run(hosting: Hosting, recorder: RecordingServer) -> None:
    """The server goes away and comes back, and so does its knowledge of tokens; the program records all the while."""
    source = f"""
session = agentops.init(default_tags=['a'])
numbers = iter(range({EVENTS}))
def record(count):
    for _ in range(count):
        session.record(ActionEvent(params=next(numbers)))
record(10)
print(session.session_id, agentops.flush(30), flush=True)
sys.stdin.readline()
record(10)
print(agentops.flush(1), flush=True)
sys.stdin.readline()
record(10)
session.add_tags('b')
session.create_agent('Researcher')
print(agentops.flush(30), flush=True)
"""
    process = hosting.start(source)
    assert process.stdin is not None
    session_id, delivered = program.read_line(process).split()
    assert delivered == "True"
    recorder.always["*"] = Fault(503)
    recorder.tokens.clear()
    process.stdin.write("\n")
    process.stdin.flush()
    assert program.read_line(process) == "False"
    recorder.always.clear()
    process.stdin.write("\n")
    process.stdin.flush()
    assert program.read_line(process) == "True"
    assert program.finish(process)[0] == 0
    assert_whole(recorder, session_id)
    assert recorder.of("/v2/reauthorize_jwt")


def test_an_answer_that_is_slow_delays_nobody(hosting: Hosting, recorder: RecordingServer) -> None:
    """The first answer comes after the program has recorded everything; then all goes on."""
    recorder.fail("/v2/create_session", Fault(hang=True))
    process = hosting.start(RECORD + "sys.stdin.read()\nagentops.flush(60)")
    session_id = program.read_line(process)
    recorder.released.set()
    code, _, _ = program.finish(process)
    assert code == 0
    assert_whole(recorder, session_id)


def test_a_retry_after_is_waited_for(hosting: Hosting, recorder: RecordingServer) -> None:
    recorder.fail("/v2/create_events", *[Fault(429, headers=(("Retry-After", "1"),))] * 2)
    code, out, _ = hosting.run(RECORD)
    assert code == 0
    assert_whole(recorder, out.strip())
    assert len(recorder.of("/v2/create_events")) == 3


def test_tokens_expire_all_the_time(hosting: Hosting, recorder: RecordingServer) -> None:
    process = hosting.start(RECORD.replace("print", "agentops.flush(30); print") + "agentops.flush(30)")
    for _ in range(200):
        recorder.tokens.clear()
    code, out, _ = program.finish(process)
    assert code == 0
    assert_whole(recorder, out.strip())


def test_a_program_without_a_key_runs(hosting: Hosting, recorder: RecordingServer) -> None:
    del hosting.env["AGENTOPS_API_KEY"]
    code, _, err = hosting.run(RECORD)
    assert (code, "no API key" in err) == (0, True)
    assert not recorder.requests


def test_a_spool_that_cannot_be_written(hosting: Hosting, recorder: RecordingServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    hosting.env["AGENTOPS_SPOOL_DIR"] = str(tmp_path / "file" / "spool")
    code, out, err = hosting.run(RECORD)
    assert (code, "cannot write its spool" in err) == (0, True)
    assert_whole(recorder, out.strip())


def test_nothing_more_is_said_than_once(hosting: Hosting, recorder: RecordingServer) -> None:
    recorder.always["*"] = Fault(503)
    hosting.env["AGENTOPS_MAX_WAIT_TIME"] = "1500"
    _, _, err = hosting.run(RECORD)
    assert err.count("cannot deliver") == 1
    recorder.always.clear()
    assert hosting.run(NOTHING_MORE).err == ""
