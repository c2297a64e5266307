"""Google ADK, its model behind LiteLLM."""

from tests.frameworks.expectation import AGENT_CALLS, Expectation

EXPECTATION = Expectation(
    "Google ADK",
    "google-adk",
    AGENT_CALLS | {"tool_error": 1},
    agents=("clerk", "canceller", "stranger"),
)
