"""IBM's watsonx.ai."""

from tests.frameworks.expectation import Expectation, Session

_ONCE = ("plain", "stream", "asynchronous", "asynchronous_stream", "tools", "generated", "generated_stream")


def check(session: Session) -> None:
    for step in _ONCE:
        (call,) = session.steps[step].llms
        assert (call["prompt_tokens"], call["completion_tokens"]) == (120, 30), step
    assert "1042" in str(session.steps["generated_stream"].llms[0]["completion"])


EXPECTATION = Expectation(
    "watsonx", "ibm-watsonx-ai", dict.fromkeys((*_ONCE, "error"), 1), is_priced=False, check=check
)
