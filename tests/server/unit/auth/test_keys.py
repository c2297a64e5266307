import logging
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agentops_server.auth.keys import Keys
from agentops_server.domain.clock import now_ns
from agentops_server.domain.ids import KeyId, ProjectId
from agentops_server.domain.project import Principal
from agentops_server.errors import Invalid, Unauthorized
from agentops_server.storage.control.location import control_url
from agentops_server.storage.control.store import ControlStore


def test_a_created_key_opens_its_project(control: ControlStore, keys: Keys) -> None:
    key, text = keys.create("demo", "laptop")

    project = control.find_project("demo")
    assert project is not None
    assert uuid.UUID(text).version == 4
    assert (key.label, key.hint, key.project_id) == ("laptop", text[-4:], project.id)
    assert keys.authenticate(text) == Principal(project_id=project.id, key_id=key.id)
    assert keys.authenticate(text.upper()) == Principal(project_id=project.id, key_id=key.id)


def test_two_keys_of_a_project(control: ControlStore, keys: Keys) -> None:
    (first, first_text), (second, second_text) = keys.create("demo"), keys.create("demo")

    assert first_text != second_text
    assert first.project_id == second.project_id
    assert control.list_keys() == [first, second]


def test_authenticating_notes_the_use(control: ControlStore, keys: Keys) -> None:
    _key, text = keys.create("demo")
    before_ns = now_ns()

    keys.authenticate(text)

    assert before_ns <= control.list_keys()[0].last_used_ns <= now_ns()


@pytest.mark.parametrize("text", [None, "", "  "])
def test_no_key(keys: Keys, text: str | None) -> None:
    with pytest.raises(Unauthorized, match="No API key") as caught:
        keys.authenticate(text)

    assert "X-Agentops-Api-Key" in caught.value.message
    assert "agentops-server keys create --project NAME" in caught.value.message


@pytest.mark.parametrize("text", [str(uuid.UUID(int=1)), "garbage", "\ud800", "ü" * 36, "x" * 100_000])
def test_an_unknown_key(keys: Keys, text: str) -> None:
    keys.create("demo")

    with pytest.raises(Unauthorized, match="Unknown API key") as caught:
        keys.authenticate(text)

    assert "X-Agentops-Api-Key" in caught.value.message
    assert "agentops-server keys create --project NAME" in caught.value.message
    assert text not in caught.value.message


def test_a_key_of_another_process_is_valid_at_once_and_refused_at_once(tmp_path: Path, keys: Keys) -> None:
    other = ControlStore.open(control_url(tmp_path))
    key, text = Keys(other).create("demo")
    assert keys.authenticate(text).key_id == key.id

    other.revoke_key(key.id)

    with pytest.raises(Unauthorized, match="was revoked"):
        keys.authenticate(text)
    other.close()


def test_check_refuses_what_was_issued_for_a_key_that_is_revoked(control: ControlStore, keys: Keys) -> None:
    key, text = keys.create("demo")
    principal = keys.authenticate(text)
    keys.check(principal)

    control.revoke_key(key.id)

    with pytest.raises(Unauthorized, match=r"Invalid Token: .*revoked"):
        keys.check(principal)


def test_check_refuses_an_unknown_key_and_another_projects(keys: Keys) -> None:
    key, _text = keys.create("demo")

    with pytest.raises(Unauthorized):
        keys.check(Principal(project_id=key.project_id, key_id=KeyId(uuid.uuid4())))
    with pytest.raises(Unauthorized):
        keys.check(Principal(project_id=ProjectId(uuid.uuid4()), key_id=key.id))


def test_check_admits_a_principal_without_a_key(keys: Keys) -> None:
    keys.check(Principal(project_id=ProjectId(uuid.uuid4()), key_id=None))


def test_seed_is_idempotent(control: ControlStore, keys: Keys) -> None:
    text = str(uuid.uuid4())

    key = keys.seed("demo", text)

    assert keys.seed("demo", f" {text.upper()}\n") == key
    assert control.list_keys() == [key]
    assert keys.authenticate(text).project_id == key.project_id


def test_seed_in_several_processes_makes_one_key(tmp_path: Path, control: ControlStore) -> None:
    text = str(uuid.uuid4())
    stores = [ControlStore.open(control_url(tmp_path)) for _ in range(6)]
    with ThreadPoolExecutor(len(stores)) as pool:
        seeded = list(pool.map(lambda store: Keys(store).seed("demo", text), stores))
    for store in stores:
        store.close()

    assert control.list_keys() == [seeded[0]]
    assert set(seeded) == {seeded[0]}


@pytest.mark.parametrize("text", ["", "demo-key", "6b7c1f0e-93a5-4d0c-8f57-2f6d7f3b9a1", "x" * 36])
def test_seed_refuses_what_is_no_uuid(control: ControlStore, keys: Keys, text: str) -> None:
    with pytest.raises(Invalid, match="AGENTOPS_INIT_API_KEY is not a UUID") as caught:
        keys.seed("demo", text)

    assert not text or text not in caught.value.message
    assert control.list_projects() == []


def test_seed_refuses_a_key_of_another_project(keys: Keys) -> None:
    _key, text = keys.create("one")

    with pytest.raises(Invalid, match="a key of the project 'one' already, not of 'two'"):
        keys.seed("two", text)


def test_seed_does_not_bring_a_revoked_key_back(
    control: ControlStore, keys: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    text = str(uuid.uuid4())
    control.revoke_key(keys.seed("demo", text).id)

    with caplog.at_level(logging.WARNING):
        keys.seed("demo", text)

    assert "was revoked" in caplog.text
    with pytest.raises(Unauthorized):
        keys.authenticate(text)
