"""LangGraph, a graph without agents: it is a workflow, which runs tools."""

from tests.frameworks.expectation import Expectation

EXPECTATION = Expectation(
    "LangGraph",
    "langgraph",
    {
        "plain": 1,
        "stream": 1,
        "asynchronous": 1,
        "tools": 2,
        "streamed_tools": 2,
        "tool_error": 1,
        "error": 1,
        "asynchronous_stream": 1,
    },
    runs_tools=True,
    libraries=("LangChain", "OpenAI"),
)
