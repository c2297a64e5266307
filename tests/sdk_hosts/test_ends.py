"""The ways to end that are no signal: threads, exit functions, `os._exit`, SIGKILL, a parent that dies."""

from __future__ import annotations

import os
import signal

import pytest

from tests.sdk import program
from tests.sdk.recording_server import Fault, RecordingServer

from .ends import ONE, THREE, assert_ended, read_ends
from .hosting import Hosting

NO_CALL = "without a call of end_session"


@pytest.fixture(params=[ONE, THREE], ids=["one", "three"])
def begin(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize(
    ("way", "code"), [("", 0), ("sys.exit(3)", 3), ("sys.exit('why')", 1), ("raise SystemExit(None)", 0)]
)
def test_an_end_without_a_word(hosting: Hosting, recorder: RecordingServer, begin: str, way: str, code: int) -> None:
    assert hosting.run_alike(begin + way).code == code
    assert_ended(recorder, begin, "Indeterminate", NO_CALL)


def test_an_uncaught_exception(hosting: Hosting, recorder: RecordingServer, begin: str) -> None:
    source = """
def broken():
    try:
        {}['x']
    except KeyError as error:
        raise OSError('y') from error
"""
    assert hosting.run_alike(f"{begin}{source}broken()\n").code == 1
    assert_ended(recorder, begin, "Failure", "OSError: y")
    assert_ended(recorder, begin, "Failure", "in broken")


@pytest.mark.parametrize("way", ["sys.exit(3)", "raise ValueError('in a thread')"])
def test_the_end_of_a_thread_is_not_that_of_the_session(
    hosting: Hosting, recorder: RecordingServer, begin: str, way: str
) -> None:
    source = f"""
def work():
    {way}
thread = threading.Thread(target=work, name='worker')
thread.start(); thread.join()
sys.exit(4)
"""
    assert hosting.run_alike(begin + source).code == 4
    merged = [recorder.merged(session_id) for session_id in recorder.sessions]
    assert {session["end_state"] for session in merged} == {"Indeterminate"}


def test_a_thread_that_outlives_the_main_one(hosting: Hosting, recorder: RecordingServer) -> None:
    source = """
session = agentops.init()
def work():
    threading.main_thread().join()
    session.record(ActionEvent())
    print('recorded', flush=True)
threading.Thread(target=work).start()
"""
    assert hosting.run_alike(source).out == "recorded\n"
    assert_ended(recorder, ONE, "Indeterminate", NO_CALL)


def test_a_daemon_thread_that_records_until_the_last_moment(hosting: Hosting, recorder: RecordingServer) -> None:
    source = """
session = agentops.init()
started = threading.Event()
def work():
    while True:
        session.record(ActionEvent())
        started.set()
        time.sleep(0)
threading.Thread(target=work, daemon=True).start()
started.wait()
sys.exit(5)
"""
    outcome = hosting.run_alike(source)
    assert (outcome.code, outcome.err) == (5, "")
    hosting.deliver()
    ((session_id, events),) = recorder.events.items()
    assert sorted(event["sequence"] for event in events.values()) == list(range(1, len(events) + 1))
    assert recorder.merged(session_id)["end_state"] == "Indeterminate"


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_exit_function_has_the_last_word(hosting: Hosting, recorder: RecordingServer, when: str) -> None:
    """Exit functions run in the reverse order of their registration: one that was there before us runs after us."""
    last = "atexit.register(lambda: (print('last', flush=True), session.end_session('Success', 'at exit')))\n"
    start = "session = agentops.init()\nsession.record(ActionEvent())\n"
    source = last + start if when == "before" else start + last
    assert hosting.run_alike(source).out == "last\n"
    assert_ended(recorder, ONE, "Success", "at exit")


def test_an_event_of_a_late_exit_function_is_kept(hosting: Hosting, recorder: RecordingServer) -> None:
    source = "atexit.register(lambda: session.record(ActionEvent()))\nsession = agentops.init()\n"
    assert hosting.run_alike(source).err == ""
    hosting.deliver()
    assert_ended(recorder, ONE, "Indeterminate", NO_CALL)


@pytest.mark.parametrize(
    ("way", "code"),
    [("os._exit(6)", 6), ("os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL), ("os.abort()", -signal.SIGABRT)],
)
def test_a_death_without_a_chance_to_act(
    hosting: Hosting, recorder: RecordingServer, begin: str, way: str, code: int
) -> None:
    recorder.always["*"] = Fault(hang=True)
    assert hosting.run_alike(begin + way).code == code
    assert not recorder.events
    recorder.always.clear()
    recorder.released.set()
    hosting.deliver()
    # How it ended is for the server to say, once its lease runs out.
    assert [session.get("end_state") for session in read_ends(recorder, begin)] == [None] * (3 if begin == THREE else 1)


def test_the_death_of_the_parent(hosting: Hosting, recorder: RecordingServer) -> None:
    """The child goes on, delivers what the parent left, and does not end what is the parent's."""
    recorder.always["*"] = Fault(503)
    source = """
agentops.init()
agentops.record(ActionEvent(params='parent'))
if os.fork() == 0:
    agentops.record(ActionEvent(params='child'))
    sys.stdin.read()
    sys.exit(0)
print('ready', flush=True)
time.sleep(60)
"""
    process = hosting.start(source)
    program.read_line(process)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    recorder.always.clear()
    _, err = process.communicate(timeout=60)  # closes the child's stdin, and ends when it has
    assert "AGENTOPS_STRICT" not in err
    ((session_id, events),) = recorder.events.items()
    assert sorted(event["params"] for event in events.values()) == ["child", "parent"]
    assert len(recorder.arrivals[session_id]) == 2
    child = next(event["participant_id"] for event in events.values() if event["params"] == "child")
    ends = [update for update in recorder.updates[session_id] if update.get("end_state")]
    assert [(end["participant_id"], end["end_is_implicit"]) for end in ends] == [(child, True)]
