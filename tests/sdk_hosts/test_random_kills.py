"""SIGKILL at fifty moments: what `record()` returned from is on the server in the end, once."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.serving import Reader, Server

from .membership import agent_env

KILLS = 50
SEED = 20_261_120
# The events of all are one session's. Each id is written once record() has returned.
RECORD = """
import os, sys
import agentops
session = agentops.init(inherited_session_id=sys.argv[1])
for number in range(10**9):
    event = agentops.ActionEvent(params={"number": number, "text": "x" * (number % 7 * 500)})
    session.record(event)
    os.write(1, b"%s\\n" % str(event.id).encode())
"""
DELIVER = "import agentops; agentops.init(auto_start_session=False, max_wait_time=120_000)"
SESSION = "01900000-0000-7000-8000-00000000dead"


def record_until_killed(env: dict[str, str], dice: random.Random) -> list[str]:
    """The ids that were written before the kill: after so many lines, or while the program starts."""
    process = subprocess.Popen(
        [sys.executable, "-c", RECORD, SESSION], env=env, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    assert process.stdout is not None
    count = dice.choice([0, 1, 2, dice.randrange(200), dice.randrange(1000)])
    if not count:
        time.sleep(dice.uniform(0, 0.3))
    with process.stdout as lines:
        heard = [lines.readline() for _ in range(count)]
        process.send_signal(signal.SIGKILL)
        heard += lines.readlines()
    assert process.wait(60) == -signal.SIGKILL
    return [line.strip() for line in heard if line.endswith("\n")]


@pytest.mark.xdist_group("kills")
def test_every_event_arrives_once(server: Server, reader: Reader, tmp_path: Path) -> None:
    dice = random.Random(SEED)
    env = agent_env(server, tmp_path)
    recorded: list[str] = []
    for _ in range(KILLS):
        interval_ms = dice.choice(["1", "20", "200"])
        pure = dice.choice(["0", "1"])  # compiled, and in Python
        options = {"AGENTOPS_EXPORT_FLUSH_INTERVAL": interval_ms, "AGENTOPS_PURE": pure}
        recorded += record_until_killed(env | options, dice)
    done = subprocess.run([sys.executable, "-c", DELIVER], env=env, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.rglob("*.seg")) == []
    assert len(recorded) > KILLS
    arrived = [row["id"] for row in reader.export(SESSION)["actions"]]
    assert len(arrived) == len(set(arrived)), "an event is there twice"
    assert set(recorded) <= set(arrived), "an event is lost"
    # Of each program, one more may have been recorded whose id was not written.
    assert len(arrived) <= len(recorded) + KILLS
    assert reader.stats(SESSION)["actions"] == len(arrived)
