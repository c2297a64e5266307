"""``make demo`` as a person runs it, but on a free port: what it prints is true, it ends by a signal, it runs again."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest

from tests.provision import ROOT
from tests.serving import Reader

DEMO = ROOT / "examples" / "demo.py"
LAST_LINE = "Ctrl-C ends it"
TIMEOUT_S = 120


@contextmanager
def running_demo(data_dir: Path, *options: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """The demo and all that it printed up to the line that says how to end it."""
    command = [sys.executable, str(DEMO), "--pace", "0", "--data-dir", str(data_dir), *options]
    demo = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    watchdog = Timer(TIMEOUT_S, demo.terminate)
    watchdog.start()
    printed: list[str] = []
    assert demo.stdout is not None
    try:
        for line in demo.stdout:
            printed.append(line)
            if LAST_LINE in line:
                break
        yield demo, "".join(printed)
    finally:
        demo.terminate()
        demo.communicate()
        watchdog.cancel()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_shows_what_the_server_has_and_ends_by_a_signal(tmp_path: Path, ending: signal.Signals) -> None:
    for run in (1, 2):
        with running_demo(tmp_path, "--port", "0") as (demo, printed):
            assert LAST_LINE in printed, printed
            found = re.search(r"(http://127\.0\.0\.1:(\d+))/sessions/([0-9a-f-]{36})", printed)
            assert found is not None, printed
            url, port, session_id = found.groups()
            reader = Reader(url, (tmp_path / "demo-api-key").read_text().strip())
            stats = reader.stats(session_id)
            assert stats["event_counts"] == {"llms": 5, "tools": 3, "actions": 2, "errors": 1}, printed
            assert stats["cost_is_lower_bound"] is False
            assert f"${stats['cost']}" in printed
            assert "/auth/link/" in printed
            sessions = reader.get("/v2/sessions")["sessions"]
            assert len(sessions) == 4 * run
            newest = [session["end_state"] for session in sessions[:4]]
            assert newest == ["Indeterminate", "Failure", "Success", "Success"]
            demo.send_signal(ending)
            assert demo.wait(TIMEOUT_S) == 0
            with socket.socket() as probe:
                assert probe.connect_ex(("127.0.0.1", int(port))) != 0, "the server still listens"


def test_the_demo_key_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    with running_demo(tmp_path, "--port", "0") as (_demo, printed):
        assert LAST_LINE in printed, printed
        key_file = tmp_path / "demo-api-key"
        assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
        assert key_file.read_text().strip() not in printed


def test_a_taken_port_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        command = [sys.executable, str(DEMO), "--port", str(port), "--data-dir", str(tmp_path)]
        done = subprocess.run(
            command, capture_output=True, text=True, env=dict(os.environ), check=False, timeout=TIMEOUT_S
        )
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr
