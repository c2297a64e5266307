"""CrewAI."""

from tests.frameworks.expectation import AGENT_CALLS, Expectation

EXPECTATION = Expectation(
    "CrewAI",
    "crewai",
    AGENT_CALLS,
    agents=("clerk", "canceller", "stranger"),
)
