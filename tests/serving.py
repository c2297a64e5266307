"""A real ``agentops-server`` in a process of its own, for tests that need the whole of it, and that may kill it."""

import os
import re
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

import urllib3

PROGRAM = Path(sys.executable).with_name("agentops-server")
READY = re.compile(r"is ready at (http://127\.0\.0\.1:(\d+))")
LOGIN_LINK = re.compile(r"http://\S+/auth/link/\S+")
START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 30


class Server:
    """One server on a folder of its own; it keeps its port over restarts.

    Args:
        folder: where its data and its log go.
        command: another program to run in place of ``agentops-server``, with the same options.
        env: environment variables beside those of this process.
    """

    def __init__(self, folder: Path, command: list[str] | None = None, env: dict[str, str] | None = None) -> None:
        self.api_key = str(uuid.uuid4())
        self.data_dir = folder / "data"
        self.log_file = folder / "server.log"
        self.port = 0
        self.printed: list[str] = []
        self._command = command or [str(PROGRAM)]
        self._env = env or {}
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def login_link(self) -> str:
        """The one-time link that the last start printed, right after it said that it is ready."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while (found := LOGIN_LINK.search("".join(self.printed))) is None:
            assert time.monotonic() < deadline, "the server printed no login link:\n" + "".join(self.printed)
            time.sleep(0.01)
        return found[0]

    @property
    def running(self) -> subprocess.Popen[str]:
        if self._process is None:
            raise AssertionError("the server is not running")
        return self._process

    def start(self) -> None:
        """Starts it and returns once it says that it is ready.

        Raises:
            AssertionError: It ended, or said nothing of the kind for a minute; the message holds its log.
        """
        options = ["serve", "--host", "127.0.0.1", "--port", str(self.port), "--data-dir", str(self.data_dir)]
        with self.log_file.open("a") as log:
            self._process = subprocess.Popen(
                [*self._command, *options],
                env={**os.environ, "AGENTOPS_INIT_API_KEY": self.api_key, **self._env},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        self.printed = []
        lines: Queue[str | None] = Queue()
        Thread(target=self._read_lines, args=(self._process, lines), daemon=True).start()
        self._wait_until_ready(lines)

    def _read_lines(self, process: "subprocess.Popen[str]", lines: "Queue[str | None]") -> None:
        """Reads to the end, so that the server never waits for a full pipe."""
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self.printed.append(line)
                lines.put(line)
        lines.put(None)

    def _wait_until_ready(self, lines: "Queue[str | None]") -> None:
        try:
            while (line := lines.get(timeout=START_TIMEOUT_S)) is not None:
                if found := READY.search(line):
                    self.port = int(found[2])
                    return
            problem = f"it ended with exit code {self.running.wait(STOP_TIMEOUT_S)}"
        except Empty:
            problem = f"it said nothing for {START_TIMEOUT_S} s"
        self.kill9()
        raise AssertionError(
            f"the server did not start, {problem}:\n{''.join(self.printed)}{self.log_file.read_text()}"
        )

    def kill9(self) -> None:
        """SIGKILL: no handler, no flush, no goodbye."""
        self.running.send_signal(signal.SIGKILL)
        self.wait()

    def wait(self) -> int:
        """Waits until it has ended; returns its exit code."""
        exit_code = self.running.wait(STOP_TIMEOUT_S)
        self._process = None
        return exit_code

    def restart(self) -> None:
        """Starts it again on the same port and data, after ending it in order if it still runs."""
        self.stop()
        self.start()

    def stop(self) -> int | None:
        """Ends it with SIGTERM; returns its exit code, or None if it was not running."""
        if self._process is None:
            return None
        self._process.terminate()
        try:
            return self.wait()
        except subprocess.TimeoutExpired:
            self.kill9()
            raise


class Reader:
    """Reads a server's JSON with one API key."""

    def __init__(self, url: str, api_key: str) -> None:
        self.url = url
        self._headers = {"X-Agentops-Api-Key": api_key}

    def get(self, path: str, **query: str) -> Any:
        """The body of a GET that must succeed."""
        status, body = self.ask(path, **query)
        assert status == 200, f"GET {path} answered {status}: {body}"
        return body

    def ask(self, path: str, **query: str) -> tuple[int, Any]:
        """Status and JSON body of a GET."""
        fields = query or None
        answer = urllib3.request(
            "GET", self.url + path, headers=self._headers, fields=fields, retries=False, timeout=30
        )
        return answer.status, answer.json()

    def session(self, session_id: object) -> Any:
        return self.get(f"/v2/sessions/{session_id}")

    def stats(self, session_id: object) -> Any:
        return self.get(f"/v2/sessions/{session_id}/stats")

    def export(self, session_id: object) -> Any:
        return self.get(f"/v2/sessions/{session_id}/export")

    def pages(self, path: str, key: str, **query: str) -> list[Any]:
        """Every row of a list that comes in pages."""
        rows: list[Any] = []
        while True:
            page = self.get(path, **query)
            rows += page[key]
            if page["next_cursor"] is None:
                return rows
            query["cursor"] = page["next_cursor"]
