"""What the programs have in common: what they ask, and a session around it. They run in the libraries' environment."""

import os
import sys
from collections.abc import Callable

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


def imported_before_init() -> bool:
    """Whether this run imports the library before `agentops.init()`, or after it."""
    return sys.argv[1] == "before"


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
