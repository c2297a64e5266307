"""The warehouse that a setting names."""

from pathlib import Path

from agentops_server.errors import Unavailable
from agentops_server.storage.warehouse.address import decode_address
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
from agentops_server.storage.warehouse.ownership import claim
from agentops_server.storage.warehouse.port import Warehouse

FOLDER_NAME = "warehouse"


def open_warehouse(url: str | None, data_dir: Path, *, query_timeout_s: float, take_over: bool = False) -> Warehouse:
    """The warehouse on a ClickHouse server, or without a URL the embedded one, for this process to write to.

    Args:
        url: Like ``clickhouse://user:password@host:8123/database?cluster=main``.
        data_dir: Of this server; the embedded warehouse is in it.
        query_timeout_s: Seconds after which a query is ended.
        take_over: Make a server's warehouse that of this data directory, whoever's it was.

    Raises:
        Invalid: The URL is none of a ClickHouse server.
        Unavailable: It cannot be opened, or is that of another data directory.
    """
    warehouse = connect_warehouse(url, data_dir, query_timeout_s=query_timeout_s)
    if url:
        try:
            claim(warehouse, data_dir, take_over=take_over)
        except Exception:
            warehouse.close()
            raise
    return warehouse


def connect_warehouse(url: str | None, data_dir: Path, *, query_timeout_s: float) -> Warehouse:
    """The same only to look at: it may be another data directory's."""
    if not url:
        return EmbeddedWarehouse(data_dir / FOLDER_NAME, query_timeout_s=query_timeout_s)
    address = decode_address(url)
    try:
        from agentops_server.storage.warehouse.clickhouse import ClickHouseWarehouse  # noqa: PLC0415 - an extra
    except ImportError:
        raise Unavailable(
            "the client of ClickHouse servers is not installed: pip install 'agentops-server[cluster]'"
        ) from None
    return ClickHouseWarehouse(address, query_timeout_s=query_timeout_s)
