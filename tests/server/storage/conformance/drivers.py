"""The warehouse's drivers, each with what it needs to run in a test."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from agentops_server.storage.warehouse.address import decode_address
from agentops_server.storage.warehouse.clickhouse import ClickHouseWarehouse
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
from agentops_server.storage.warehouse.port import Warehouse
from tests.server.storage.warehouse.front import Front


class Driver(Protocol):
    """One driver on data of its own."""

    def open(self, **timeouts_s: float) -> Warehouse:
        """A warehouse on the data; it is closed at the end."""

    def close(self) -> None:
        """Close everything."""


class EmbeddedDriver:
    """chDB in this process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: list[Warehouse] = []

    def open(self, **timeouts_s: float) -> Warehouse:
        for warehouse in self._opened:
            warehouse.close()
        self._opened = [EmbeddedWarehouse(self._folder, **timeouts_s)]
        return self._opened[0]

    def close(self) -> None:
        for warehouse in self._opened:
            warehouse.close()


class ClickHouseDriver:
    """clickhouse-connect against the HTTP front of the same engine."""

    def __init__(self, folder: Path) -> None:
        self._front = Front(folder)
        self._opened: list[Warehouse] = []

    def open(self, **timeouts_s: float) -> Warehouse:
        warehouse = ClickHouseWarehouse(decode_address(self._front.url), **timeouts_s)
        self._opened.append(warehouse)
        return warehouse

    def close(self) -> None:
        for warehouse in self._opened:
            warehouse.close()
        self._front.close()


DRIVERS: dict[str, Callable[[Path], Driver]] = {"embedded": EmbeddedDriver, "clickhouse": ClickHouseDriver}
