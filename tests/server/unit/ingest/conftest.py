from collections.abc import Iterator
from pathlib import Path

import pytest

from agentops_server.ingest.writer import Writer
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse

from .wrapping import WrappedWarehouse


@pytest.fixture
def wrapped(warehouse: EmbeddedWarehouse) -> WrappedWarehouse:
    return WrappedWarehouse(warehouse)


@pytest.fixture
def writer(wrapped: WrappedWarehouse, tmp_path: Path) -> Iterator[Writer]:
    writer = Writer(wrapped, tmp_path / "journal")
    yield writer
    wrapped.gate.set()
    writer.close()
