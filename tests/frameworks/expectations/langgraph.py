"""LangGraph, a graph without agents: it is a workflow, which runs tools."""

from tests.frameworks.expectation import AGENT_CALLS, Expectation

EXPECTATION = Expectation(
    "LangGraph",
    "langgraph",
    AGENT_CALLS | {"tool_error": 1},
    runs_tools=True,
    libraries=("LangChain", "OpenAI"),
)
