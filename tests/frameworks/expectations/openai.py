"""OpenAI."""

from tests.frameworks.expectation import Expectation

EXPECTATION = Expectation("OpenAI", "openai", {"plain": 1, "stream": 1, "asynchronous": 1, "tools": 1, "error": 1})
