"""What the drivers of both published clients share: one event of every type, and the list of what was recorded.

It runs in those clients' own virtual environments, beside the drivers, and imports nothing of this repository.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import agentops

MESSAGES = [
    {"role": "system", "content": "You are terse."},
    {"role": "user", "content": "What is the capital of Norway? “Quoted”, \\ and 東京."},
]
VIDEO = "https://videos.example/run.mp4"
NOT_FACTS = {"trigger_event", "exception"}  # objects that the clients take apart themselves


class Recorder:
    """Records, and tells what the caller put into each event, for the comparison with what the server gives back."""

    def __init__(self, record: Callable[[Any], None]) -> None:
        self._record = record
        self._events: list[Any] = []

    def __call__(self, event: Any) -> Any:
        self._record(event)
        self._events.append(event)
        return event

    @property
    def recorded(self) -> list[dict[str, Any]]:
        """As they are now: an error ends the event that triggered it again, if that had taken no time."""
        return [json.loads(json.dumps(_list_facts(event), default=str)) for event in self._events]


def _list_facts(event: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(event).items() if name not in NOT_FACTS}


def caught_error() -> ValueError:
    try:
        int("Oslo")
    except ValueError as error:
        return error
    raise AssertionError("int() took a city for a number")


def record_every_type(record: Recorder, agent_id: str) -> None:
    record(
        agentops.LLMEvent(
            model="gpt-4o",
            prompt=MESSAGES,
            completion={"role": "assistant", "content": "Oslo."},
            prompt_tokens=1000,
            completion_tokens=500,
            agent_id=agent_id,
            params={"temperature": 0},
        )
    )
    record(
        agentops.LLMEvent(
            model="gpt-4o-mini",
            prompt="And of Sweden?",
            completion="Stockholm.",
            prompt_tokens=2000,
            completion_tokens=100,
        )
    )
    record(
        agentops.ActionEvent(
            action_type="look_up",
            params={"city": "Oslo", "depth": 2, "nested": {"list": [1, 2.5, None, True]}},
            returns={"found": ["Oslo", "Old Oslo"]},
            logs="two hits",
            screenshot="https://pictures.example/1.png",
            agent_id=agent_id,
        )
    )
    tool = record(agentops.ToolEvent(name="search_web", params={"query": "Oslo"}, returns=["a", "b"], logs={"hits": 2}))
    record(agentops.ErrorEvent(trigger_event=tool, exception=caught_error(), code="404"))
    record(agentops.Event(event_type="apis", params={"verb": "GET"}, returns="200"))


def run_scenario(*scenarios: Callable[..., dict[str, Any]]) -> None:
    """Runs the scenario that the command line names, with its arguments, and prints its report as one line of JSON."""
    by_name = {scenario.__name__: scenario for scenario in scenarios}
    print(json.dumps(by_name[sys.argv[1]](*sys.argv[2:])), flush=True)
