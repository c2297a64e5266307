"""multiprocessing and concurrent.futures: a session may begin in a child, be shared with it, or go on around it."""

from __future__ import annotations

import sys

import pytest

from tests.sdk.recording_server import RecordingServer

from .ends import ONE, THREE, assert_ended
from .hosting import Hosting

METHODS = ["fork", "spawn", "forkserver"]
MAIN = """
import multiprocessing
if __name__ == '__main__':
    child = multiprocessing.get_context({method!r}).Process(target=work, name='child')
    child.start()
    child.join()
    print(child.exitcode, flush=True)
"""


@pytest.fixture(params=METHODS)
def method(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("begin", [ONE, THREE], ids=["one", "three"])
@pytest.mark.parametrize(
    ("way", "code", "state", "reason"),
    [
        ("pass", 0, "Indeterminate", "without a call of end_session"),
        ("sys.exit(3)", 3, "Indeterminate", "without a call of end_session"),
        ("raise OSError('in a child')", 1, "Failure", "OSError: in a child"),
        ("[session.end_session('Success', 'x') for session in agentops.Client().sessions]", 0, "Success", "x"),
    ],
    ids=["return", "sys.exit", "exception", "end_session"],
)
def test_a_session_of_a_child(
    hosting: Hosting, recorder: RecordingServer, method: str, begin: str, way: str, code: int, state: str, reason: str
) -> None:
    work = f"def work():\n    {begin.strip().replace(chr(10), '; ')}\n    {way}\n"
    assert hosting.run_alike(work + MAIN.format(method=method)).out == f"{code}\n"
    if "raise" in way and sys.version_info >= (3, 13):
        # The exception is forgotten when the process ends, and the client began too late to see it pass.
        state, reason = "Indeterminate", "without a call of end_session"
    assert_ended(recorder, begin, state, reason)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("begin", ["agentops.init()", "agentops.start_session()"], ids=["", "client of the parent"])
def test_a_child_that_is_terminated(hosting: Hosting, recorder: RecordingServer, method: str, begin: str) -> None:
    """`terminate` is documented as immediate: nothing runs after it, not even when the child cannot notice it."""
    source = f"""
import multiprocessing
def work():
    {begin}.record(ActionEvent())
    lock = multiprocessing.Lock()
    lock.acquire()
    open('ready', 'w').close()
    lock.acquire()
if {begin != "agentops.init()"}:
    agentops.init(auto_start_session=False)
"""
    wait = "while not os.path.exists('ready'): time.sleep(0.01)"
    end = f"{wait}\n    os.remove('ready')\n    child.terminate()\n    child.join()"
    outcome = hosting.run_alike(source + MAIN.format(method=method).replace("child.join()", end))
    assert outcome.out == "-15\n"
    hosting.deliver()
    ((session_id, events),) = recorder.events.items()
    assert len(events) == 1
    # How it ended is for the server to say, once its lease runs out.
    assert recorder.merged(session_id).get("end_state") is None


@pytest.mark.parametrize(
    ("way", "code", "state", "reason"),
    [
        ("pass", 0, "Indeterminate", "without a call of end_session"),
        ("raise OSError('in a child')", 1, "Failure", "OSError: in a child"),
    ],
    ids=["return", "exception"],
)
def test_a_client_of_the_parent_is_enough_for_a_forked_child(
    hosting: Hosting, recorder: RecordingServer, way: str, code: int, state: str, reason: str
) -> None:
    source = f"def work():\n    agentops.start_session().record(ActionEvent())\n    {way}\n"
    source += "agentops.init(auto_start_session=False)\n" + MAIN.format(method="fork")
    assert hosting.run_alike(source).out == f"{code}\n"
    assert_ended(recorder, ONE, state, reason)


def test_a_pool_that_is_terminated(hosting: Hosting, recorder: RecordingServer) -> None:
    source = """
import multiprocessing
def work(number):
    agentops.record(ActionEvent(params=number))
    return number
if __name__ == '__main__':
    session = agentops.init()
    with multiprocessing.get_context('fork').Pool(2) as pool:
        print(sum(pool.map(work, range(20))), flush=True)
    session.end_session('Success', 'x')
"""
    assert hosting.run_alike(source).out == "190\n"
    hosting.deliver()
    ((session_id, events),) = recorder.events.items()
    assert sorted(event["params"] for event in events.values()) == list(range(20))
    ends = [update for update in recorder.updates[session_id] if "end_state" in update]
    assert [end["end_state"] for end in ends if not end["end_is_implicit"]] == ["Success"]


def test_workers_of_a_process_pool_join_by_id(hosting: Hosting, recorder: RecordingServer, method: str) -> None:
    source = f"""
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
def join(session_id):
    if agentops.get_session(session_id) is None:
        agentops.init(inherited_session_id=session_id)
def work(number):
    agentops.record(ActionEvent(params=number))
    return number
if __name__ == '__main__':
    session = agentops.init()
    context = multiprocessing.get_context({method!r})
    with ProcessPoolExecutor(2, context, join, (str(session.session_id),)) as executor:
        print(sum(executor.map(work, range(20))), flush=True)
    session.end_session('Success', 'x')
"""
    assert hosting.run_alike(source).out == "190\n"
    hosting.deliver()
    ((session_id, events),) = recorder.events.items()
    assert sorted(event["params"] for event in events.values()) == list(range(20))
    assert len(recorder.arrivals[session_id]) == 20
    assert recorder.merged(session_id)["init_timestamp"] == recorder.sessions[session_id]["init_timestamp"]


def test_the_traceback_of_an_executors_task(hosting: Hosting, recorder: RecordingServer) -> None:
    source = """
from concurrent.futures import ThreadPoolExecutor
agentops.init(auto_start_session=False)
def work():
    raise OSError('in a task')
with agentops.start_session() as session:
    session.record(ActionEvent())
    with ThreadPoolExecutor(1) as executor:
        future = executor.submit(work)
    try:
        executor.submit(work)
    except RuntimeError:
        import traceback
        traceback.print_exc()
    future.result()
"""
    assert hosting.run_alike(source).code == 1
    assert_ended(recorder, ONE, "Failure", "OSError: in a task")
