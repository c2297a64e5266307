"""Runs one function many times at the same moment, in threads or in processes of their own."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

from sqlalchemy import URL

from agentops_server.storage.control.store import ControlStore

T = TypeVar("T")
PATIENCE_S = 60


def race_threads(count: int, act: Callable[[], T]) -> list[T]:
    barrier = Barrier(count)

    def run() -> T:
        barrier.wait(PATIENCE_S)
        return act()

    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(run) for _ in range(count)]]


def race_processes(count: int, place: str | URL, act: Callable[..., Any], *arguments: Any) -> list[Any]:
    """What `act(store, *arguments)` returned in each process; `act` is a function of a module."""
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(count)
    answers: Any = spawn.Queue()
    processes = [
        spawn.Process(target=_run, args=(barrier, answers, place, act, arguments), daemon=True) for _ in range(count)
    ]
    for process in processes:
        process.start()
    try:
        return [answers.get(timeout=PATIENCE_S) for _ in processes]
    finally:
        for process in processes:
            process.join(PATIENCE_S)
            process.close()
        answers.close()


def _run(barrier: Any, answers: Any, place: str | URL, act: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    barrier.wait(PATIENCE_S)
    store = ControlStore.open(place)
    try:
        answers.put(act(store, *arguments))
    except Exception as error:
        answers.put(repr(error))
        raise
    finally:
        store.close()
