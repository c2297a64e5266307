"""LiteLLM: counted once, also where the client that it uses is captured itself."""

from tests.frameworks.expectation import Expectation, Session

_ONCE = ("plain", "stream", "asynchronous", "asynchronous_stream", "tools", "anthropic", "own_client", "own_stream")


def check(session: Session) -> None:
    session.assert_tokens(*_ONCE)
    (embedding,) = session.steps["embedding"].actions
    assert embedding["kind"] == "embedding"


EXPECTATION = Expectation(
    "LiteLLM",
    "litellm",
    dict.fromkeys((*_ONCE, "error"), 1) | {"embedding": 0},
    lacks={"first token": "the instrumentor does not tell it"},
    remarks=(
        "a function that was imported by its name before init(), `from litellm import completion`, is not captured",
    ),
    check=check,
)
