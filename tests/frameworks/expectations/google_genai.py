"""Google GenAI."""

from tests.frameworks.expectation import Expectation, Session

_ONCE = ("retried", "plain", "stream", "asynchronous", "asynchronous_stream", "tools", "chat")


def check(session: Session) -> None:
    session.assert_tokens(*_ONCE)
    (embedding,) = session.steps["embedding"].actions
    assert embedding["kind"] == "embedding"


EXPECTATION = Expectation(
    "Google GenAI",
    "google-genai",
    dict.fromkeys((*_ONCE, "error"), 1) | {"embedding": 0},
    check=check,
)
