"""What is peculiar to PostgreSQL: restarts, sign-in, several servers."""

import logging
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import URL

from agentops_server.errors import Invalid, Unavailable
from agentops_server.storage.control import postgres as driver
from agentops_server.storage.control.engine import Transactions, open_engine
from agentops_server.storage.control.store import ControlStore
from tests.postgres import PASSWORD, Postgres


@pytest.fixture
def place(postgres: Postgres) -> URL:
    return postgres.make_database()


def test_a_restart_of_the_database_is_not_noticed(postgres: Postgres, control: ControlStore) -> None:
    project = control.create_project("demo")
    with ThreadPoolExecutor(driver.CONNECTIONS) as pool:
        list(pool.map(lambda _: control.list_projects(), range(50)))
    postgres.stop()
    postgres.start()

    assert control.list_projects() == [project]
    key = control.add_key(project.id, str(uuid.uuid4()))
    assert control.list_keys() == [key]


def test_connections_that_are_broken_are_replaced(postgres: Postgres, control: ControlStore) -> None:
    for _ in range(3):
        project = control.ensure_project("demo")
        postgres.break_connections()
        assert control.list_projects() == [project]


def test_a_database_that_is_away_is_unavailable_until_it_is_back(postgres: Postgres, control: ControlStore) -> None:
    postgres.stop()
    try:
        with pytest.raises(Unavailable, match="did not answer: .*No such file or directory") as refused:
            control.list_projects()
    finally:
        postgres.start()
    assert "\n" not in refused.value.message
    assert control.list_projects() == []


def test_a_wrong_password_is_said_in_one_line_without_it(
    postgres: Postgres, place: URL, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    store = ControlStore.open(postgres.url(str(place.database), "s3cret"))
    with pytest.raises(Unavailable, match="password authentication failed") as refused:
        store.migrate()
    store.close()
    assert "\n" not in refused.value.message
    assert "s3cret" not in refused.value.message + caplog.text


def test_a_password_is_not_logged(place: URL, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    store = ControlStore.open(place)
    store.migrate()
    store.close()
    assert PASSWORD not in caplog.text
    assert place.render_as_string(hide_password=False) not in caplog.text


@pytest.mark.parametrize("url", ["postgresql://host", "postgresql://user:s3cret@host/"])
def test_a_url_without_a_database_is_refused(url: str) -> None:
    with pytest.raises(Invalid, match="names no database") as refused:
        open_engine(url)
    assert "s3cret" not in refused.value.message


def test_a_database_that_is_not_there_is_said(postgres: Postgres) -> None:
    store = ControlStore.open(postgres.url("nowhere"))
    with pytest.raises(Unavailable, match='database "nowhere" does not exist'):
        store.migrate()
    store.close()


def test_without_its_driver_the_remedy_is_named(place: URL) -> None:
    program = (
        "import sys\n"
        "sys.modules['psycopg'] = None\n"
        "from agentops_server.errors import Unavailable\n"
        "from agentops_server.storage.control.store import ControlStore\n"
        "try:\n"
        "    ControlStore.open('postgresql://user@host/name')\n"
        "except Unavailable as error:\n"
        "    print(error.message)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert "pip install 'agentops-server[postgres]'" in run.stdout


def test_a_statement_that_waits_too_long_for_a_lock_is_unavailable(
    place: URL, control: ControlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "STATEMENT_TIMEOUT_MS", 50)
    hurried, other = ControlStore.open(place), Transactions(open_engine(place))
    with other.writing() as connection:
        connection.exec_driver_sql("LOCK TABLE projects IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(Unavailable, match="statement timeout"):
            hurried.list_projects()
    assert hurried.list_projects() == []
    hurried.close()
    other.close()


def test_who_migrates_waits_for_another_who_does(place: URL) -> None:
    store, other = ControlStore.open(place), Transactions(open_engine(place))
    with ThreadPoolExecutor(1) as pool:
        with other.migrating() as connection:
            waiting = pool.submit(store.migrate)
            blocked = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            while not connection.exec_driver_sql(blocked).scalar():
                assert not waiting.done()
        assert waiting.result(60)
    assert store.list_projects() == []
    store.close()
    other.close()
