"""Which session is current, through tasks, threads, executors and generators."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager, contextmanager
from contextvars import copy_context
from pathlib import Path

import pytest

import agentops
from agentops import ActionEvent, Session, _guard
from agentops.testing import Capture, capture


@pytest.fixture(autouse=True)
def captured(caplog: pytest.LogCaptureFixture) -> Iterator[Capture]:
    """What is recorded; nothing of ours is swallowed, and nobody complains about contexts."""
    errors: list[Exception] = []
    _guard.on_swallow = errors.append
    with capture() as captured:
        agentops.init(auto_start_session=False)
        yield captured
    _guard.on_swallow = None
    assert errors == []
    assert "Context" not in caplog.text


def begin(*tags: str) -> Session:
    session = agentops.start_session(tags)
    assert session is not None
    return session


def note(what: object) -> None:
    agentops.record(ActionEvent(params=what))


def noted(captured: Capture) -> dict[str, list[object]]:
    """What each session recorded, by its first tag."""
    return {session.tags[0]: [event["params"] for event in session.events] for session in captured.sessions}


def test_tasks_that_are_gathered(captured: Capture) -> None:
    async def step(name: str) -> None:
        await asyncio.sleep(0)
        note(name)

    async def request(name: str) -> None:
        async with begin(name):
            note(name)
            await asyncio.gather(step(name), asyncio.create_task(step(name)), asyncio.to_thread(note, name))

    async def main() -> None:
        await asyncio.gather(*[request(f"request {number}") for number in range(5)])

    asyncio.run(main())
    assert noted(captured) == {f"request {number}": [f"request {number}"] * 4 for number in range(5)}


def test_a_block_in_a_block(captured: Capture) -> None:
    with begin("outer"):
        with begin("inner"):
            note(1)
        note(2)
        with begin("ended within") as ended:
            ended.end_session("Success")
            note(3)
        begin("not entered")
        note(4)
    assert noted(captured) == {"outer": [2, 3, 4], "inner": [1], "ended within": [], "not entered": []}


def test_functions_handed_to_an_executor(captured: Capture) -> None:
    with ThreadPoolExecutor(2) as executor:
        for name in ("one", "two"):
            with begin(name):
                assert list(executor.map(note, [name] * 3)) == [None] * 3
                executor.submit(note, name).result()
        begin("another")
        assert executor.submit(agentops.Client().find_current).result() is not None
    assert noted(captured) == {"one": ["one"] * 4, "two": ["two"] * 4, "another": []}


def test_a_loops_executor(captured: Capture) -> None:
    async def main() -> None:
        async with begin("one"):
            await asyncio.get_running_loop().run_in_executor(None, note, 1)

    begin("another")
    asyncio.run(main())
    assert noted(captured) == {"another": [], "one": [1]}


def test_a_worker_thread_keeps_nothing_of_what_it_was_handed(captured: Capture) -> None:
    begin("another")
    with ThreadPoolExecutor(1) as executor:
        with begin("one"):
            executor.submit(note, 1).result()
        with begin("two"), begin("three"):
            pass
        begin("yet another")
        assert executor.submit(agentops.Client().find_current).result() is None


def test_the_agent_goes_with_a_function_too(captured: Capture) -> None:
    @agentops.track_agent("Researcher")
    def research() -> str | None:
        with ThreadPoolExecutor(1) as executor:
            return executor.submit(lambda: ActionEvent().agent_id).result()

    with begin("one"):
        assert str(research()) == captured.sessions[0].agents[0]["id"]
        assert ActionEvent().agent_id is None


def test_a_thread_takes_a_copy_of_the_context(captured: Capture) -> None:
    """Python gives a new thread an empty context; with several sessions open, the caller hands it over."""
    begin("another")
    with begin("one"):
        thread = threading.Thread(target=copy_context().run, args=(note, 1))
        thread.start()
        thread.join()
    assert noted(captured) == {"another": [], "one": [1]}


def test_a_generator_keeps_its_session_to_itself(captured: Capture) -> None:
    def produce(name: str) -> Iterator[int]:
        with begin(name):
            for number in range(3):
                note(number)
                yield number

    with begin("caller"):
        for one, two in zip(produce("first"), produce("second"), strict=True):
            note((one, two))
    pairs = [[number, number] for number in range(3)]
    assert noted(captured) == {"caller": pairs, "first": [0, 1, 2], "second": [0, 1, 2]}
    assert {session.end_state for session in captured.sessions} == {"Success"}


def test_an_async_generator_keeps_its_session_to_itself(captured: Capture) -> None:
    async def produce(name: str) -> AsyncIterator[int]:
        async with begin(name):
            for number in range(3):
                await asyncio.sleep(0)
                # What the generator starts is inside, even while it waits itself.
                await asyncio.gather(asyncio.to_thread(note, number), asyncio.create_task(asyncio.to_thread(note, "t")))
                yield number

    async def main() -> None:
        async with begin("caller"):
            async for number in produce("producer"):
                note(number)
                await asyncio.sleep(0)
            note("end")

    asyncio.run(main())
    heard = noted(captured)
    assert heard["caller"] == [0, 1, 2, "end"]
    assert sorted(map(str, heard["producer"])) == ["0", "1", "2", "t", "t", "t"]


def test_a_generator_that_is_closed_early(captured: Capture) -> None:
    def produce() -> Iterator[int]:
        with begin("producer"):
            yield 1
            yield 2

    generator = produce()
    next(generator)
    with begin("caller"):
        generator.close()  # type: ignore[attr-defined]
        note("still mine")
    assert noted(captured) == {"producer": [], "caller": ["still mine"]}
    assert [session.end_state for session in captured.sessions] == ["Indeterminate", "Success"]


def test_a_generator_that_is_dropped(captured: Capture) -> None:
    def produce() -> Iterator[int]:
        with begin("producer"):
            yield 1

    next(produce())
    gc.collect()
    assert captured.sessions[0].end_state == "Indeterminate"
    assert agentops.Client().find_current() is None


def test_an_async_generator_that_is_closed_in_another_context(captured: Capture) -> None:
    async def produce() -> AsyncIterator[int]:
        async with begin("producer"):
            yield 1
            yield 2

    async def main() -> None:
        async with begin("caller"):
            generator = produce()
            await anext(generator)
            await asyncio.create_task(generator.aclose())  # type: ignore[attr-defined]
            note(1)
            await anext(produce())  # closed by the loop, in a task of its own
            gc.collect()
            await asyncio.sleep(0)
            note(2)

    asyncio.run(main())
    assert noted(captured)["caller"] == [1, 2]
    assert agentops.Client().session_count == 0


def test_a_generator_that_another_thread_closes(captured: Capture) -> None:
    def produce() -> Iterator[int]:
        with begin("producer"):
            yield 1

    generator = produce()
    next(generator)
    thread = threading.Thread(target=generator.close)  # type: ignore[attr-defined]
    thread.start()
    thread.join()
    begin("one"), begin("two")
    assert agentops.Client().find_current() is None


def test_context_managers_lend_their_session(captured: Capture) -> None:
    @contextmanager
    def lend(name: str) -> Iterator[None]:
        with begin(name):
            yield

    @asynccontextmanager
    async def lend_async(name: str) -> AsyncIterator[None]:
        async with begin(name):
            yield

    def produce() -> Iterator[int]:
        with lend("generator"):
            note("inside")
            yield 1

    async def main() -> None:
        async with lend_async("async"):
            note(2)

    begin("another")
    with ExitStack() as stack:
        stack.enter_context(lend("sync"))
        note(1)
        for _ in produce():
            note(3)
    asyncio.run(main())
    assert noted(captured) == {"another": [], "sync": [1, 3], "generator": ["inside"], "async": [2]}


@pytest.fixture
def lent() -> Iterator[Session]:
    with begin("lent") as session:
        yield session


def test_a_fixture_lends_its_session(lent: Session) -> None:
    begin("another")
    assert agentops.Client().find_current() is lent


def test_the_same_session_in_several_tasks(captured: Capture) -> None:
    async def work(session: Session, name: str) -> None:
        with session:
            await asyncio.sleep(0)
            note(name)
            await asyncio.sleep(0)
            session.record(ActionEvent(params=name))

    async def main() -> None:
        session = begin("shared")
        begin("another")
        await asyncio.gather(work(session, "a"), work(session, "b"))

    asyncio.run(main())
    assert sorted(map(str, noted(captured)["shared"])) == ["a", "a", "b", "b"]


def test_what_is_laid_over_executors_is_put_back() -> None:
    agentops.Client().close()
    bare = ThreadPoolExecutor.submit
    agentops.init(auto_start_session=False)
    assert ThreadPoolExecutor.submit is not bare
    agentops.Client().close()
    assert ThreadPoolExecutor.submit is bare


IMPORTED_LATE = """
import sys
import agentops
from agentops.testing import capture
with capture() as captured:
    agentops.init(auto_start_session=False)
    assert "concurrent.futures" not in sys.modules
    from concurrent.futures import ThreadPoolExecutor
    laid_over = ThreadPoolExecutor.submit
    first, second = agentops.start_session(["a"]), agentops.start_session(["b"])
    with first, ThreadPoolExecutor(1) as executor:
        executor.submit(agentops.record, agentops.ActionEvent()).result()
    print([len(session.events) for session in captured.sessions])
print(ThreadPoolExecutor.submit is laid_over, ThreadPoolExecutor.submit.__module__)
agentops.init(auto_start_session=False)
agentops.Client().close()
print(ThreadPoolExecutor.submit.__module__, len(sys.meta_path))
"""


def test_executors_that_are_imported_after_init(tmp_path: Path) -> None:
    env = os.environ | {"AGENTOPS_SPOOL_DIR": str(tmp_path), "AGENTOPS_API_KEY": "a-key"}
    bare = subprocess.run(
        [sys.executable, "-c", "import sys; print(len(sys.meta_path))"], capture_output=True, text=True
    )
    done = subprocess.run([sys.executable, "-c", IMPORTED_LATE], env=env, capture_output=True, text=True, timeout=60)
    module = "concurrent.futures.thread"
    assert done.stdout == f"[1, 0]\nFalse {module}\n{module} {bare.stdout}", done.stderr
