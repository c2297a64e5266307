"""The OpenAI Agents SDK."""

from tests.frameworks.expectation import Expectation

EXPECTATION = Expectation(
    "OpenAI Agents SDK",
    "openai-agents",
    {"tools": 2, "stream": 2, "asynchronous": 2, "tool_error": 1, "error": 1},
    agents=("clerk",),
)
