"""Fixtures for the server's parts. Whole servers come from tests/conftest.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from agentops_server.ingest.writer import Writer
from agentops_server.storage.warehouse import migrations
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse

# No deadline: a busy machine is no failure.
settings.register_profile("server", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("server")


def pytest_configure(config: pytest.Config) -> None:
    """The mark must be known where xdist is not loaded too."""
    config.addinivalue_line("markers", "xdist_group(name): tests that share a server, and so a worker")


@pytest.fixture
def empty_warehouse(tmp_path: Path) -> Iterator[EmbeddedWarehouse]:
    """The real engine without tables. Only one may be open in a process; from the first on, forks of it end at once."""
    warehouse = EmbeddedWarehouse(tmp_path / "warehouse")
    yield warehouse
    warehouse.close()


@pytest.fixture
def warehouse(empty_warehouse: EmbeddedWarehouse) -> EmbeddedWarehouse:
    """The real engine with all tables."""
    migrations.migrate(empty_warehouse)
    return empty_warehouse


@pytest.fixture
def writer(warehouse: EmbeddedWarehouse, tmp_path: Path) -> Iterator[Writer]:
    writer = Writer(warehouse, tmp_path / "journal")
    yield writer
    writer.close()
