"""A local video: spooled as a path, uploaded in parts behind the events, resumed by whoever comes next."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
import urllib3

import agentops
from agentops import ActionEvent, Session, _backoff, _transfer
from tests.serving import Reader, Server

from . import program
from .recording_server import Fault, RecordingServer

Start = Callable[..., Session]
Warnings = Callable[[], list[str]]
CONTENT = random.Random(7).randbytes(1_000_000)
NAME = f"{sha256(CONTENT).hexdigest()}.mp4"


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "run.mp4"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_transfer, "PART_BYTES", 50_000)
    monkeypatch.setattr(_backoff, "FIRST_SECONDS", 0.001)
    monkeypatch.setattr(_backoff, "CAP_SECONDS", 0.01)


small_parts = pytest.mark.usefixtures("_small_parts")


def urls(server: RecordingServer, session: Session) -> list[str]:
    return [update["video"] for update in server.updates[str(session.session_id)] if update.get("video")]


def offsets(server: RecordingServer) -> list[int]:
    return [int(request.path.partition("offset=")[2]) for request in server.requests if "offset=" in request.path]


@small_parts
@pytest.mark.parametrize("how", ["set_video", "end_session"])
def test_a_file_arrives_in_parts_and_becomes_the_video(
    start: Start, server: RecordingServer, video: Path, how: str
) -> None:
    session = start()
    if how == "set_video":
        session.set_video(video)
    else:
        session.end_session("Success", video=str(video))
    assert session.video == str(video)
    assert agentops.flush(20)
    assert server.uploads == {NAME: CONTENT}
    assert offsets(server) == list(range(0, len(CONTENT), 50_000))
    assert urls(server, session) == [f"/v2/sessions/{session.session_id}/objects/{NAME}"]


@small_parts
def test_faults_on_the_way_resume_where_it_was(start: Start, server: RecordingServer, video: Path) -> None:
    server.fail("PUT", Fault(500), Fault(200, b"garbage"), Fault(429, headers=(("Retry-After", "0"),)), Fault(409))
    server.fail("GET", Fault(503), Fault(200, b'{"cut": 1}', cut_at=3))
    session = start()
    session.set_video(video)
    assert agentops.flush(20)
    assert server.uploads == {NAME: CONTENT}
    assert len(urls(server, session)) == 1


@small_parts
def test_events_go_before_parts(start: Start, server: RecordingServer, video: Path) -> None:
    session = start(flush_interval=1)
    assert session.flush()

    def record_at_the_third_part(name: str, offset: int) -> None:
        if offset == 100_000:
            session.record(ActionEvent("news"))

    server.heard_part = record_at_the_third_part
    session.set_video(video)
    assert agentops.flush(20)
    paths = [request.path for request in server.requests]
    puts = [index for index, path in enumerate(paths) if "offset=" in path]
    assert puts[2] < paths.index("/v2/create_events") < puts[4]
    assert server.uploads == {NAME: CONTENT}


@pytest.mark.parametrize("name", ["missing.mp4", "text.txt", "empty.mp4", "folder.mp4", "loop.mp4"])
def test_a_file_that_cannot_be_sent_is_said_and_loses_nothing_else(
    start: Start, server: RecordingServer, tmp_path: Path, warnings: Warnings, name: str
) -> None:
    (tmp_path / "text.txt").write_text("no video")
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "loop.mp4").symlink_to("loop.mp4")
    session = start()
    session.record(ActionEvent())
    session.set_video(tmp_path / name)
    session.end_session("Success")
    assert len([warning for warning in warnings() if name in warning and "left out" in warning]) == 1
    assert session.video is None
    assert len(server.events[str(session.session_id)]) == 1
    assert server.merged(session.session_id)["end_state"] == "Success"


@small_parts
def test_a_file_that_changes_while_it_is_sent_is_sent_anew(start: Start, server: RecordingServer, video: Path) -> None:
    changed = CONTENT[::-1]
    server.heard_part = lambda _name, offset: video.write_bytes(changed) and None if offset == 500_000 else None
    session = start()
    session.set_video(video)
    assert agentops.flush(20)
    assert server.uploads[f"{sha256(changed).hexdigest()}.mp4"] == changed
    assert len(urls(server, session)) == 1


@small_parts
def test_a_later_video_replaces_one_that_is_on_its_way(start: Start, server: RecordingServer, video: Path) -> None:
    server.always["*"] = Fault(503)
    session = start()
    session.set_video(video)
    session.set_video("https://example.com/v.mp4")
    server.always.clear()
    assert agentops.flush(20)
    assert urls(server, session) == ["https://example.com/v.mp4"]
    assert not server.uploads


@small_parts
def test_a_file_may_be_deleted_once_it_is_handed_over(start: Start, server: RecordingServer, video: Path) -> None:
    session = start()
    session.set_video(video)
    video.unlink()
    assert agentops.flush(20)
    assert server.uploads == {NAME: CONTENT}


def test_a_server_that_refuses_the_file_gets_everything_else(
    start: Start, server: RecordingServer, video: Path, warnings: Warnings
) -> None:
    server.fail("GET", Fault(422, b'{"message": "size must be smaller"}'))
    session = start()
    session.set_video(video)
    session.record(ActionEvent())
    assert agentops.flush(20)
    assert any("size must be smaller" in warning for warning in warnings())
    assert len(server.events[str(session.session_id)]) == 1


INTERRUPTED = """
from agentops import _transfer
_transfer.PART_BYTES = 100_000
put = _transfer.Transfer._put_part
def put_four(self, conversation):
    if self._offset == 400_000:
        print("four parts", flush=True)
        time.sleep(60)
    put(self, conversation)
_transfer.Transfer._put_part = put_four
session = agentops.init()
print(session.session_id, flush=True)
session.record(ActionEvent())
session.end_session("Success", video=os.environ["VIDEO"])
time.sleep(60)
"""


def test_a_killed_upload_is_resumed_by_the_next_process(mortal_server: Server, tmp_path: Path, video: Path) -> None:
    env = {
        **os.environ,
        "AGENTOPS_API_KEY": mortal_server.api_key,
        "AGENTOPS_API_ENDPOINT": mortal_server.url,
        "AGENTOPS_SPOOL_DIR": str(tmp_path / "spool"),
        "AGENTOPS_STRICT": "1",
        "VIDEO": str(video),
    }
    process = program.start(INTERRUPTED, env)
    session_id = program.read_line(process)
    assert program.read_line(process) == "four parts"
    process.kill()
    program.read_errors(process)
    mortal_server.kill9()
    (part,) = mortal_server.data_dir.rglob(f"*{NAME}*")
    assert part.stat().st_size == 400_000
    env_of_doctor = {"env": env, "capture_output": True, "text": True, "timeout": 60}
    doctor = subprocess.run([sys.executable, "-m", "agentops.cli", "doctor"], **env_of_doctor)  # type: ignore[call-overload]
    assert "videos to upload 1" in doctor.stdout
    mortal_server.start()
    reader = Reader(mortal_server.url, mortal_server.api_key)
    assert reader.session(session_id)["video"] is None
    follow = "from agentops import _transfer\n_transfer.PART_BYTES = 100_000\nput = _transfer.Transfer._put_part\n"
    follow += "def say(self, conversation):\n    print(self._offset)\n    put(self, conversation)\n"
    follow += "_transfer.Transfer._put_part = say\nagentops.init(auto_start_session=False, max_wait_time=30_000)\n"
    code, out, _ = program.run(follow, env)
    assert code == 0
    assert out.split() == ["400000", "500000", "600000", "700000", "800000", "900000"]
    url = reader.session(session_id)["video"]
    assert url == f"/v2/sessions/{session_id}/objects/{NAME}"
    headers = {"X-Agentops-Api-Key": mortal_server.api_key}
    answer = urllib3.request("GET", mortal_server.url + url, headers=headers, timeout=30)
    assert (answer.status, answer.data, answer.headers["Content-Type"]) == (200, CONTENT, "video/mp4")
    assert reader.stats(session_id)["actions"] == 1
    assert list((tmp_path / "spool").rglob("*.upload")) == []
