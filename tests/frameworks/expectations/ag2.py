"""AG2, which traces itself."""

from tests.frameworks.expectation import AGENT_CALLS, Expectation

EXPECTATION = Expectation(
    "AG2",
    "ag2",
    AGENT_CALLS,
    agents=("clerk", "canceller", "stranger"),
)
