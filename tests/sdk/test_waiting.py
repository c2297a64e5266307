"""A server that is down for long: what waits is on disk, not in memory."""

from __future__ import annotations

from pathlib import Path

from . import program
from .recording_server import Fault, RecordingServer

EVENTS = 200_000
PROGRAM = f"""
import resource

def peak_bytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

session = agentops.init(max_wait_time=1)
for number in range({EVENTS // 20}):
    session.record(ActionEvent("walk", params=number))
agentops.flush(1)
before = peak_bytes()
for number in range({EVENTS // 20}, {EVENTS}):
    session.record(ActionEvent("walk", params=number))
print(session.session_id, session.events_refused, peak_bytes() - before)
"""
ADOPTER = """
import resource
agentops.init(auto_start_session=False, max_wait_time=170_000)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
agentops.Client().exit()
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)
"""
MOST_BYTES = 20 * 2**20


def test_memory_stays_bounded_while_events_wait_and_while_they_are_delivered(
    server: RecordingServer, spool_dir: Path
) -> None:
    env = program.environment(server, spool_dir)
    server.always["*"] = Fault(503)
    code, out, _ = program.run(PROGRAM, env)
    session_id, refused, grown_bytes = out.split()
    assert (code, refused) == (0, "0")
    waiting_bytes = sum(path.stat().st_size for path in spool_dir.rglob("*.seg"))
    assert waiting_bytes > 2 * MOST_BYTES
    assert int(grown_bytes) < MOST_BYTES
    server.always.clear()
    code, out, _ = program.run(ADOPTER, env)
    assert code == 0
    assert int(out) < 2 * MOST_BYTES  # with what the worker imports
    assert [event["params"] for event in server.events[session_id].values()] == list(range(EVENTS))
    assert list(spool_dir.rglob("*.seg")) == []
