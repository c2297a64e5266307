"""Amazon Bedrock."""

from tests.frameworks.expectation import Expectation, Session

_ONCE = ("plain", "stream", "tools", "invoked", "invoked_stream", "retried")


def check(session: Session) -> None:
    session.assert_tokens(*_ONCE)
    for step in ("plain", "stream", "invoked", "invoked_stream"):
        (call,) = session.steps[step].llms
        assert call["usage"] == {"cache_read": 40, "cache_write": 10}, step


EXPECTATION = Expectation("Bedrock", "boto3", dict.fromkeys((*_ONCE, "error"), 1), check=check)
