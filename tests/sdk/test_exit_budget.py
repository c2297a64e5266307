"""The exit waits for `max_wait_time` in all, whatever there is to wait for."""

from __future__ import annotations

from pathlib import Path

from . import program
from .recording_server import Fault, RecordingServer

CLOCK = """
import agentops._client, agentops._delivery, agentops._pipeline
from agentops import Configuration
asked, now = [], [100.0]

class Clock:
    @staticmethod
    def monotonic():
        return now[0]

def flush(delivery, ticket, seconds, **options):
    asked.append(seconds)
    now[0] += seconds
    return False

agentops._client.time = agentops._pipeline.time = Clock
agentops._delivery.Delivery.flush = flush
first = agentops.init(max_wait_time=3000)
others = [agentops.start_session(config=Configuration(endpoint=f"http://127.0.0.1:{port}")) for port in (1, 2, 3)]
"""


def test_several_destinations_share_one_wait(server: RecordingServer, spool_dir: Path) -> None:
    source = CLOCK + "agentops.Client().exit()\nassert asked == [3.0, 0.0, 0.0, 0.0], asked"
    code, _, err = program.run(source, program.environment(server, spool_dir))
    assert code == 0, err


def test_so_do_the_sessions_of_an_end_of_all(server: RecordingServer, spool_dir: Path) -> None:
    source = CLOCK + "agentops.end_all_sessions()\nassert asked == [3.0, 0.0, 0.0, 0.0], asked"
    code, _, err = program.run(source, program.environment(server, spool_dir))
    assert code == 0, err


EVERYTHING = """
from agentops import Configuration
waits, wait = [], agentops._delivery.Delivery.flush
def flush(delivery, ticket, seconds, **options):
    waits.append(seconds)
    return wait(delivery, ticket, seconds, **options)
agentops._delivery.Delivery.flush = flush
sessions = [agentops.init(max_wait_time=700), agentops.start_session(), agentops.start_session()]
for session in sessions:
    session.record(ActionEvent())
    session.set_video(os.environ["VIDEO"])
agentops.Client().exit()
assert len(waits) == 1 and 0 < waits[0] <= 0.7, waits
"""


def test_three_sessions_with_videos_and_what_others_left_behind(
    server: RecordingServer, spool_dir: Path, tmp_path: Path
) -> None:
    """Nothing is answered; all of it is there after the next program."""
    video = tmp_path / "run.mp4"
    video.write_bytes(b"\x00\x01" * 1000)
    env = program.environment(server, spool_dir, VIDEO=str(video))
    server.always["*"] = Fault(hang=True)
    assert program.run("agentops.init(max_wait_time=1)", env)[0] == 0
    code, _, err = program.run(EVERYTHING, env)
    assert code == 0, err
    server.always.clear()
    server.released.set()
    assert program.run("agentops.init(auto_start_session=False, max_wait_time=60_000)", env)[0] == 0
    assert len(server.sessions) == 4
    assert len(server.uploads) == 1
    assert sum(len(events) for events in server.events.values()) == 3
    videos = [update["video"] for updates in server.updates.values() for update in updates if update.get("video")]
    assert len(videos) == 3
    assert list(spool_dir.rglob("*.seg")) == list(spool_dir.rglob("*.upload")) == []
