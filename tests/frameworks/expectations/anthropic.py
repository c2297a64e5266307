"""Anthropic, which traces itself, too: each call is there once all the same."""

from tests.frameworks.expectation import Expectation

EXPECTATION = Expectation(
    "Anthropic", "anthropic", {"plain": 1, "stream": 1, "asynchronous": 1, "tools": 1, "error": 1}
)
