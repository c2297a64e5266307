"""A function in a cloud: between two invocations the process is frozen, for as long as it pleases the host."""

from __future__ import annotations

import signal
import subprocess

import pytest

from tests.sdk import program
from tests.sdk.recording_server import Fault, RecordingServer

from .hosting import Hosting

LAMBDA = """
agentops.init(auto_start_session=False)
def handle(count, seconds):
    with agentops.start_session() as session:
        for number in range(count):
            session.record(ActionEvent(params=number))
    return agentops.flush(seconds)
for line in sys.stdin:
    print(handle(*map(int, line.split())), flush=True)
"""


def invoke(process: subprocess.Popen[str], count: int, seconds: int) -> str:
    assert process.stdin is not None
    process.stdin.write(f"{count} {seconds}\n")
    process.stdin.flush()
    return program.read_line(process)


def freeze(process: subprocess.Popen[str]) -> None:
    """Stop it as a whole, the worker in the middle of whatever it does."""
    process.send_signal(signal.SIGSTOP)
    with open(f"/proc/{process.pid}/stat") as file:
        while file.read().rpartition(")")[2].split()[0] != "T":
            file.seek(0)


def thaw(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGCONT)


def counts(recorder: RecordingServer) -> list[int]:
    assert all(len(ids) == len(recorder.events[session]) for session, ids in recorder.arrivals.items())
    return [len(events) for events in recorder.events.values()]


def test_what_is_flushed_has_arrived_when_the_process_freezes(hosting: Hosting, recorder: RecordingServer) -> None:
    process = hosting.start(LAMBDA)
    for number in range(1, 5):
        assert invoke(process, 10 * number, 30) == "True"
        freeze(process)
        assert counts(recorder) == [10, 20, 30, 40][:number]
        assert {recorder.merged(session)["end_state"] for session in recorder.sessions} == {"Success"}
        thaw(process)
    assert program.finish(process)[0] == 0


def test_what_was_not_flushed_arrives_after_the_thaw(hosting: Hosting, recorder: RecordingServer) -> None:
    process = hosting.start(LAMBDA)
    for _ in range(3):
        invoke(process, 500, 0)
        freeze(process)
        # Meanwhile the server drops the connections that it holds, and its tokens.
        recorder.tokens.clear()
        thaw(process)
    code, _, err = program.finish(process)
    assert (code, err) == (0, "")
    assert counts(recorder) == [500] * 3


def test_a_function_that_is_never_thawed_again(hosting: Hosting, recorder: RecordingServer) -> None:
    recorder.always["*"] = Fault(503)
    process = hosting.start(LAMBDA)
    assert invoke(process, 10, 0) == "False"
    freeze(process)
    process.kill()
    program.read_errors(process)
    assert process.stdin is not None
    process.stdin.close()
    recorder.always.clear()
    hosting.deliver()
    assert counts(recorder) == [10]


@pytest.mark.parametrize("fault", [Fault(503), Fault(hang=True)], ids=["503", "hangs"])
def test_a_flush_that_fails_says_so_in_time(hosting: Hosting, recorder: RecordingServer, fault: Fault) -> None:
    recorder.always["*"] = fault
    hosting.env["AGENTOPS_MAX_WAIT_TIME"] = "500"
    process = hosting.start(LAMBDA)
    assert invoke(process, 10, 1) == "False"
    freeze(process)
    recorder.always.clear()
    recorder.released.set()
    recorder.released = type(recorder.released)()
    thaw(process)
    assert invoke(process, 5, 30) == "True"
    assert program.finish(process)[0] == 0
    assert sorted(counts(recorder)) == [5, 10]
