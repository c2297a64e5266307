"""Groq."""

from tests.frameworks.expectation import Expectation, Session

_ONCE = ("plain", "stream", "asynchronous", "asynchronous_stream", "tools", "retried")


def check(session: Session) -> None:
    session.assert_tokens(*_ONCE)


EXPECTATION = Expectation(
    "Groq",
    "groq",
    dict.fromkeys((*_ONCE, "error"), 1),
    check=check,
)
