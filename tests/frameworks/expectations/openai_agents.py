"""The OpenAI Agents SDK."""

from tests.frameworks.expectation import AGENT_CALLS, Expectation

EXPECTATION = Expectation(
    "OpenAI Agents SDK",
    "openai-agents",
    AGENT_CALLS | {"tool_error": 1},
    agents=("clerk", "canceller", "stranger"),
)
