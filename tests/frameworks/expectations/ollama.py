"""Ollama, whose models cost nothing that anybody knows of."""

from tests.frameworks.expectation import Expectation

_ONCE = ("function", "plain", "stream", "asynchronous", "asynchronous_stream", "tools", "error")

EXPECTATION = Expectation(
    "Ollama",
    "ollama",
    dict.fromkeys(_ONCE, 1) | {"generated": 0, "embedding": 0},
    is_priced=False,
    remarks=("chat() is captured; generate() and embed() are not",),
)
