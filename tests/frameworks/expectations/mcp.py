"""MCP, which calls no models: the tools of its servers."""

from tests.frameworks.expectation import Expectation

EXPECTATION = Expectation(
    "MCP",
    "mcp",
    {"tools": 0, "error": 0},
    has_model=False,
    runs_tools=True,
    error_says="Error executing tool cancel_order",
    remarks=(
        "tools are captured where they are called, in the client; inside a framework's tool call they are part of it",
    ),
)
