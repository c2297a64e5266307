from collections.abc import Iterator
from pathlib import Path

import pytest

from agentops_server.storage.warehouse.migrations import migrate
from agentops_server.storage.warehouse.port import Warehouse

from .drivers import DRIVERS, Driver


@pytest.fixture(params=DRIVERS)
def driver(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Driver]:
    driver = DRIVERS[request.param](tmp_path)
    yield driver
    driver.close()


@pytest.fixture
def empty(driver: Driver) -> Warehouse:
    """A warehouse without tables."""
    return driver.open()


@pytest.fixture
def things(empty: Warehouse) -> Warehouse:
    """A warehouse with one empty table."""
    empty.execute("CREATE TABLE things (n UInt32, text String) ENGINE = MergeTree ORDER BY n")
    return empty


@pytest.fixture
def warehouse(empty: Warehouse) -> Warehouse:
    """A warehouse with all tables."""
    migrate(empty)
    return empty
