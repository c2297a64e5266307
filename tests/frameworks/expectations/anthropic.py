"""Anthropic, which traces itself, too: each call is there once all the same."""

from tests.frameworks.expectation import Expectation, Session

_ONCE = (
    "plain",
    "stream",
    "text_stream",
    "asynchronous",
    "asynchronous_stream",
    "tools",
    "streamed_tools",
    "raw",
    "beta",
    "retried",
)


def check(session: Session) -> None:
    session.assert_tokens(*_ONCE)
    (call,) = session.steps["plain"].llms
    assert call["usage"] == {"cache_read": 40, "cache_write": 10}
    (call,) = session.steps["streamed_tools"].llms
    assert "1042" in str(call["completion"])


EXPECTATION = Expectation(
    "Anthropic",
    "anthropic",
    dict.fromkeys((*_ONCE, "error"), 1),
    remarks=("a stream that is read by text_stream only has no time to the first token",),
    check=check,
)
