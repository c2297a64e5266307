"""LlamaIndex."""

from tests.frameworks.expectation import Expectation

EXPECTATION = Expectation(
    "LlamaIndex",
    "llama-index-core",
    {
        "plain": 1,
        "stream": 1,
        "asynchronous": 1,
        "tools": 2,
        "streamed_tools": 2,
        "tool_error": 2,
        "error": 1,
        "asynchronous_stream": 1,
    },
    agents=("clerk", "canceller", "stranger"),
)
