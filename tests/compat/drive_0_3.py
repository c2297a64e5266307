"""A program for the published client agentops 0.3.26: it does one scenario and prints what it did as one line of JSON.

The key and the server's address come from AGENTOPS_API_KEY and AGENTOPS_API_ENDPOINT.
"""

import json
import os
import signal
from typing import Any

from driving import VIDEO, Recorder, record_every_type, run_scenario

import agentops


def whole() -> dict[str, Any]:
    """One session with all that the client can record, and its end."""
    session = agentops.init(default_tags=["first"])
    agent_id = session.create_agent(name="Researcher", agent_id=None)
    record = Recorder(session.record)
    record_every_type(record, agent_id)
    own_price = {"model": "house-model", "prompt_tokens": 7, "completion_tokens": 3, "cost": 0.01}
    record(agentops.LLMEvent(prompt="And of Iceland?", completion="Reykjavík.", **own_price))

    @agentops.record_action("decorated_action")
    def decorated_action(x: int, y: int = 2) -> int:
        return x + y

    @agentops.record_tool("decorated_tool")
    def decorated_tool(text: str) -> str:
        return text.upper()

    decorated_action(1)
    decorated_tool("abc")
    session.add_tags(["added", "first"])
    analytics = session.get_analytics()
    session.add_tags(["after analytics"])
    session.set_video(VIDEO)
    cost = session.end_session("Success", "All asked and answered")
    return {
        "session_id": str(session.session_id),
        "agent_id": agent_id,
        "tags": session.tags,
        "init_timestamp": session.init_timestamp,
        "end_timestamp": session.end_timestamp,
        "host_env": session.host_env,
        "recorded": record.recorded,
        "decorated": [
            {"event_type": "actions", "action_type": "decorated_action", "params": {"x": 1, "y": 2}, "returns": 3},
            {"event_type": "tools", "name": "decorated_tool", "params": {"text": "abc"}, "returns": "ABC"},
        ],
        "analytics": analytics,
        "cost": str(cost),
    }


def several() -> dict[str, Any]:
    """Two sessions at the same time, with different tags and ends."""
    agentops.init(auto_start_session=False)
    sessions = [agentops.start_session(tags=[name]) for name in ("left", "right")]
    for session, state in zip(sessions, ("Fail", "Indeterminate"), strict=True):
        session.record(agentops.ActionEvent(action_type=f"step of {session.tags[0]}"))
        session.set_tags([session.tags[0], "set"])
        session.end_session(state, f"{state} was asked for")
    return {"session_ids": [str(session.session_id) for session in sessions]}


def inherited(session_id: str) -> dict[str, Any]:
    """Takes part in a session that another process started."""
    session = agentops.init(inherited_session_id=session_id, default_tags=["heir"])
    session.record(agentops.ToolEvent(name="heirs_tool", params={"n": 1}))
    cost = session.end_session("Success", "The heir ended it")
    return {"session_id": str(session.session_id), "cost": str(cost)}


def uncaught() -> dict[str, Any]:
    """Ends in an exception that nobody catches."""
    session = agentops.init()
    session.record(agentops.ActionEvent(action_type="before the crash"))
    print(json.dumps({"session_id": str(session.session_id)}), flush=True)
    raise RuntimeError("the roof fell in")


def interrupted() -> dict[str, Any]:
    """Ends by Ctrl-C."""
    session = agentops.init()
    session.record(agentops.ActionEvent(action_type="before the interrupt"))
    print(json.dumps({"session_id": str(session.session_id)}), flush=True)
    os.kill(os.getpid(), signal.SIGINT)
    raise AssertionError("the client's signal handler should have ended the process")


def silent() -> dict[str, Any]:
    """Returns without ending its session: this client sends the event at exit, and never an end."""
    session = agentops.init()
    session.record(agentops.ActionEvent(action_type="before the exit"))
    return {"session_id": str(session.session_id)}


if __name__ == "__main__":
    run_scenario(whole, several, inherited, uncaught, interrupted, silent)
