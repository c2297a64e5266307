"""Mistral."""

from tests.frameworks.expectation import Expectation

_ONCE = ("retried", "plain", "stream", "asynchronous", "asynchronous_stream", "tools", "error")

EXPECTATION = Expectation(
    "Mistral",
    "mistralai",
    dict.fromkeys(_ONCE, 1),
    remarks=("only the client since mistralai 2 (`mistralai.client`) is known to the instrumentor",),
)
