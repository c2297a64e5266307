"""DSPy by the callback handler of SDK 0.4: events of the SDK's own, no spans."""

from tests.frameworks.expectation import Expectation, Session


def check(session: Session) -> None:
    (agent,) = [action for action in session.steps["tools"].actions if action["name"] == "ReAct"]
    assert (agent["kind"], agent["params"]["question"]) == ("agent", "Where is order 1042?")
    (predict, *_) = [action for action in session.steps["tools"].actions if action["name"] == "Predict"]
    assert predict["parent_id"] == agent["id"]


EXPECTATION = Expectation(
    "DSPy (callback handler)",
    "dspy",
    {"tools": 3, "asynchronous": 3, "tool_error": 3, "error": 1},
    runs_tools=True,
    lacks={
        "stopping": "a handler that the program has given to DSPy is the program's",
        "finish reason": "DSPy tells its handlers the text only",
        "tool definitions": "tools are described in the prompt",
    },
    check=check,
    environment="dspy",
)
