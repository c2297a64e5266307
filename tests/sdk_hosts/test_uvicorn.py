"""FastAPI under uvicorn: requests at the same time in one process, async ones and ones in threads."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pytest

from tests.sdk.recording_server import Fault, RecordingServer

from .hosting import Hosting
from .serving import WebHost, assert_each_has_its_own, serve

APP = """
import uvicorn
from fastapi import Depends, FastAPI

app = FastAPI()
agentops.init(auto_start_session=False)

async def step(session_id):
    await asyncio.sleep(0.001)
    agentops.record(ActionEvent(params=session_id))

def work(session_id):
    agentops.record(ActionEvent(params=session_id))

@app.get('/async/{number}')
async def in_the_loop(number: str):
    async with agentops.start_session() as session:
        session_id = str(session.session_id)
        await asyncio.gather(step(session_id), step(session_id))
        await asyncio.get_running_loop().run_in_executor(None, work, session_id)
        return session_id

@app.get('/sync/{number}')
def in_a_thread(number: str):
    with agentops.start_session() as session:
        session_id = str(session.session_id)
        for _ in range(3):
            work(session_id)
            time.sleep(0.001)
        return session_id

async def lend_session():
    async with agentops.start_session() as session:
        yield str(session.session_id)

@app.get('/depends/{number}')
async def with_a_dependency(number: str, session_id = Depends(lend_session)):
    for _ in range(3):
        await step(session_id)
    return session_id

def lend_from_a_thread():  # FastAPI enters it in another context, so the session goes by its name
    with agentops.start_session() as session:
        yield session

@app.get('/thread/{number}')
async def with_a_dependency_in_a_thread(number: str, session = Depends(lend_from_a_thread)):
    session_id = str(session.session_id)
    for _ in range(3):
        session.record(ActionEvent(params=session_id))
    return session_id

@app.get('/open')
async def count_open():
    return agentops.Client().session_count

config = uvicorn.Config(app, host='127.0.0.1', port=0, timeout_graceful_shutdown=20)
uvicorn.Server(config).run()
sys.exit(7)
"""
KINDS = ("async", "sync", "depends", "thread")


def ask(host: WebHost, count: int, kinds: Sequence[str] = KINDS) -> list[str]:
    return [answer.strip('"') for answer in host.ask(count, lambda number: f"/{kinds[number % len(kinds)]}/{number}")]


@pytest.fixture
def command(hosting: Hosting) -> list[str]:
    return [sys.executable, str(hosting.write(APP))]


def test_a_session_for_each_request(hosting: Hosting, recorder: RecordingServer, command: list[str]) -> None:
    with serve(hosting, command, alone=True) as host:
        ask(host, 4)
        alone = host.stop()
    with serve(hosting, command) as host:
        answers = ask(host, 48)
        # FastAPI leaves a dependency after it has answered, and a signal would end the session before that.
        while host.ask(1, lambda _: "/open") != ["0"]:
            pass
        assert host.stop() == alone
    hosting.deliver()
    assert_each_has_its_own(recorder, answers, 3)
    assert len(recorder.sessions) == 48


def test_requests_do_not_wait_for_a_server_that_hangs(
    hosting: Hosting, recorder: RecordingServer, command: list[str]
) -> None:
    """Each would take the whole of max_wait_time, which here is longer than a client waits."""
    recorder.always["*"] = Fault(hang=True)
    hosting.env["AGENTOPS_MAX_WAIT_TIME"] = "40000"
    with serve(hosting, command) as host:
        answers = ask(host, 8, ("async", "sync"))  # those whose session has ended when the answer comes
    recorder.always.clear()
    recorder.released.set()
    hosting.deliver()
    assert_each_has_its_own(recorder, answers, 3)
