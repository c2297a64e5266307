import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from stat import S_IMODE

import pytest
from sqlalchemy import URL

from agentops_server.errors import Invalid, Unavailable
from agentops_server.storage.control import sqlite
from agentops_server.storage.control.engine import Transactions, open_engine
from agentops_server.storage.control.location import FILE_NAME, control_url, make_data_dir
from agentops_server.storage.control.store import ControlStore


@pytest.fixture
def place(tmp_path: Path) -> str | URL:
    return control_url(tmp_path)


def test_every_file_is_private_to_its_owner(tmp_path: Path, control: ControlStore) -> None:
    control.create_project("demo")

    modes = {path.name: S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}

    assert modes == {FILE_NAME: 0o600, f"{FILE_NAME}-wal": 0o600, f"{FILE_NAME}-shm": 0o600}


def test_a_file_that_others_may_read_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.touch(0o644)

    ControlStore.open(control_url(tmp_path)).close()

    assert S_IMODE(path.stat().st_mode) == 0o600


def test_connections_are_durable_and_keep_foreign_keys(tmp_path: Path) -> None:
    transactions = Transactions(open_engine(control_url(tmp_path)))
    with transactions.reading() as connection:
        answers = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    transactions.close()

    assert answers == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


@pytest.mark.parametrize("name", ["plain", "with space", "100%", "what?mode=memory", "a#b", "ünïcode", "a:b@c"])
def test_any_data_dir_will_do(tmp_path: Path, name: str) -> None:
    data_dir = tmp_path / name
    make_data_dir(data_dir)
    store = ControlStore.open(control_url(data_dir))
    store.migrate()
    store.close()

    with closing(sqlite3.connect(data_dir / FILE_NAME)) as connection:
        assert connection.execute("SELECT count(*) FROM projects").fetchone() == (0,)


def test_a_text_url_opens_the_same_file(tmp_path: Path, control: ControlStore) -> None:
    project = control.create_project("demo")

    other = ControlStore.open(f"sqlite:///{tmp_path}/{FILE_NAME}")

    assert other.list_projects() == [project]
    other.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host/name", "not a url", ""])
def test_open_refuses_what_it_cannot_keep(url: str) -> None:
    with pytest.raises(Invalid, match="control store"):
        ControlStore.open(url)


def test_open_says_when_there_is_no_directory(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"control\.sqlite cannot be opened: .*No such file"):
        ControlStore.open(control_url(tmp_path / "missing"))


def test_make_data_dir_is_private_and_may_be_repeated(tmp_path: Path) -> None:
    data_dir = tmp_path / "some" / "where"

    make_data_dir(data_dir)
    make_data_dir(data_dir)

    assert S_IMODE(data_dir.stat().st_mode) == 0o700


def test_make_data_dir_over_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()

    with pytest.raises(Unavailable, match="cannot be made: File exists"):
        make_data_dir(tmp_path / "taken")


def test_a_lock_that_another_process_keeps_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "LOCK_WAIT_S", 0.05)
    store = ControlStore.open(control_url(tmp_path))
    store.migrate()
    project = store.create_project("demo")
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(Unavailable, match="database is locked"):
            store.create_project("other")

        assert store.list_projects() == [project]
    store.create_project("other")
    store.close()


def test_an_error_of_the_block_rolls_back(tmp_path: Path, control: ControlStore) -> None:
    transactions = Transactions(open_engine(control_url(tmp_path)))

    def fail() -> None:
        with transactions.writing() as connection:
            connection.exec_driver_sql("DELETE FROM projects")
            raise KeyError

    project = control.create_project("demo")
    with pytest.raises(KeyError):
        fail()

    assert control.list_projects() == [project]
    transactions.close()


def test_opening_again_keeps_the_locks_of_this_process(tmp_path: Path, control: ControlStore) -> None:
    # A process that closes any descriptor of a file loses all its POSIX locks on it. Another process would then take
    # itself for the only one, and delete the log that this one still writes to.
    control.create_project("demo")
    ControlStore.open(control_url(tmp_path)).close()

    program = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM projects'); c.close()"
    subprocess.run([sys.executable, "-c", program, str(tmp_path / FILE_NAME)], check=True, timeout=60)

    assert (tmp_path / f"{FILE_NAME}-wal").exists()
