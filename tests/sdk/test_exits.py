"""Every way out of a process, in real processes: state, reason, exit code, traceback and handlers."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest

from . import program
from .recording_server import Fault, RecordingServer

ONE = "agentops.init(); agentops.record(ActionEvent())\n"
THREE = ONE + "agentops.start_session(); agentops.start_session()\n"
WAIT = "print('ready', flush=True)\ntime.sleep(60)\n"


@pytest.fixture(params=[ONE, THREE], ids=["one session", "three sessions"])
def begin(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def ends(server: RecordingServer, begin: str) -> list[dict[str, Any]]:
    """How the sessions ended; as many as the program began, and each event arrived."""
    merged = [server.merged(session_id) for session_id in server.sessions]
    assert len(merged) == (1 if begin == ONE else 3)
    assert sum(map(len, server.events.values())) == 1
    assert all(session["end_timestamp"] for session in merged)
    return merged


def states(server: RecordingServer, begin: str) -> set[tuple[str, bool]]:
    return {(session["end_state"], session["end_is_implicit"]) for session in ends(server, begin)}


@pytest.mark.parametrize(("way", "code"), [("", 0), ("sys.exit(3)", 3), ("sys.exit('text')", 1)])
def test_exit_without_a_call_is_indeterminate(
    server: RecordingServer, spool_dir: Path, begin: str, way: str, code: int
) -> None:
    assert program.run(begin + way, program.environment(server, spool_dir))[0] == code
    assert states(server, begin) == {("Indeterminate", True)}
    assert all("without a call of end_session" in session["end_state_reason"] for session in ends(server, begin))


def test_uncaught_exception_is_a_failure(server: RecordingServer, spool_dir: Path, begin: str) -> None:
    source = begin + "def broken():\n    raise ValueError('on purpose')\nbroken()"
    code, _, err = program.run(source, program.environment(server, spool_dir))
    assert code == 1
    assert err.count("ValueError: on purpose") == 1
    assert states(server, begin) == {("Failure", False)}
    reason = ends(server, begin)[0]["end_state_reason"]
    assert "ValueError: on purpose" in reason
    assert "in broken" in reason


def test_the_hosts_own_excepthook_runs(server: RecordingServer, spool_dir: Path) -> None:
    source = "sys.excepthook = lambda *a: print('mine', a[0].__name__)\n" + ONE + "raise KeyError('x')"
    code, out, _ = program.run(source, program.environment(server, spool_dir))
    assert (code, out) == (1, "mine KeyError\n")
    assert states(server, ONE) == {("Failure", False)}


def test_exception_in_a_thread_is_an_error_event(server: RecordingServer, spool_dir: Path) -> None:
    source = """
session = agentops.init()
def broken():
    raise ValueError('in a thread')
thread = threading.Thread(target=broken)
thread.start(); thread.join()
assert session.is_running
session.end_session('Success')
"""
    code, _, err = program.run(source, program.environment(server, spool_dir))
    assert code == 0
    assert "ValueError: in a thread" in err
    (session_id,) = server.sessions
    assert server.merged(session_id)["end_state"] == "Success"
    (event,) = server.events[session_id].values()
    assert (event["event_type"], event["error_type"], event["details"]) == ("errors", "ValueError", "in a thread")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_without_a_handler(server: RecordingServer, spool_dir: Path, begin: str, number: signal.Signals) -> None:
    process = program.start(begin + WAIT, program.environment(server, spool_dir))
    program.read_line(process)
    program.send_signal(process, number)
    code, _, err = program.finish(process)
    assert code == -number
    assert ("KeyboardInterrupt" in err) == (number == signal.SIGINT)
    assert states(server, begin) == {("Failure", False)}
    assert {session["end_state_reason"] for session in ends(server, begin)} == {f"Signal {number.name} detected"}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_with_the_hosts_handler(
    server: RecordingServer, spool_dir: Path, begin: str, number: signal.Signals, when: str
) -> None:
    handler = f"signal.signal({int(number)}, lambda n, f: (print('mine', n, flush=True), sys.exit(7)))\n"
    # A handler set after init is met at the next call of ours.
    source = handler + begin if when == "before" else begin + handler + "agentops.add_tags('x') if 0 else None\n"
    if when == "after":
        source += "agentops.Client().sessions[0].record(ToolEvent())\n"
    process = program.start(source + WAIT, program.environment(server, spool_dir))
    program.read_line(process)
    program.send_signal(process, number)
    code, out, _ = program.finish(process)
    assert (code, out.strip()) == (7, f"mine {int(number)}")
    reasons = {server.merged(session_id)["end_state_reason"] for session_id in server.sessions}
    assert reasons == {f"Signal {number.name} detected"}


def test_caught_keyboard_interrupt_keeps_the_hosts_exit_code(server: RecordingServer, spool_dir: Path) -> None:
    source = ONE + "try:\n    print('ready', flush=True); time.sleep(60)\nexcept KeyboardInterrupt:\n    sys.exit(9)"
    process = program.start(source, program.environment(server, spool_dir))
    program.read_line(process)
    program.send_signal(process, signal.SIGINT)
    assert program.finish(process)[0] == 9
    assert states(server, ONE) == {("Failure", False)}


def test_keyboard_interrupt_inside_asyncio(server: RecordingServer, spool_dir: Path) -> None:
    source = """
import asyncio
async def main():
    agentops.init()
    agentops.record(ActionEvent())
    try:
        print('ready', flush=True)
        await asyncio.sleep(60)
    finally:
        print('cleaned up', flush=True)
asyncio.run(main())
"""
    process = program.start(source, program.environment(server, spool_dir))
    program.read_line(process)
    program.send_signal(process, signal.SIGINT)
    code, out, _ = program.finish(process)
    assert code == -signal.SIGINT
    assert "cleaned up" in out
    assert {session["end_state_reason"] for session in ends(server, ONE)} == {"Signal SIGINT detected"}


def test_an_ignored_signal_stays_ignored(server: RecordingServer, spool_dir: Path) -> None:
    source = (
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + ONE + "os.kill(os.getpid(), signal.SIGTERM)\nsys.exit(4)"
    )
    assert program.run(source, program.environment(server, spool_dir))[0] == 4
    assert states(server, ONE) == {("Indeterminate", True)}


def test_explicit_end_at_exit_beats_ours(server: RecordingServer, spool_dir: Path) -> None:
    """The host's own exit function runs after ours if it was registered before."""
    source = "import atexit; atexit.register(lambda: session.end_session('Success'))\nsession = agentops.init()"
    assert program.run(source, program.environment(server, spool_dir))[0] == 0
    (session_id,) = server.sessions
    assert [update["end_state"] for update in server.updates[session_id]] == ["Indeterminate", "Success"]
    assert server.merged(session_id)["end_is_implicit"] is False


def test_os_exit_leaves_everything_for_the_next_process(server: RecordingServer, spool_dir: Path) -> None:
    server.always["*"] = Fault(503)
    code, _, _ = program.run(ONE + "agentops.record(ToolEvent()); os._exit(5)", program.environment(server, spool_dir))
    assert code == 5
    server.always.clear()
    program.run("agentops.init(auto_start_session=False)", program.environment(server, spool_dir))
    (session_id,) = server.sessions
    assert len(server.events[session_id]) == 2


def test_exit_with_a_hanging_server_is_bounded(server: RecordingServer, spool_dir: Path) -> None:
    """The wait is max_wait_time and no more: the program ends although no answer ever comes."""
    server.always["*"] = Fault(hang=True)
    env = program.environment(server, spool_dir, AGENTOPS_MAX_WAIT_TIME="300")
    assert program.run(ONE, env)[0] == 0
    server.always.clear()
    server.released.set()
    program.run("agentops.init(auto_start_session=False)", program.environment(server, spool_dir))
    assert states(server, ONE) == {("Indeterminate", True)}


def test_an_end_that_waited_in_vain_leaves_no_second_wait_to_the_exit(server: RecordingServer, spool_dir: Path) -> None:
    """With a clock of its own: every wait takes all its time and fails."""
    source = """
import agentops._delivery, agentops._pipeline
asked, now = [], [100.0]

class Clock:
    @staticmethod
    def monotonic():
        return now[0]

def flush(delivery, ticket, seconds, **options):
    asked.append(seconds)
    now[0] += seconds
    return False

agentops._pipeline.time = Clock
agentops._delivery.Delivery.flush = flush
agentops.init(max_wait_time=3000).end_session("Success")
agentops.Client().exit()
now[0] += 60
agentops.Client().exit()
assert asked[0] == 3.0 and asked[1] == 0.0 and 2.5 < asked[2] <= 3.0, asked
os._exit(0)
"""
    assert program.run(source, program.environment(server, spool_dir))[0] == 0


def test_nothing_is_written_to_stdout(server: RecordingServer, spool_dir: Path) -> None:
    code, out, err = program.run(THREE, program.environment(server, spool_dir))
    assert (code, out, err) == (0, "", "")


def test_closing_the_client_puts_everything_back(server: RecordingServer, spool_dir: Path) -> None:
    source = """
def state():
    return sys.excepthook, threading.excepthook, signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
before = state()
agentops.init()
assert all(one is not other for one, other in zip(before, state()))
agentops.Client().close()
assert before == state()
assert threading.active_count() == 1
"""
    assert program.run(source, program.environment(server, spool_dir))[0] == 0
