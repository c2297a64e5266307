from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from agentops_server.storage.control.location import control_url
from agentops_server.storage.control.store import ControlStore
from tests.postgres import Postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server that the tests of one process share; they may restart it, but not leave it stopped."""
    server = Postgres()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str | URL:
    """The URL of a control store that is not there yet, on every database in turn."""
    if request.param == "sqlite":
        return control_url(tmp_path)
    server: Postgres = request.getfixturevalue("postgres")
    return server.make_database()


@pytest.fixture
def control(place: str | URL) -> Iterator[ControlStore]:
    store = ControlStore.open(place)
    store.migrate()
    yield store
    store.close()
