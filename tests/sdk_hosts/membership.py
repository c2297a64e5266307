"""Starts members (member.py) and speaks to them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.sdk import program
from tests.serving import Server

MEMBER = Path(__file__).with_name("member.py")


def agent_env(server: Server, spool_dir: Path) -> dict[str, str]:
    """The environment of a process whose data goes to a real server."""
    return {
        **os.environ,
        "AGENTOPS_API_KEY": server.api_key,
        "AGENTOPS_API_ENDPOINT": server.url,
        "AGENTOPS_SPOOL_DIR": str(spool_dir),
        "AGENTOPS_ENV_DATA_OPT_OUT": "true",
        "AGENTOPS_STRICT": "1",
    }


class Member:
    """One process that takes part in sessions."""

    def __init__(self, env: dict[str, str]) -> None:
        pipe = subprocess.PIPE
        command = [sys.executable, "-W", "error", str(MEMBER)]
        self.process = subprocess.Popen(command, env=env, stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    def do(self, expression: str) -> Any:
        """Have it evaluate something; the value."""
        assert self.process.stdin is not None
        self.process.stdin.write(expression + "\n")
        self.process.stdin.flush()
        return json.loads(program.read_line(self.process))

    def init(self, options: str = "") -> str:
        """`agentops.init`, and delivery; the session's id."""
        session_id = self.do(f"agentops.init({options}).session_id")
        self.do("agentops.flush(30)")
        return str(session_id)

    def leave(self) -> None:
        """Let it end without a word, if it has not ended."""
        if self.process.returncode is None:
            code, _, err = program.finish(self.process)
            assert (code, "Traceback" in err) == (0, False), err

    def kill(self) -> None:
        """End it, whatever it does."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None and not stream.closed:
                stream.close()
