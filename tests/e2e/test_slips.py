"""Values that the server cannot take cost the events that they are in nothing else."""

import subprocess
import sys
from pathlib import Path

from tests.e2e.acting import agent_env
from tests.serving import Reader, Server

PROGRAM = """
import agentops
session = agentops.init()
session.record(agentops.LLMEvent(model="gpt-4o", prompt_tokens=1000, completion_tokens=500, cost="free"))
session.record(agentops.LLMEvent(model="gpt-4o", prompt_tokens=-1, completion_tokens=1.5, params="tokens"))
session.record(agentops.ActionEvent("x" * 300, params="kind"))
session.record(agentops.ActionEvent("", params="no kind", init_timestamp="yesterday"))
session.record(agentops.ErrorEvent(exception="boom", trigger_event="none"))
session.record(agentops.ToolEvent(params="good"))
print(session.session_id)
print(session.end_session("Success"))
"""


def test_the_events_are_there_without_them(server: Server, reader: Reader, tmp_path: Path) -> None:
    env = agent_env(server.url, server.api_key, tmp_path)
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, timeout=60)
    session_id, cost = done.stdout.split()
    assert cost == "0.0075"
    stats = reader.stats(session_id)
    assert (stats["events"], stats["missing_events"], stats["refused_events"]) == (6, 0, 0)
    assert (stats["cost"], stats["cost_is_lower_bound"]) == ("0.0075", True)  # one call has no token counts
    assert "AgentOps: the server cannot take the cost of an event" in done.stderr
    assert "is a lower bound" in done.stderr
    assert "internal error" not in done.stderr
    exported = reader.export(session_id)
    assert {action["params"]: action["event_type"] for action in exported["actions"]} == {
        "kind": "x" * 200,
        "no kind": "actions",
    }
    assert exported["errors"][0]["details"] == "boom"
