"""Semantic Kernel, which traces itself."""

from tests.frameworks.expectation import AGENT_CALLS, Expectation

EXPECTATION = Expectation(
    "Semantic Kernel",
    "semantic-kernel",
    AGENT_CALLS,
    agents=("clerk", "canceller", "stranger"),
)
