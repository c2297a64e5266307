"""OpenAI's assistants."""

from tests.frameworks.expectation import Expectation, Session

_STEPS = (
    "plain",
    "stream",
    "raw_stream",
    "asynchronous",
    "asynchronous_stream",
    "tools",
    "streamed_tools",
    "retried",
    "error",
    "failed_error",
    "unread",
)
_WITHOUT_TOKENS = ("error", "failed_error")


def check(session: Session) -> None:
    session.assert_tokens(*(step for step in _STEPS if step not in _WITHOUT_TOKENS))
    for step in ("raw_stream", "asynchronous", "retried", "streamed_tools"):
        (call,) = session.steps[step].llms
        assert "Where is order 1042?" in str(call["prompt"]), step
        assert "Order 1042 is on its way." in str(call["completion"]), step
    for step in ("tools", "streamed_tools"):
        (call,) = session.steps[step].llms
        assert [message["role"] for message in call["completion"]] == ["assistant", "tool", "assistant"], step
    (failed,) = session.steps["failed_error"].errors
    assert (failed["error_type"], failed["details"]) == ("server_error", "The model is not for you.")
    (unread,) = session.steps["unread"].llms
    assert unread["completion"] is None, "nobody has asked for it"


EXPECTATION = Expectation(
    "OpenAI assistants",
    "openai",
    dict.fromkeys(_STEPS, 1),
    retries=2,  # the run is made and polled, and each is refused at first
    remarks=(
        "a run is one call; what it has answered is known once the program has streamed or listed it",
        "OpenAI itself has ended the service; the client still has it",
    ),
    check=check,
    environment="openai",
)
