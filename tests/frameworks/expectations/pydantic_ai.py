"""Pydantic AI, which traces itself: of a call and the provider's inside it the provider's counts."""

from tests.frameworks.expectation import Expectation

EXPECTATION = Expectation(
    "Pydantic AI",
    "pydantic-ai-slim",
    {
        "plain": 1,
        "stream": 1,
        "asynchronous": 1,
        "tools": 2,
        "streamed_tools": 2,
        "tool_error": 1,
        "error": 1,
        "asynchronous_stream": 1,
    },
    agents=("clerk", "canceller", "stranger"),
)
