"""Anthropic, which traces itself, too: each call is there once all the same."""

from tests.frameworks.expectation import Expectation, Session

_ONCE = (
    "plain",
    "stream",
    "text_stream",
    "asynchronous_text_stream",
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
    for step in ("text_stream", "asynchronous_text_stream", "asynchronous_stream"):
        assert session.steps[step].llms[0]["time_to_first_chunk"], step
    (call,) = session.steps["streamed_tools"].llms
    assert "1042" in str(call["completion"])


EXPECTATION = Expectation(
    "Anthropic",
    "anthropic",
    dict.fromkeys((*_ONCE, "error"), 1),
    check=check,
)
