import uuid
from hashlib import sha256

import pytest
from sqlalchemy import URL

from agentops_server.domain.clock import NS, now_ns
from agentops_server.storage.control.store import ControlStore

from .racing import race_processes, race_threads

CODE_HASH = sha256(b"code").digest()


def read_secret(store: ControlStore) -> bytes:
    return store.secret("tokens")


def redeem(store: ControlStore) -> bool:
    return store.redeem_login_code(CODE_HASH, now_ns()) is not None


def add_keys(store: ControlStore, count: int) -> int:
    project = store.ensure_project("demo")
    return len([store.add_key(project.id, str(uuid.uuid4())) for _ in range(count)])


def test_threads_agree_on_a_secret(control: ControlStore) -> None:
    assert len(set(race_threads(8, lambda: control.secret("tokens")))) == 1


def test_processes_agree_on_a_secret(place: str | URL, control: ControlStore) -> None:
    answers = race_processes(4, place, read_secret)

    assert set(answers) == {control.secret("tokens")}


def test_the_loser_of_the_race_for_a_secret_takes_the_winners(
    place: str | URL, control: ControlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    winner = ControlStore.open(place)
    find = control._find_secret
    won = []

    def read_and_lose(name: str) -> bytes | None:
        # The other process commits after this one has read, and before it writes.
        found = find(name)
        if not won:
            won.append(winner.secret("tokens"))
        return found

    monkeypatch.setattr(control, "_find_secret", read_and_lose)

    assert control.secret("tokens") == won[0]
    winner.close()


def test_one_of_many_threads_redeems_a_login_code(control: ControlStore) -> None:
    control.add_login_code(CODE_HASH, None, now_ns() + 600 * NS)

    assert sorted(race_threads(8, lambda: redeem(control))) == [False] * 7 + [True]


def test_one_of_many_processes_redeems_a_login_code(place: str | URL, control: ControlStore) -> None:
    control.add_login_code(CODE_HASH, None, now_ns() + 600 * NS)

    assert sorted(race_processes(4, place, redeem)) == [False] * 3 + [True]


def test_threads_make_one_project(control: ControlStore) -> None:
    made = race_threads(8, lambda: control.ensure_project("demo"))

    assert control.list_projects() == [made[0]]
    assert set(made) == {made[0]}


def test_threads_write_and_read_side_by_side(control: ControlStore) -> None:
    project = control.create_project("demo")

    def work() -> bool:
        texts = [str(uuid.uuid4()) for _ in range(5)]
        keys = [control.add_key(project.id, text) for text in texts]
        return [control.find_key(text) for text in texts] == keys

    assert race_threads(8, work) == [True] * 8
    assert len(control.list_keys(project.id)) == 40


def test_processes_write_side_by_side(place: str | URL, control: ControlStore) -> None:
    assert race_processes(4, place, add_keys, 10) == [10] * 4

    assert len(control.list_projects()) == 1
    assert len(control.list_keys()) == 40
