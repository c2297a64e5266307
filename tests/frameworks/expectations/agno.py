"""Agno."""

from tests.frameworks.expectation import AGENT_CALLS, Expectation

EXPECTATION = Expectation(
    "Agno",
    "agno",
    AGENT_CALLS,
    agents=("clerk", "canceller", "stranger"),
)
