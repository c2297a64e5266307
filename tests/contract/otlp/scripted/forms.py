"""Answers in the form that a framework asks for: smolagents' last tool, DSPy's named fields."""

import json
import re
from typing import Any

from tests.contract.otlp.scripted.script import ANSWER, ARGUMENTS

_LAST_TOOL = "final_answer"
_FIELDS = re.compile(r"Your output fields are:\n(.*?)\nAll interactions", re.DOTALL)
_FIELD = re.compile(r"`(\w+)`")
_TOOL = re.compile(r"\(1\) (\w+), whose description")
_RESULTS = ("is on its way", "is gone")
"""What the tools of the agents say; frameworks hand it on in a message of their own."""


def find_call(body: Any) -> tuple[str, dict[str, Any]] | None:
    """The tool to call, with its arguments, where it is not the first one that the answer has to call."""
    names = [tool["function"]["name"] for tool in body.get("tools") or ()]
    if _LAST_TOOL in names and (len(names) == 1 or _has_result(body)):
        return _LAST_TOOL, {"answer": ANSWER}
    return None


def find_text(body: Any) -> str | None:
    """The text of an answer that consists of fields; None for one that does not."""
    system = str(body["messages"][0].get("content"))
    if (fields := _FIELDS.search(system)) is None:
        return None
    tool = _TOOL.search(system)
    done = tool is None or _has_result(body)
    values = {
        "next_tool_name": "finish" if done or tool is None else tool[1],
        "next_tool_args": json.dumps({} if done else ARGUMENTS),
    }
    names = _FIELD.findall(fields[1])
    return "\n\n".join(f"[[ ## {name} ## ]]\n{values.get(name, ANSWER)}" for name in [*names, "completed"])


def _has_result(body: Any) -> bool:
    told = json.dumps([message for message in body["messages"] if message["role"] != "system"])
    return any(result in told for result in _RESULTS)
