"""An agent program that does what it is told, line by line, so that a test knows what it has done when it is killed.

It reads commands as JSON lines from stdin and answers each with a JSON line on stdout once the SDK's call has returned.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import agentops


def init(**options: Any) -> dict[str, Any]:
    session = agentops.init(**options)
    return {"session_id": str(session.session_id)}


def make_event(number: int) -> agentops.LLMEvent:
    """One LLM call that costs $0.0075."""
    return agentops.LLMEvent(
        model="gpt-4o",
        prompt=[{"role": "user", "content": f"question {number}"}],
        completion={"role": "assistant", "content": f"answer {number}"},
        prompt_tokens=1000,
        completion_tokens=500,
    )


def record(count: int, parent_id: str | None = None) -> dict[str, Any]:
    """Some LLM calls, if asked for within an event of another process."""
    events = [make_event(number) for number in range(count)]
    for event in events:
        event.parent_id = parent_id
        agentops.record(event)
    return {"ids": [str(event.id) for event in events]}


def record_forever() -> dict[str, Any]:
    """Names each event as soon as ``record()`` has returned, until somebody kills this process."""
    number = 0
    while True:
        event = make_event(number := number + 1)
        agentops.record(event)
        print(json.dumps({"id": str(event.id)}), flush=True)


def create_agent(name: str) -> dict[str, Any]:
    return {"agent_id": str(agentops.create_agent(name))}


def add_tags(tags: list[str]) -> dict[str, Any]:
    agentops.add_tags(tags)
    return {}


def end(state: str, reason: str | None = None) -> dict[str, Any]:
    return {"cost": agentops.end_session(state, reason)}


def flush() -> dict[str, Any]:
    agentops.flush()
    return {}


COMMANDS: dict[str, Callable[..., dict[str, Any]]] = {
    each.__name__: each for each in (init, record, record_forever, create_agent, add_tags, end, flush)
}

if __name__ == "__main__":
    for line in sys.stdin:
        command = json.loads(line)
        print(json.dumps(COMMANDS[command.pop("do")](**command)), flush=True)
