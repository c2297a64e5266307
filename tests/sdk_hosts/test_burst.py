"""A program that records as fast as it can: everything arrives, and what waits is on disk and not in memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import Reader, Server

from .membership import agent_env

EVENTS = 20_000
PAYLOAD_BYTES = 3000
BURST = f"""
import json, resource
import agentops
session = agentops.init(max_wait_time=120_000)
session.flush()  # everything is imported
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for number in range({EVENTS}):
    session.record(agentops.LLMEvent(
        model="gpt-4o", prompt="x" * {PAYLOAD_BYTES}, completion=number, prompt_tokens=1000, completion_tokens=500
    ))
cost = session.end_session("Success")
grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(json.dumps([str(session.session_id), cost, grown_kb * 1024]))
"""


@pytest.mark.xdist_group("kills")
def test_everything_arrives(server: Server, reader: Reader, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BURST], env=agent_env(server, tmp_path), capture_output=True, text=True, timeout=150
    )
    assert (done.returncode, done.stderr) == (0, "")
    session_id, cost, grown_bytes = json.loads(done.stdout)
    stats = reader.stats(session_id)
    assert (stats["llms"], stats["cost"], stats["end_state"]) == (EVENTS, "150", "Success")
    assert cost == "150.00"
    # A queue in memory would hold the better part of this.
    assert grown_bytes < EVENTS * PAYLOAD_BYTES / 2
    assert list(tmp_path.rglob("*.seg")) == []
