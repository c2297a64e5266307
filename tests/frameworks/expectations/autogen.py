"""AutoGen, which traces itself."""

from tests.frameworks.expectation import AGENT_CALLS, Expectation

EXPECTATION = Expectation(
    "AutoGen",
    "autogen-agentchat",
    AGENT_CALLS | {"team": 1},
    agents=("clerk", "canceller", "stranger"),
)
