"""What the programs have in common: what they ask, and a session around it. They run in a library's environment.

A program is a list of steps, each a function that uses the library as its documentation says. A step is recorded as an
action of its name, so that what was captured in it is found below it.
"""

import asyncio
import inspect
import json
import os
import sys
import urllib.request
from collections.abc import Callable
from importlib import import_module
from typing import Any

import agentops
from tests.frameworks.programs.leftovers import find_leftovers

MODELS = os.environ["SCRIPTED_MODELS"]
HELD = f"{MODELS}/held"
"""Streams below it stop after their first text until `release()`."""
BUSY = f"{MODELS}/busy"
"""The first request below it is told to come again."""
REFUSED = "refused"
ARGUMENT = "1042"
ASKED = f"Where is order {ARGUMENT}?"
QUESTION = [{"role": "user", "content": ASKED}]
TOOL, DESCRIPTION = "look_up_order", "Where an order is."
PARAMETERS = {"type": "object", "properties": {"order_id": {"type": "string"}}, "required": ["order_id"]}
TOOLS = [{"type": "function", "function": {"name": TOOL, "description": DESCRIPTION, "parameters": PARAMETERS}}]


def import_before_init(*modules: str) -> None:
    """Import the library now where this run is to have it before `agentops.init()`; else the program does, later."""
    if sys.argv[1] == "before":
        for module in modules:
            import_module(module)


def look_up(order_id: str) -> str:
    """The tool of the agents."""
    return f"order {order_id} is on its way"


def release() -> None:
    """Say that the first piece of a held stream is here.

    Raises:
        urllib.error.HTTPError: nobody held it any more: the piece came only after the endpoint had given up waiting.
    """
    request = urllib.request.Request(f"{MODELS}/release", data=b"{}", method="POST")
    urllib.request.urlopen(request, timeout=30).close()


def run(*steps: Callable[[], Any], captures: bool = True) -> None:
    """One session around the steps; prints its id, and by which instrumentors it was captured, if anything is.

    Afterwards the first step is taken again, as "stopped": of it nothing is captured any more.
    """
    session = agentops.init(instrument_llm_calls=captures)
    assert session is not None
    for step in steps:
        take(step, step.__name__)
    captured = agentops.Client().instrumentation.captured
    agentops.stop_instrumenting()
    left = find_leftovers()
    take(steps[0], "stopped")
    session.end_session("Success")
    assert agentops.flush(200)
    print(json.dumps({"session": str(session.session_id), "captured": captured, "left": left}))


def take(step: Callable[[], Any], name: str) -> None:
    """Run a step as an action of a name."""
    recorded = agentops.record_action(name)(step)
    if inspect.iscoroutinefunction(step):
        asyncio.run(recorded())
    else:
        recorded()
