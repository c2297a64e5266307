"""Pydantic AI, which traces itself: of a call and the provider's inside it the provider's counts."""

from tests.frameworks.expectation import AGENT_CALLS, Expectation

EXPECTATION = Expectation(
    "Pydantic AI",
    "pydantic-ai-slim",
    AGENT_CALLS | {"tool_error": 1},
    agents=("clerk", "canceller", "stranger"),
)
