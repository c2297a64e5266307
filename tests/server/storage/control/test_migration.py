import signal
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, inspect, make_url, text

from agentops_server.errors import Unavailable
from agentops_server.storage.control import migration
from agentops_server.storage.control.engine import open_engine
from agentops_server.storage.control.location import FILE_NAME, control_url
from agentops_server.storage.control.schema import metadata
from agentops_server.storage.control.store import ControlStore
from tests.postgres import Postgres

from .racing import race_processes

EVERY_TABLE = {
    "projects",
    "api_keys",
    "secrets",
    "login_codes",
    "price_overrides",
    "repricings",
    "retention",
    "tombstones",
}


def describe(engine: Engine) -> dict[str, object]:
    inspector = inspect(engine)
    return {
        table: {
            "columns": [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in inspector.get_columns(table)],
            "primary key": inspector.get_pk_constraint(table),
            "unique": sorted(map(str, inspector.get_unique_constraints(table))),
            "foreign keys": sorted(map(str, inspector.get_foreign_keys(table))),
            "checks": sorted(map(str, inspector.get_check_constraints(table))),
            "indexes": sorted(map(str, inspector.get_indexes(table))),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


@pytest.fixture
def other_place(place: str | URL, tmp_path: Path, request: pytest.FixtureRequest) -> str | URL:
    """One more on the same kind of database."""
    if make_url(place).get_backend_name() == "sqlite":
        return f"sqlite:///{tmp_path}/other.sqlite"
    server: Postgres = request.getfixturevalue("postgres")
    return server.make_database()


def as_text(place: str | URL) -> str:
    return make_url(place).render_as_string(hide_password=False)


def test_replayed_migrations_make_the_tables_of_the_schema(
    place: str | URL, control: ControlStore, other_place: str | URL
) -> None:
    replayed, made = open_engine(place), open_engine(other_place)
    metadata.create_all(made)
    try:
        assert describe(replayed) == describe(made)
        assert set(describe(replayed)) == EVERY_TABLE
        with replayed.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    finally:
        replayed.dispose()
        made.dispose()


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "agentops_server.storage.control:migrations")

    assert ScriptDirectory.from_config(config).get_heads() == [migration.HEAD]


def test_migrate_twice_changes_nothing(control: ControlStore) -> None:
    project = control.create_project("demo")

    control.migrate()

    assert control.list_projects() == [project]


def test_migrate_at_head_does_not_import_alembic(place: str | URL, control: ControlStore) -> None:
    program = (
        "import sys\n"
        "from agentops_server.storage.control.store import ControlStore\n"
        "store = ControlStore.open(sys.argv[1])\n"
        "assert store.migrate() == []\n"
        "store.close()\n"
        "assert 'sqlalchemy' in sys.modules\n"
        "assert 'alembic' not in sys.modules\n"
    )

    subprocess.run([sys.executable, "-c", program, as_text(place)], check=True, timeout=60)


def test_what_is_missing_can_be_asked_without_changing_anything(place: str | URL) -> None:
    store = ControlStore.open(place)
    missing = store.find_missing_migrations()
    assert missing[0] == "0001"
    assert missing[-1] == migration.HEAD
    assert missing == store.find_missing_migrations() == store.migrate()
    assert store.find_missing_migrations() == store.migrate() == []
    store.close()


def test_migrate_refuses_tables_of_a_newer_server(place: str | URL, control: ControlStore) -> None:
    engine = open_engine(place)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(Unavailable, match="version 9999, made by a newer agentops-server"):
        control.migrate()


def test_migrate_says_so_when_the_file_is_no_database(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"this is not a database" * 1000)

    with pytest.raises(Unavailable, match="not a database"):
        ControlStore.open(control_url(tmp_path)).migrate()


def migrate_and_make(store: ControlStore) -> str:
    store.migrate()
    return str(store.ensure_project("demo").id)


def test_migrate_in_several_processes_at_once(place: str | URL) -> None:
    ids = race_processes(4, place, migrate_and_make)

    store = ControlStore.open(place)
    assert [str(project.id) for project in store.list_projects()] == [ids[0]]
    assert set(ids) == {ids[0]}
    store.close()


@pytest.mark.parametrize("last_words", ["CREATE TABLE projects", "CREATE INDEX", "CREATE TABLE login_codes", "INSERT"])
def test_migrate_after_one_was_killed_half_way(place: str | URL, last_words: str) -> None:
    program = (
        "import os, signal, sys\n"
        "from sqlalchemy import Engine, event\n"
        "from agentops_server.storage.control.store import ControlStore\n"
        "@event.listens_for(Engine, 'after_cursor_execute')\n"
        "def die(connection, cursor, statement, *rest):\n"
        "    if statement.strip().startswith(sys.argv[2]):\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "ControlStore.open(sys.argv[1]).migrate()\n"
    )
    killed = subprocess.run([sys.executable, "-c", program, as_text(place), last_words], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL

    store = ControlStore.open(place)
    engine = open_engine(place)
    assert describe(engine) == {}
    store.migrate()

    assert set(describe(engine)) == EVERY_TABLE
    assert store.list_projects() == []
    engine.dispose()
    store.close()
