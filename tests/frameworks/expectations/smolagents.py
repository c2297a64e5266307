"""smolagents, whose agents answer by a tool."""

from tests.frameworks.expectation import Expectation

EXPECTATION = Expectation(
    "smolagents",
    "smolagents",
    {"tools": 2, "stream": 2, "tool_error": 2, "error": 1},
    agents=("clerk", "canceller", "stranger"),
)
