"""No object is deleted between its writing and the row that refers to it, whoever is faster."""

import random
import threading
import uuid

from agentops_server.domain.ids import ProjectId
from agentops_server.domain.media import MediaName, name_content
from agentops_server.storage.objects.claims import Claims, Key

PROJECT = ProjectId(uuid.uuid4())
KEY: Key = (PROJECT, name_content(b"content", "json"))
PATIENCE_S = 30


def nothing(_project_id: ProjectId, _name: MediaName) -> None:
    pass


def test_what_nobody_claimed_is_deleted() -> None:
    deleted: list[Key] = []
    with Claims().open_round() as opened:
        assert opened.delete(KEY, lambda *key: deleted.append(key))
    assert deleted == [KEY]


def test_what_is_claimed_stays() -> None:
    claims = Claims()
    claims.claim([KEY])
    with claims.open_round() as opened:
        assert not opened.delete(KEY, nothing)


def test_what_was_claimed_and_released_since_the_round_began_stays() -> None:
    claims = Claims()
    with claims.open_round() as opened:
        claims.claim([KEY])
        claims.release([KEY])
        assert not opened.delete(KEY, nothing)


def test_what_was_claimed_twice_and_released_once_stays_in_a_later_round() -> None:
    claims = Claims()
    claims.claim([KEY])
    claims.claim([KEY])
    claims.release([KEY])
    with claims.open_round() as opened:
        assert not opened.delete(KEY, nothing)
    claims.release([KEY])
    with claims.open_round() as opened:
        assert opened.delete(KEY, nothing)


def test_a_claim_waits_for_a_deletion_that_has_begun() -> None:
    claims, begun, may_end, order = Claims(), threading.Event(), threading.Event(), []

    def delete(_project_id: ProjectId, _name: MediaName) -> None:
        begun.set()
        assert may_end.wait(PATIENCE_S)
        order.append("deleted")

    def claim() -> None:
        claims.claim([KEY])
        order.append("claimed")

    with claims.open_round() as opened:
        deleting = threading.Thread(target=opened.delete, args=(KEY, delete))
        deleting.start()
        assert begun.wait(PATIENCE_S)
        claiming = threading.Thread(target=claim)
        claiming.start()
        claiming.join(0.05)
        may_end.set()
        deleting.join()
        claiming.join()
    assert order == ["deleted", "claimed"]


def test_no_row_ever_refers_to_what_was_deleted() -> None:
    """Writers store an object, then a row; collectors ask for rows, then delete. At the end nothing is missing."""
    claims, objects, rows = Claims(), set[Key](), set[tuple[int, Key]]()
    keys: list[Key] = [(PROJECT, name_content(str(number).encode(), "json")) for number in range(5)]
    over = threading.Event()

    def write(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(2000):
            key = chance.choice(keys)
            claims.claim([key])
            objects.add(key)
            rows.add((seed, key))
            claims.release([key])
            assert key in objects
            rows.discard((seed, key))

    def collect() -> None:
        while not over.is_set():
            with claims.open_round() as opened:
                referenced = {key for _, key in rows.copy()}
                for key in keys:
                    if key not in referenced:
                        opened.delete(key, lambda *key: objects.discard(key))

    problems: list[BaseException] = []

    def guarded(work: object, *arguments: int) -> None:
        try:
            work(*arguments)  # type: ignore[operator]
        except BaseException as problem:  # noqa: BLE001 - told in the test's own thread
            problems.append(problem)

    collectors = [threading.Thread(target=guarded, args=(collect,)) for _ in range(2)]
    writers = [threading.Thread(target=guarded, args=(write, seed)) for seed in range(4)]
    for thread in (*collectors, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    over.set()
    for thread in collectors:
        thread.join()
    assert problems == []
