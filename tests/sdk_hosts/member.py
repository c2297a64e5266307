"""A process that takes part in sessions: it evaluates the lines that it reads, and answers each with JSON.

A forked child is another member, which evaluates what it is given and leaves.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import agentops


def llm() -> agentops.LLMEvent:
    """A call that costs $0.0075."""
    return agentops.LLMEvent(model="gpt-4o", prompt="?", completion="!", prompt_tokens=1000, completion_tokens=500)


def record(*kinds: str) -> list[str]:
    """Record these; their ids."""
    makers: dict[str, Callable[[], agentops.Event]] = {
        "llm": llm,
        "tool": lambda: agentops.ToolEvent(name="look"),
        "action": lambda: agentops.ActionEvent("act"),
        "error": lambda: agentops.ErrorEvent(error_type="E", details="d"),
    }
    events = [makers[kind]() for kind in kinds]
    for event in events:
        agentops.record(event)
    return [str(event.id) for event in events]


_sessions: dict[str, agentops.Session] = {}


def session_of(session_id: str) -> agentops.Session:
    """The session of this process with that id, ended or not."""
    return _sessions[session_id]


def fork(work: Callable[[], object]) -> int:
    """Do something in a forked child; its exit code."""
    child = os.fork()
    if child == 0:
        work()
        sys.exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def to_json(value: object) -> Any:
    return value if isinstance(value, (dict, list, str, int, float, bool, type(None), Decimal)) else str(value)


if __name__ == "__main__":
    for line in sys.stdin:
        value = eval(line)
        _sessions.update((str(running.session_id), running) for running in agentops.Client().sessions)
        print(json.dumps(to_json(value), default=str), flush=True)
