"""What the programs have in common: what they ask, and a session around it. They run in the libraries' environment."""

import os
import sys
from collections.abc import Callable
from importlib import import_module

import agentops

MODELS = os.environ["SCRIPTED_MODELS"]
REFUSED = "refused"
ARGUMENT = "1042"
QUESTION = [{"role": "user", "content": f"Where is order {ARGUMENT}?"}]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "look_up_order",
            "description": "Where an order is.",
            "parameters": {"type": "object", "properties": {"order_id": {"type": "string"}}, "required": ["order_id"]},
        },
    }
]


def import_before_init(*modules: str) -> None:
    """Import the library now where this run is to have it before `agentops.init()`; else the program does, later."""
    if sys.argv[1] == "before":
        for module in modules:
            import_module(module)


def look_up(order_id: str) -> str:
    """The tool of the agents."""
    return f"order {order_id} is on its way"


def run(main: Callable[[], None]) -> None:
    """One session around the program; prints its id."""
    session = agentops.init()
    assert session is not None
    main()
    session.end_session("Success")
    print(session.session_id)
