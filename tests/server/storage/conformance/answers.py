"""What a warehouse answered, as Python values."""

import json
from collections.abc import Generator
from typing import Any, cast

from agentops_server.storage.warehouse.port import Warehouse


def numbers(lines: bytes) -> list[int]:
    """The column ``n`` of an answer."""
    return [json.loads(line)["n"] for line in lines.splitlines()]


def answer(warehouse: Warehouse, sql: str, **parameters: Any) -> list[dict[str, Any]]:
    """The rows of a query's answer."""
    return [json.loads(line) for line in warehouse.query(sql, parameters).splitlines()]


def open_stream(warehouse: Warehouse, sql: str) -> Generator[bytes, None, None]:
    """A stream that the test may close."""
    return cast("Generator[bytes, None, None]", warehouse.stream(sql, {}))
