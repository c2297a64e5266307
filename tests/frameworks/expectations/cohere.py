"""Cohere."""

from tests.frameworks.expectation import Expectation, Session

_ONCE = ("retried", "plain", "stream", "asynchronous", "asynchronous_stream", "tools")


def check(session: Session) -> None:
    session.assert_tokens(*_ONCE)
    kinds = [action["kind"] for step in ("embedding", "reranking") for action in session.steps[step].actions]
    assert kinds == ["embedding", "reranker"]


EXPECTATION = Expectation(
    "Cohere",
    "cohere",
    dict.fromkeys((*_ONCE, "error"), 1) | {"embedding": 0, "reranking": 0},
    remarks=("the second interface (ClientV2) is captured, not the first",),
    check=check,
)
