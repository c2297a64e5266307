"""LiteLLM: counted once, also where the client that it uses is captured itself."""

from tests.frameworks.expectation import Expectation, Session

_ONCE = (
    "retried",
    "plain",
    "stream",
    "asynchronous",
    "asynchronous_stream",
    "tools",
    "anthropic",
    "own_client",
    "own_stream",
)


def check(session: Session) -> None:
    session.assert_tokens(*_ONCE)
    for step in ("asynchronous_stream", "own_stream"):
        assert session.steps[step].llms[0]["time_to_first_chunk"], step
    (embedding,) = session.steps["embedding"].actions
    assert embedding["kind"] == "embedding"


EXPECTATION = Expectation(
    "LiteLLM",
    "litellm",
    dict.fromkeys((*_ONCE, "error"), 1) | {"embedding": 0},
    remarks=(
        "a function that was imported by its name before init(), `from litellm import completion`, is not captured",
    ),
    check=check,
)
