"""LangChain, whose model is OpenAI's: captured twice, counted once."""

from tests.frameworks.expectation import AGENT_CALLS, Expectation

EXPECTATION = Expectation(
    "LangChain",
    "langchain",
    AGENT_CALLS | {"tool_error": 1, "retried": 1},
    agents=("clerk", "canceller"),
)
