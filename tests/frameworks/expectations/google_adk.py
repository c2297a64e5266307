"""Google ADK, its model behind LiteLLM."""

from tests.frameworks.expectation import Expectation

EXPECTATION = Expectation(
    "Google ADK",
    "google-adk",
    {
        "plain": 1,
        "stream": 1,
        "tools": 2,
        "streamed_tools": 2,
        "tool_error": 1,
        "error": 1,
        "asynchronous": 1,
        "asynchronous_stream": 1,
    },
    agents=("clerk", "canceller", "stranger"),
)
