"""Sequence numbers: per process and session from 1 without a gap, however processes come and go."""

from __future__ import annotations

import signal
import sys
from collections import defaultdict
from pathlib import Path

from tests.sdk import program
from tests.serving import Reader, Server

from .hosting import Hosting
from .membership import agent_env

PROGRAM = """
import multiprocessing

def contribute(session_id, count):
    session = agentops.init(inherited_session_id=session_id)
    for number in range(count):
        session.record(ActionEvent(params=number))

def main():
    first, second = agentops.init(), agentops.start_session()
    print(first.session_id, second.session_id, flush=True)
    for number in range(10):
        (first, second)[number % 2].record(ActionEvent(params=number))
    threads = [threading.Thread(target=lambda: [first.record(ToolEvent()) for _ in range(25)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    children = []
    for count in (1, 7):
        children.append(os.fork())
        if children[-1] == 0:
            for number in range(count):
                first.record(ActionEvent(params=number))
                second.record(ErrorEvent(details="of a child"))
            if count == 7:
                grandchild = os.fork()
                if grandchild:
                    os.waitpid(grandchild, 0)
                else:
                    second.record(ActionEvent(params="of a grandchild"))
            os._exit(0)
    for thread in threads:
        thread.join()
    spawned = multiprocessing.get_context("spawn").Process(target=contribute, args=(str(first.session_id), 5))
    spawned.start()
    spawned.join()
    for child in children:
        os.waitpid(child, 0)
    event = LLMEvent(prompt="once")
    first.record(event)
    event.completion = "twice"
    first.record(event)
    first.record(ActionEvent(params="last"))
    print("recorded", flush=True)
    sys.stdin.read()

if __name__ == "__main__":
    main()
"""


def test_every_process_numbers_its_events_without_a_gap(server: Server, reader: Reader, tmp_path: Path) -> None:
    """With threads, forked, grandchild and spawned processes; the first is killed, and the next program delivers."""

    hosting = Hosting(tmp_path, agent_env(server, tmp_path / "spool") | {"AGENTOPS_EXPORT_FLUSH_INTERVAL": "100000"})
    process = hosting.open([sys.executable, str(hosting.write("from agentops import *\n" + PROGRAM))], hosting.env)
    first, second = program.read_line(process).split()
    assert program.read_line(process) == "recorded"
    process.send_signal(signal.SIGKILL)
    assert process.stdin is not None
    process.stdin.close()
    program.read_errors(process)
    hosting.deliver()
    assert sequences(reader, first) == [[1], list(range(1, 6)), list(range(1, 8)), list(range(1, 108))]
    assert sequences(reader, second) == [[1], [1], list(range(1, 6)), list(range(1, 8))]
    assert reader.export(first)["llms"][0]["completion"] == "twice"


def sequences(reader: Reader, session_id: str) -> list[list[int]]:
    by_process: dict[str, list[int]] = defaultdict(list)
    for event in reader.pages(f"/v2/sessions/{session_id}/events", "events"):
        by_process[event["participant_id"]].append(event["sequence"])
    return sorted((sorted(numbers) for numbers in by_process.values()), key=lambda numbers: (len(numbers), numbers))


def test_what_a_process_refused_is_shown_and_is_not_missing(server: Server, reader: Reader, tmp_path: Path) -> None:
    source = """
session = agentops.init(spool_quota_bytes=50_000, max_wait_time=60_000)
for number in range(6):
    session.record(ActionEvent(params="x" * (100_000 if number % 2 else 10)))
session.end_session("Success")
print(session.session_id, session.events_refused)
"""
    outcome = Hosting(tmp_path, agent_env(server, tmp_path / "spool")).run(source)
    session_id, refused = outcome.out.split()
    stats = reader.stats(session_id)
    assert (refused, stats["refused_events"], stats["missing_events"], stats["actions"]) == ("3", 3, 0, 3)
    assert sequences(reader, session_id) == [[1, 2, 3]]
    assert "cannot keep more" in outcome.err
