"""OpenAI."""

from tests.contract.otlp.scripted.script import EMBEDDED_TOKENS, INPUT_TOKENS
from tests.frameworks.expectation import Expectation, Session

_ONCE = (
    "responses_parsed",
    "plain",
    "stream",
    "asynchronous",
    "asynchronous_stream",
    "tools",
    "streamed_tools",
    "stream_manager",
    "parsed",
    "raw",
    "retried",
    "responses",
    "responses_stream",
    "responses_tools",
)
_UNCOUNTED = ("error", "responses_error", "abandoned")


def check(session: Session) -> None:
    session.assert_tokens(*_ONCE, "asynchronous_responses")
    (embedding,) = session.steps["embedding"].actions
    assert embedding["kind"] == "embedding"
    # The server may have estimated by now what the abandoned stream has cost.
    estimated = sum(call["prompt_tokens"] for call in session.export["llms"] if call["usage_estimated"])
    assert session.export["stats"]["prompt_tokens"] == INPUT_TOKENS * (len(_ONCE) + 2) + EMBEDDED_TOKENS + estimated
    for step in ("responses_error", "error"):
        assert [error["error_type"] for error in session.steps[step].errors] == ["openai.BadRequestError"]
    for step in ("streamed_tools", "responses_tools"):
        (call,) = session.steps[step].llms
        assert "look_up_order" in str(call["completion"])
    (abandoned,) = session.steps["abandoned"].llms
    assert "Order" in str(abandoned["completion"])


EXPECTATION = Expectation(
    "OpenAI",
    "openai",
    dict.fromkeys(_ONCE, 1) | dict.fromkeys(_UNCOUNTED, 1) | {"asynchronous_responses": 2, "embedding": 0},
    remarks=(
        "a stream that the program leaves early has no token counts: the API sends them last",
        "streamed chat completions have token counts if the program asks the API for them (include_usage)",
    ),
    check=check,
)
