"""Haystack, which traces itself."""

from tests.frameworks.expectation import Expectation

EXPECTATION = Expectation(
    "Haystack",
    "haystack-ai",
    {
        "plain": 1,
        "stream": 1,
        "asynchronous": 1,
        "tools": 2,
        "streamed_tools": 2,
        "asynchronous_tools": 2,
        "asynchronous_stream": 1,
        "tool_error": 1,
        "error": 1,
    },
    agents=("clerk", "canceller", "stranger"),
)
