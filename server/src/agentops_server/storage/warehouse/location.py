"""The warehouse that a setting names."""

from pathlib import Path

from agentops_server.errors import Unavailable
from agentops_server.storage.warehouse.address import decode_address
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
from agentops_server.storage.warehouse.port import Warehouse


def open_warehouse(url: str | None, folder: Path, *, query_timeout_s: float) -> Warehouse:
    """The warehouse on a ClickHouse server, or without a URL the embedded one.

    Args:
        url: Like ``clickhouse://user:password@host:8123/database?cluster=main``.
        folder: Of the embedded one.
        query_timeout_s: Seconds after which a query is ended.

    Raises:
        Invalid: The URL is none of a ClickHouse server.
        Unavailable: It cannot be opened.
    """
    if url is None:
        return EmbeddedWarehouse(folder, query_timeout_s=query_timeout_s)
    address = decode_address(url)
    try:
        from agentops_server.storage.warehouse.clickhouse import ClickHouseWarehouse  # noqa: PLC0415 - an extra
    except ImportError:
        raise Unavailable(
            "the client of ClickHouse servers is not installed: pip install 'agentops-server[cluster]'"
        ) from None
    return ClickHouseWarehouse(address, query_timeout_s=query_timeout_s)
