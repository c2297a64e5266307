"""A program for the published client agentops 0.2.6: it does one scenario and prints what it did as one line of JSON.

The key and the server's address come from AGENTOPS_API_KEY and AGENTOPS_API_ENDPOINT. This client has one session at a
time and no analytics; with an error it records the error's trigger once more, so the server sees that id twice.
"""

import json
import os
import signal
from typing import Any

from driving import VIDEO, Recorder, record_every_type, run_scenario

import agentops


def whole() -> dict[str, Any]:
    """One session with all that the client can record, and its end."""
    session_id = agentops.init(tags=["first"])
    agent_id = agentops.create_agent(name="Researcher")
    record = Recorder(agentops.record)
    record_every_type(record, agent_id)

    @agentops.record_function("decorated_action")
    def decorated_action(x: int, y: int = 2) -> int:
        return x + y

    decorated_action(1)
    agentops.add_tags(["added", "first"])
    cost = agentops.Client().end_session("Success", "All asked and answered", video=VIDEO)
    return {
        "session_id": str(session_id),
        "agent_id": agent_id,
        "tags": ["first", "added"],
        "recorded": record.recorded,
        "decorated": [
            {"event_type": "actions", "action_type": "decorated_action", "params": {"x": 1, "y": 2}, "returns": 3}
        ],
        "cost": str(cost),
    }


def inherited(session_id: str) -> dict[str, Any]:
    """Takes part in a session that another process started."""
    agentops.init(inherited_session_id=session_id)
    agentops.record(agentops.ToolEvent(name="heirs_tool", params={"n": 1}))
    cost = agentops.Client().end_session("Success", "The heir ended it")
    return {"session_id": session_id, "cost": str(cost)}


def uncaught() -> dict[str, Any]:
    """Ends in an exception that nobody catches."""
    session_id = agentops.init()
    agentops.record(agentops.ActionEvent(action_type="before the crash"))
    print(json.dumps({"session_id": str(session_id)}), flush=True)
    raise RuntimeError("the roof fell in")


def interrupted() -> dict[str, Any]:
    """Ends by Ctrl-C."""
    session_id = agentops.init()
    agentops.record(agentops.ActionEvent(action_type="before the interrupt"))
    print(json.dumps({"session_id": str(session_id)}), flush=True)
    os.kill(os.getpid(), signal.SIGINT)
    raise AssertionError("the client's signal handler should have ended the process")


def silent() -> dict[str, Any]:
    """Returns without ending its session: the client does it at exit."""
    session_id = agentops.init()
    agentops.record(agentops.ActionEvent(action_type="before the exit"))
    return {"session_id": str(session_id)}


if __name__ == "__main__":
    run_scenario(whole, inherited, uncaught, interrupted, silent)
