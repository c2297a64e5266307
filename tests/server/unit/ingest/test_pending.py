"""Who waits for what is in the journal, and when nobody does any more."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID

from agentops_server.domain.ids import ProjectId, SessionId
from agentops_server.ingest.pending import Pending

PROJECT = ProjectId(UUID(int=1))
ONE, OTHER = SessionId(UUID(int=2)), SessionId(UUID(int=3))
PATIENCE_S = 30


@contextmanager
def waiting(pending: Pending, session: SessionId) -> Iterator[Future[bool]]:
    """A thread that waits for what the session has in the journal by now."""
    waits = threading.Event()
    pending.hurry = waits.set
    with ThreadPoolExecutor(1) as pool:
        served = pool.submit(pending.wait, PROJECT, [session], PATIENCE_S)
        assert waits.wait(PATIENCE_S)
        yield served
        assert served.result(PATIENCE_S)


def test_what_came_after_a_reader_is_not_hurried_for_it() -> None:
    pending = Pending()
    pending.add([(PROJECT, ONE)], 10, 1)
    with waiting(pending, ONE):
        pending.add([(PROJECT, ONE), (PROJECT, OTHER)], 20, 2)
        assert pending.is_wanted
        pending.advance(9)
        assert pending.is_wanted
        pending.advance(10)
        assert not pending.is_wanted, "whether or not the reader has noticed that it is served"
    assert pending.has(PROJECT, OTHER)


def test_a_reader_who_gave_up_wants_nothing() -> None:
    pending = Pending()
    pending.add([(PROJECT, ONE)], 10, 1)
    assert not pending.wait(PROJECT, [ONE], 0)
    assert not pending.is_wanted


def test_who_reads_what_is_loaded_does_not_wait() -> None:
    pending = Pending(hurry=lambda: (_ for _ in ()).throw(AssertionError("nobody waits")))
    pending.add([(PROJECT, ONE)], 10, 1)
    assert pending.wait(PROJECT, [OTHER], PATIENCE_S)
    pending.advance(10)
    assert pending.wait(PROJECT, None, PATIENCE_S)
