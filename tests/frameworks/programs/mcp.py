"""MCP: a client that calls tools of a server in a process of its own; with the argument `server`, that server."""

import os
import sys
from contextlib import suppress
from typing import Any

from tests.frameworks.programs.asking import ARGUMENT, TOOL, import_before_init, look_up, run

if sys.argv[1] == "server":
    from mcp.server import MCPServer

    server = MCPServer("orders")

    @server.tool()
    def look_up_order(order_id: str) -> str:
        """Where an order is."""
        return look_up(order_id)

    @server.tool()
    def cancel_order(order_id: str) -> str:
        """End an order."""
        raise ValueError(f"order {order_id} cannot be cancelled")

    server.run("stdio")
    sys.exit()

import_before_init("mcp")


def connect() -> Any:
    import mcp

    command = ["-m", "tests.frameworks.programs.mcp", "server"]
    return mcp.Client(mcp.StdioServerParameters(command=sys.executable, args=command, env=dict(os.environ)))


async def tools() -> None:
    async with connect() as client:
        await client.list_tools()
        await client.call_tool(TOOL, {"order_id": ARGUMENT})


async def error() -> None:
    async with connect() as client:
        with suppress(Exception):
            await client.call_tool("cancel_order", {"order_id": ARGUMENT})


run(tools, error)
