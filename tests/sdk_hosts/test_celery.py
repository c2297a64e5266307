"""Celery: tasks in the forked processes of a prefork worker, which leave by os._exit."""

from __future__ import annotations

import sys

from tests.sdk import program
from tests.sdk.recording_server import RecordingServer

from .hosting import Hosting, Outcome, kill_group

TASKS = """
from celery import Celery
from pathlib import Path

here = Path(__file__).parent
app = Celery('host', broker='filesystem://', backend=f'file://{here}/results')
app.conf.update(
    broker_transport_options={'data_folder_in': f'{here}/queue', 'data_folder_out': f'{here}/queue'},
    broker_connection_retry_on_startup=True,
    task_acks_late=False,
    worker_hijack_root_logger=False,
)
for folder in ('results', 'queue'):
    (here / folder).mkdir(exist_ok=True)
agentops.init(auto_start_session=False)

@app.task
def work_alone(number):
    with agentops.start_session() as session:
        for _ in range(3):
            agentops.record(ActionEvent(params=str(session.session_id)))
    return str(session.session_id) if str(session) != 'nothing' else str(number)

@app.task
def add_to(session_id, number):
    session = agentops.get_session(session_id) or agentops.start_session(inherited_session_id=session_id)
    session.record(ActionEvent(params=number))
    return number

@app.task
def break_down(number):
    with agentops.start_session() as session:
        session.record(ActionEvent(params=str(session.session_id)))
        raise ValueError('a task that fails')

if __name__ == '__main__':
    session = agentops.start_session()
    alone = [work_alone.delay(number) for number in range(12)]
    shared = [add_to.delay(str(session.session_id), number) for number in range(12)]
    broken = break_down.delay(0)
    print(session.session_id)
    print(*[result.get(timeout=60) for result in alone])
    print(sum(result.get(timeout=60) for result in shared))
    print(repr(broken.get(timeout=60, propagate=False)), flush=True)
    session.end_session('Success')
"""
WORKER = ["-m", "celery", "-A", "host", "worker", "--pool", "prefork", "--concurrency", "2", "--loglevel", "WARNING"]
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat"]


def work(hosting: Hosting, *, alone: bool) -> tuple[Outcome, int]:
    """Run a worker and a client that gives it tasks; what the client said, and the exit code of the worker."""
    env = hosting.alone_env if alone else hosting.env
    host = hosting.write(TASKS)
    worker = hosting.open([sys.executable, *WORKER, *QUIET], env)
    try:
        client = Outcome(*program.finish(hosting.open([sys.executable, str(host)], env)))
        worker.terminate()
        code, _, _ = program.finish(worker)
    finally:
        kill_group(worker)
    assert client.code == 0, client.err
    return client, code


def test_sessions_of_tasks(hosting: Hosting, recorder: RecordingServer) -> None:
    _, without_us = work(hosting, alone=True)
    client, code = work(hosting, alone=False)
    shared_id, alone, total, error = client.out.splitlines()
    assert (code, total, error) == (without_us, "66", "ValueError('a task that fails')")
    hosting.deliver()
    for session_id in alone.split():
        assert [event["params"] for event in recorder.events[session_id].values()] == [session_id] * 3
        assert recorder.merged(session_id)["end_state"] == "Success"
    assert sorted(event["params"] for event in recorder.events[shared_id].values()) == list(range(12))
    assert recorder.merged(shared_id)["end_state"] == "Success"
    (broken,) = set(recorder.sessions) - {shared_id, *alone.split()}
    assert recorder.merged(broken)["end_state"] == "Failure"
    assert "ValueError: a task that fails" in recorder.merged(broken)["end_state_reason"]
    assert all(len(ids) == len(set(ids)) for ids in recorder.arrivals.values())
    assert sum(map(len, recorder.arrivals.values())) == 12 * 3 + 12 + 1
