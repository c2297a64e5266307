"""DSPy, whose modules ask for fields in a text: a tool is called by two of them, and a third gives the answer."""

from tests.frameworks.expectation import Expectation

EXPECTATION = Expectation(
    "DSPy",
    "dspy",
    {"tools": 3, "asynchronous": 3, "tool_error": 3, "error": 1, "stream": 1, "asynchronous_stream": 1},
    agents=("dspy.ReAct",),
)
