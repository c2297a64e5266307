"""LlamaIndex."""

from tests.frameworks.expectation import AGENT_CALLS, Expectation

EXPECTATION = Expectation(
    "LlamaIndex",
    "llama-index-core",
    AGENT_CALLS,
    agents=("clerk", "canceller", "stranger"),
)
