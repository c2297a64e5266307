"""SIGINT and SIGTERM: sessions end as failures, and the program ends just as it would without us."""

from __future__ import annotations

import signal

import pytest

from tests.sdk.recording_server import RecordingServer

from .ends import ONE, THREE, assert_ended
from .hosting import Hosting

SIGINT, SIGTERM = signal.SIGINT, signal.SIGTERM
WAIT = "def work():\n    print('ready', flush=True); time.sleep(60)\nwork()\n"


@pytest.fixture(params=[ONE, THREE], ids=["one", "three"])
def begin(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("number", [SIGINT, SIGTERM])
def test_default_action(hosting: Hosting, recorder: RecordingServer, begin: str, number: signal.Signals) -> None:
    outcome = hosting.run_alike(begin + WAIT, number)
    assert outcome.code == -number
    assert_ended(recorder, begin, "Failure", f"Signal {number.name} detected")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", [SIGINT, SIGTERM])
def test_a_handler_that_raises(hosting: Hosting, recorder: RecordingServer, number: signal.Signals, when: str) -> None:
    handler = f"def stop(number, frame):\n    raise OSError('mine')\nsignal.signal({int(number)}, stop)\n"
    # A handler that the host sets later is met at the next call of ours.
    source = handler + ONE if when == "before" else f"agentops.init()\n{handler}agentops.record(ActionEvent())\n"
    outcome = hosting.run_alike(source + WAIT, number)
    assert outcome.code == 1
    assert_ended(recorder, ONE, "Failure", f"Signal {number.name} detected")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_handler_that_falls_back_on_the_default(hosting: Hosting, recorder: RecordingServer, when: str) -> None:
    handler = """
def stop(number, frame):
    print('mine', flush=True)
    signal.default_int_handler(number, frame)
signal.signal(signal.SIGINT, stop)
"""
    source = handler + ONE if when == "before" else f"agentops.init()\n{handler}agentops.record(ActionEvent())\n"
    outcome = hosting.run(source + WAIT, SIGINT)
    assert (outcome.code, outcome.out) == (-SIGINT, "ready\nmine\n")
    assert_ended(recorder, ONE, "Failure", "Signal SIGINT detected")


def test_an_interrupt_that_is_caught(hosting: Hosting, recorder: RecordingServer, begin: str) -> None:
    caught = """
import traceback
def work():
    print('ready', flush=True); time.sleep(60)
try:
    work()
except KeyboardInterrupt:
    traceback.print_exc()
    sys.exit(9)
"""
    assert hosting.run_alike(begin + caught, SIGINT).code == 9
    assert_ended(recorder, begin, "Failure", "Signal SIGINT detected")


def test_the_hosts_own_end_beats_that_of_the_signal(hosting: Hosting, recorder: RecordingServer) -> None:
    """A server that finishes its work after SIGTERM says itself how that went."""
    source = """
stopping = threading.Event()
signal.signal(signal.SIGTERM, lambda number, frame: stopping.set())
session = agentops.init()
agentops.record(ActionEvent())
print('ready', flush=True)
stopping.wait(60)
session.end_session('Success', 'finished in time')
"""
    assert hosting.run_alike(source, SIGTERM).code == 0
    assert_ended(recorder, ONE, "Success", "finished in time")


@pytest.mark.parametrize("block", [True, False], ids=["block", "no block"])
def test_a_host_that_stops_in_order_records_to_the_end(
    hosting: Hosting, recorder: RecordingServer, block: bool
) -> None:
    source = f"""
from contextlib import nullcontext
stopping = threading.Event()
signal.signal(signal.SIGTERM, lambda number, frame: stopping.set())
with agentops.init() if {block} else nullcontext(agentops.init()):
    print('ready', flush=True)
    stopping.wait(60)
    agentops.record(ActionEvent())
    agentops.end_session('Success', 'finished in time')
agentops.init()
"""
    outcome = hosting.run(source, SIGTERM)
    assert (outcome.code, outcome.err) == (0, "")
    (first, _), (second, _) = recorder.sessions.items()
    assert (len(recorder.events[first]), len(recorder.events[second])) == (1, 0)
    assert recorder.merged(first)["end_state_reason"] == "finished in time"
    assert recorder.merged(second)["end_state"] == "Indeterminate"


def test_a_session_begun_in_a_thread_leaves_the_signals_alone(hosting: Hosting, recorder: RecordingServer) -> None:
    source = (
        f"""
thread = threading.Thread(target=lambda: ({ONE.strip().replace(";", ",")}))
thread.start(); thread.join()
"""
        + WAIT
    )
    assert hosting.run_alike(source, SIGTERM).code == -SIGTERM
    hosting.deliver()
    (events,) = recorder.events.values()
    assert len(events) == 1


def test_a_child_forked_by_a_thread_has_its_signals_watched(hosting: Hosting, recorder: RecordingServer) -> None:
    """There, the thread that forked is the main one."""
    source = """
agentops.init(auto_start_session=False)
def fork():
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, lambda number, frame: os._exit(5))
        agentops.start_session().record(ActionEvent())
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
thread = threading.Thread(target=fork)
thread.start(); thread.join()
"""
    assert hosting.run_alike(source).out == "5\n"
    assert_ended(recorder, ONE, "Failure", "Signal SIGTERM detected")
