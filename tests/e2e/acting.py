"""Starts, commands and kills agent processes (actor.py), and compares what they recorded with what the server has."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.serving import Reader

ACTOR = Path(__file__).with_name("actor.py")
AGENTOPS = Path(sys.executable).with_name("agentops")
WAIT_S = 60
COST_OF_ONE = Decimal("0.0075")


def agent_env(url: str, api_key: str, spool_dir: Path) -> dict[str, str]:
    """The environment of an agent process whose data goes to ``url`` and waits in ``spool_dir``."""
    own = {"AGENTOPS_API_ENDPOINT": url, "AGENTOPS_API_KEY": api_key, "AGENTOPS_SPOOL_DIR": str(spool_dir)}
    return {**os.environ, **own}


class Actor:
    """One agent process."""

    def __init__(self, env: dict[str, str]) -> None:
        command = [sys.executable, str(ACTOR)]
        self._process = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin = self._process.stdin
        self._stdout = self._process.stdout

    def tell(self, command: str, **arguments: Any) -> None:
        """Gives a command and does not wait for what comes of it."""
        self._stdin.write(json.dumps({"do": command, **arguments}) + "\n")
        self._stdin.flush()

    def answer(self) -> dict[str, Any]:
        line = self._stdout.readline()
        assert line, f"the agent ended with exit code {self._process.wait(WAIT_S)}"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def do(self, command: str, **arguments: Any) -> dict[str, Any]:
        """Gives a command and waits until it is done."""
        self.tell(command, **arguments)
        return self.answer()

    def record(self, count: int) -> list[str]:
        """The ids of the events that were recorded."""
        ids: list[str] = self.do("record", count=count)["ids"]
        return ids

    def kill9(self) -> list[dict[str, Any]]:
        """SIGKILL; returns what it had still said."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(WAIT_S)
        # A line without its end was being written when the process died: its call had returned, its id is unknown.
        rest = [json.loads(line) for line in self._stdout if line.endswith("\n")]
        self.close()
        return rest

    def close(self) -> int:
        """Lets it run to its end; returns its exit code."""
        if not self._stdin.closed:
            try:
                self._stdin.close()
            except BrokenPipeError:
                assert self._process.poll() is not None
        exit_code = self._process.wait(WAIT_S)
        self._stdout.close()
        return exit_code


@contextmanager
def acting(env: dict[str, str]) -> Iterator[Actor]:
    actor = Actor(env)
    try:
        yield actor
    finally:
        if actor._process.poll() is None:
            actor.kill9()
        actor.close()


def flush_spool(env: dict[str, str]) -> None:
    """``agentops flush``: delivers what dead processes left behind."""
    done = subprocess.run(
        [str(AGENTOPS), "flush"], env=env, capture_output=True, text=True, timeout=WAIT_S, check=False
    )
    assert done.returncode == 0, f"agentops flush ended with {done.returncode}:\n{done.stdout}{done.stderr}"


def wait_for(what: str, condition: Callable[[], bool]) -> None:
    """Polls until it is so; the limit is there only to end a test that would never end."""
    deadline = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline, f"{what}: still not so after {WAIT_S} s"
        time.sleep(0.05)


def assert_has_once(reader: Reader, session_id: str, ids: Sequence[str]) -> None:
    """Exactly these events, each once, and every figure of the session agrees with them."""
    export = reader.export(session_id)
    stats = reader.stats(session_id)
    rows = export["llms"]
    count = len(ids)
    assert sorted(row["id"] for row in rows) == sorted(ids)
    assert [export[kind] for kind in ("tools", "actions", "errors")] == [[], [], []]
    assert (stats["events"], stats["llms"]) == (count, count)
    assert (stats["prompt_tokens"], stats["completion_tokens"]) == (1000 * count, 500 * count)
    assert Decimal(stats["cost"]) == COST_OF_ONE * count
    assert sum(Decimal(str(row["cost"])) for row in rows) == COST_OF_ONE * count
    assert stats["cost_is_lower_bound"] is False
    assert export["stats"] == stats
    assert reader.session(session_id)["stats"] == stats
    rows = reader.pages(f"/v2/sessions/{session_id}/events", "events")
    assert sorted(row["id"] for row in rows) == sorted(ids)
