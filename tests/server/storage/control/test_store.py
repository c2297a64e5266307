import sqlite3
import uuid
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import URL, select

from agentops_server.domain.clock import NS, now_ns
from agentops_server.domain.ids import KeyId, ProjectId
from agentops_server.errors import Invalid, NotFound
from agentops_server.storage.control import sqlite
from agentops_server.storage.control.engine import open_engine
from agentops_server.storage.control.location import FILE_NAME, control_url
from agentops_server.storage.control.schema import api_keys, login_codes, metadata
from agentops_server.storage.control.store import ControlStore

NOBODY = ProjectId(uuid.UUID(int=7))


def test_a_project_is_found_by_name_and_id(control: ControlStore) -> None:
    before_ns = now_ns()
    project = control.create_project("  Zoe\u0308 ")

    assert project.name == "Zo\u00eb"
    assert before_ns <= project.created_ns <= now_ns()
    assert control.find_project("Zo\u00eb ") == project
    assert control.get_project(project.id) == project
    assert control.list_projects() == [project]


def test_a_project_that_is_not_there(control: ControlStore) -> None:
    assert control.find_project("demo") is None
    assert control.list_projects() == []
    with pytest.raises(NotFound):
        control.get_project(NOBODY)


def test_a_project_name_is_taken_once(control: ControlStore) -> None:
    control.create_project("demo")

    with pytest.raises(Invalid, match="'demo' already"):
        control.create_project("demo ")


def test_ensure_project_makes_it_once(control: ControlStore) -> None:
    assert control.ensure_project("demo") == control.ensure_project(" demo")


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\x1b[31m", "x" * 101])
def test_what_is_no_name_is_refused(control: ControlStore, name: str) -> None:
    with pytest.raises(Invalid, match="name of a project"):
        control.create_project(name)
    with pytest.raises(Invalid, match="name of a project"):
        control.ensure_project(name)


def test_a_key_is_found_in_any_spelling(control: ControlStore) -> None:
    project = control.create_project("demo")
    text = "6B7C1F0E-93A5-4D0C-8F57-2F6D7F3B9A1E"

    key = control.add_key(project.id, text, " laptop ")

    assert (key.project_id, key.label, key.hint) == (project.id, "laptop", "9a1e")
    assert (key.last_used_ns, key.revoked_ns) == (0, 0)
    assert control.find_key(text) == key
    assert control.find_key(f" {text.lower()} ") == key
    assert control.find_key_by_id(key.id) == key
    assert control.list_keys() == [key]


def test_the_database_holds_the_hash_of_a_key_and_not_the_key(place: str | URL, control: ControlStore) -> None:
    text = str(uuid.uuid4())
    control.add_key(control.create_project("demo").id, text)

    engine = open_engine(place)
    with engine.connect() as connection:
        stored = connection.execute(select(api_keys.c.key_hash)).scalars().all()
        dump = "\n".join(str(row) for table in metadata.sorted_tables for row in connection.execute(select(table)))
    engine.dispose()

    assert stored == [sha256(text.encode()).digest()]
    assert text not in dump
    assert uuid.UUID(text).bytes not in stored
    assert text.replace("-", "") not in dump


@pytest.mark.parametrize("text", ["", "demo", "\ud800" * 36, "x" * 36, "6b7c1f0e-93a5-4d0c-8f57-2f6d7f3b9a1"])
def test_what_is_no_uuid_is_no_key(control: ControlStore, text: str) -> None:
    assert control.find_key(text) is None
    with pytest.raises(Invalid, match="must be a UUID"):
        control.add_key(NOBODY, text)


def test_a_key_belongs_to_one_project(control: ControlStore) -> None:
    text = str(uuid.uuid4())
    control.add_key(control.create_project("one").id, text)

    with pytest.raises(Invalid, match="exists already"):
        control.add_key(control.create_project("two").id, text.upper())


def test_a_key_without_its_project_is_refused(control: ControlStore) -> None:
    with pytest.raises(NotFound, match="no such project"):
        control.add_key(NOBODY, str(uuid.uuid4()))


def test_keys_are_listed_by_project_and_age(control: ControlStore) -> None:
    one, two = control.create_project("one"), control.create_project("two")
    keys = [control.add_key(project.id, str(uuid.uuid4())) for project in (one, two, one)]

    assert control.list_keys() == keys
    assert control.list_keys(one.id) == [keys[0], keys[2]]
    assert control.list_keys(NOBODY) == []


def test_the_first_digits_tell_keys_apart_that_were_made_together(control: ControlStore) -> None:
    project = control.create_project("demo")

    assert len({control.add_key(project.id, str(uuid.uuid4())).id.hex[:8] for _ in range(20)}) == 20


def test_a_revoked_key_is_found_as_such_in_another_process_too(place: str | URL, control: ControlStore) -> None:
    text = str(uuid.uuid4())
    key = control.add_key(control.create_project("demo").id, text)
    other = ControlStore.open(place)
    assert other.find_key(text) == key

    revoked = control.revoke_key(key.id)

    assert revoked.revoked_ns >= key.created_ns
    assert other.find_key(text) == revoked
    assert other.revoke_key(key.id) == revoked
    other.close()


def test_revoking_no_key(control: ControlStore) -> None:
    with pytest.raises(NotFound, match="no such API key"):
        control.revoke_key(KeyId(uuid.uuid4()))


def test_the_last_use_is_noted_once_a_minute(control: ControlStore) -> None:
    key = control.add_key(control.create_project("demo").id, str(uuid.uuid4()))
    start_ns = now_ns()
    noted = []
    for seconds in (0, 59, 60, 61, 119, 120):
        control.touch_key(key.id, start_ns + seconds * NS)
        noted.append((control.list_keys()[0].last_used_ns - start_ns) // NS)

    assert noted == [0, 0, 60, 60, 60, 120]


def test_the_last_use_never_moves_back(place: str | URL, control: ControlStore) -> None:
    key = control.add_key(control.create_project("demo").id, str(uuid.uuid4()))
    other = ControlStore.open(place)
    start_ns = now_ns()

    control.touch_key(key.id, start_ns)
    other.touch_key(key.id, start_ns - NS)

    assert control.list_keys()[0].last_used_ns == start_ns
    other.close()


def test_a_use_that_cannot_be_noted_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sqlite, "LOCK_WAIT_S", 0.05)
    store = ControlStore.open(control_url(tmp_path))
    store.migrate()
    key = store.add_key(store.create_project("demo").id, str(uuid.uuid4()))
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        store.touch_key(key.id, now_ns())

    assert "was not noted" in caplog.text
    assert store.list_keys()[0].last_used_ns == 0
    store.close()


def test_a_secret_stays_the_same(place: str | URL, control: ControlStore) -> None:
    tokens, cookies = control.secret("tokens"), control.secret("cookies")

    reopened = ControlStore.open(place)
    assert reopened.secret("tokens") == tokens
    assert reopened.secret("cookies") == cookies
    assert len(tokens) == len(cookies) == 32
    assert tokens != cookies
    reopened.close()


def test_a_login_code_is_redeemed_once(control: ControlStore) -> None:
    project = control.create_project("demo")
    code_hash = sha256(b"code").digest()
    control.add_login_code(code_hash, project.id, now_ns() + 60 * NS)

    granted = control.redeem_login_code(code_hash, now_ns())

    assert granted is not None
    assert granted.project_id == project.id
    assert control.redeem_login_code(code_hash, now_ns()) is None


def test_a_login_code_without_a_project(control: ControlStore) -> None:
    code_hash = sha256(b"code").digest()
    control.add_login_code(code_hash, None, now_ns() + 60 * NS)

    granted = control.redeem_login_code(code_hash, now_ns())

    assert granted is not None
    assert granted.project_id is None


def test_a_login_code_expires(control: ControlStore) -> None:
    expires_ns = now_ns() + 60 * NS
    code_hash = sha256(b"code").digest()
    control.add_login_code(code_hash, None, expires_ns)

    assert control.redeem_login_code(code_hash, expires_ns) is None
    assert control.redeem_login_code(code_hash, expires_ns - 1) is not None


def test_a_login_code_of_no_project_is_refused(control: ControlStore) -> None:
    with pytest.raises(NotFound, match="no such project"):
        control.add_login_code(sha256(b"code").digest(), NOBODY, now_ns() + NS)


def test_expired_login_codes_are_pruned(place: str | URL, control: ControlStore) -> None:
    for code, seconds in ((b"old", -1), (b"young", 60), (b"newest", 60)):
        control.add_login_code(sha256(code).digest(), None, now_ns() + seconds * NS)

    engine = open_engine(place)
    with engine.connect() as connection:
        stored = set(connection.execute(select(login_codes.c.code_hash)).scalars())
    engine.dispose()

    assert stored == {sha256(b"young").digest(), sha256(b"newest").digest()}
