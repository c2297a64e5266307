from collections.abc import Iterator
from pathlib import Path

import pytest

from agentops_server.storage.warehouse.port import Warehouse

from .keeping import House, opened
from .rooms import CostRooms


@pytest.fixture
def rooms(warehouse: Warehouse, tmp_path: Path) -> Iterator[CostRooms]:
    rooms = CostRooms(warehouse, tmp_path / "rooms")
    yield rooms
    rooms.close()


@pytest.fixture
def house(warehouse: Warehouse, tmp_path: Path) -> Iterator[House]:
    with opened(warehouse, tmp_path) as house:
        yield house
