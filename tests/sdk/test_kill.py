"""`kill -9` of the agent: what record() returned from is delivered by the next process, once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from agentops import cli

from . import program
from .recording_server import Fault, RecordingServer

RECORD = """
session = agentops.init()
for number in range(1, 10**9):
    agentops.record(ActionEvent(params=number))
    os.write(1, b"%d\\n" % number)
"""


def kill_after(process: subprocess.Popen[str], lines: int) -> int:
    """Kill the program once it printed so many lines; the last number that it printed."""
    for _ in range(lines):
        program.read_line(process)
    process.kill()
    assert process.stdout is not None
    numbers = [int(line) for line in process.stdout.read().split("\n")[:-1]]
    assert "AGENTOPS_STRICT" not in program.read_errors(process)
    return numbers[-1] if numbers else lines


def params(server: RecordingServer) -> list[int]:
    (events,) = server.events.values()
    return [event["params"] for event in events.values()]


def test_a_killed_agent_is_completed_by_the_next_one(server: RecordingServer, spool_dir: Path) -> None:
    server.always["*"] = Fault(503)
    env = program.environment(server, spool_dir)
    last = kill_after(program.start(RECORD, env), 300)
    assert server.events == {}
    server.always.clear()
    code, _, _ = program.run("agentops.init(auto_start_session=False)", env)
    assert code == 0
    # One more may have been recorded whose number was not printed.
    assert params(server) in (list(range(1, last + 1)), list(range(1, last + 2)))
    assert list(spool_dir.rglob("*.seg")) == []


def test_a_kill_during_delivery_loses_and_doubles_nothing(server: RecordingServer, spool_dir: Path) -> None:
    env = program.environment(server, spool_dir, AGENTOPS_EXPORT_FLUSH_INTERVAL="1")
    for lines in (1, 7, 40, 200, 500):
        last = kill_after(program.start(RECORD, env), lines)
        program.run("agentops.init(auto_start_session=False)", env)
        assert params(server) in (list(range(1, last + 1)), list(range(1, last + 2)))
        server.events.clear()
    assert list(spool_dir.rglob("*.seg")) == []


def test_another_key_adopts_nothing(server: RecordingServer, spool_dir: Path) -> None:
    server.always["*"] = Fault(503)
    env = program.environment(server, spool_dir)
    kill_after(program.start(RECORD, env), 10)
    server.always.clear()
    other = {**env, "AGENTOPS_API_KEY": "00000000-0000-4000-8000-000000000002"}
    program.run("agentops.init(auto_start_session=False)", other)
    assert server.events == {}
    assert server.key not in "".join(str(path) for path in spool_dir.rglob("*"))


def test_many_processes_adopt_each_segment_once(server: RecordingServer, spool_dir: Path) -> None:
    server.always["*"] = Fault(503)
    env = program.environment(server, spool_dir)
    lasts = [kill_after(program.start(RECORD, env), 20) for _ in range(3)]
    server.always.clear()
    adopters = [program.start("agentops.init(auto_start_session=False)", env) for _ in range(3)]
    for adopter in adopters:
        assert program.finish(adopter)[0] == 0
    assert all(len(arrivals) == len(set(arrivals)) for arrivals in server.arrivals.values())
    assert [len(events) >= last for events, last in zip(server.events.values(), sorted(lasts), strict=True)]
    assert sum(map(len, server.events.values())) >= sum(lasts)


def test_the_flush_command_delivers(server: RecordingServer, spool_dir: Path) -> None:
    server.always["*"] = Fault(503)
    env = program.environment(server, spool_dir)
    last = kill_after(program.start(RECORD, env), 50)
    server.always.clear()
    command = [sys.executable, "-m", "agentops.cli", "flush"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert len(params(server)) >= last
    assert f"acknowledged {len(params(server))}" in done.stdout
    assert "spooled 0" in done.stdout


def test_the_flush_command_says_what_still_waits(
    server: RecordingServer, spool_dir: Path, capsys: object, monkeypatch: object
) -> None:
    server.always["*"] = Fault(503)
    env = program.environment(server, spool_dir)
    kill_after(program.start(RECORD, env), 5)
    options = ["--api-key", server.key, "--endpoint", server.endpoint, "--spool-dir", str(spool_dir)]
    assert cli.main(["flush", "--timeout", "0.2", *options]) == 1
    assert cli.main(["doctor", *options]) == 1
    server.always.clear()
    assert cli.main(["flush", *options]) == 0
    assert cli.main(["doctor", *options]) == 0
