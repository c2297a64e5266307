"""The whole of AgentOps in one command: a server, an agent program, and its session in the page.

    make demo                                                  (Ctrl-C ends it)
    .venv/bin/python examples/demo.py --port 8766 --pace 0

What it stores is under .data/; remove that folder to start over.
"""

import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import uuid
from pathlib import Path
from threading import Event, Thread
from types import FrameType
from typing import Any, NoReturn

import urllib3

HERE = Path(__file__).resolve().parent
START_TIMEOUT_S = 60
SMALL_RUNS = ("answer", "import", "draft")


class DemoError(Exception):
    """Something that the person at the terminal has to decide; the message says what to do."""


def demo_key(folder: Path) -> str:
    """The API key of the demo's project: made once, readable by its owner only."""
    file = folder / "demo-api-key"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(f"{uuid.uuid4()}\n")
    return file.read_text().strip()


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            command = f".venv/bin/python examples/demo.py --port {port + 1}"
            message = f"Port {port} is taken by another program: end that one, or take another port with\n  {command}"
            raise DemoError(message) from error


class DemoServer:
    """A running ``agentops-server``; what it prints is passed through.

    It gets a process group of its own, so that Ctrl-C reaches this program only, which then ends the server in order.
    """

    def __init__(self, port: int, data_dir: Path, api_key: str) -> None:
        program = Path(sys.executable).with_name("agentops-server")
        options = ["serve", "--host", "127.0.0.1", "--port", str(port), "--data-dir", str(data_dir)]
        self.url = ""
        self._ready = Event()
        self._process = subprocess.Popen(
            [str(program), *options],
            env={**os.environ, "AGENTOPS_INIT_API_KEY": api_key},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        Thread(target=self._pass_through, daemon=True).start()

    def _pass_through(self) -> None:
        for line in self._process.stdout or ():
            print(line, end="", flush=True)
            if found := re.search(r"is ready at (http://\S+)", line):
                self.url = found[1].rstrip("/")
                self._ready.set()
        self._ready.set()  # it ended: nobody shall wait for it

    def wait_until_ready(self) -> None:
        self._ready.wait(START_TIMEOUT_S)
        if not self.url:
            self.stop()
            raise DemoError("The server did not start; what it printed above says why.")
        health = urllib3.request("GET", f"{self.url}/healthz", timeout=10.0)
        if health.status != 200:
            raise DemoError(f"The server is not well: {health.data.decode()}")

    def wait(self) -> NoReturn:
        raise DemoError(f"The server ended by itself with exit code {self._process.wait()}.")

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def read(url: str, path: str, api_key: str) -> dict[str, Any]:
    answer = urllib3.request("GET", url + path, headers={"X-Agentops-Api-Key": api_key}, timeout=10.0)
    if answer.status == 401:
        raise DemoError("The server does not know the demo's key: remove the folder .data and start the demo again.")
    if answer.status != 200:
        raise DemoError(f"GET {path} answered {answer.status}: {answer.data.decode()}")
    body: dict[str, Any] = json.loads(answer.data)
    return body


def run_example(arguments: list[str], env: dict[str, str], *, shown: bool) -> str:
    """Runs one example program as a process of its own, as a user would; returns what it printed."""
    printed = []
    errors = None if shown else subprocess.DEVNULL
    command = [sys.executable, str(HERE / arguments[0]), *arguments[1:]]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=errors, text=True) as program:
        try:
            for line in program.stdout or ():
                printed.append(line)
                if shown:
                    print(line, end="", flush=True)
        except KeyboardInterrupt:
            program.terminate()
            raise
    if shown and program.returncode != 0:
        raise DemoError(f"{arguments[0]} ended with exit code {program.returncode}.")
    return "".join(printed)


def show_session(url: str, session_id: str, api_key: str) -> None:
    stats = read(url, f"/v2/sessions/{session_id}/stats", api_key)
    counts = f"LLM calls {stats['llms']}, tools {stats['tools']}, actions {stats['actions']}, errors {stats['errors']}"
    bound = "at least " if stats["cost_is_lower_bound"] else ""
    print(f"  events      {counts}")
    print(f"  tokens      {stats['prompt_tokens']:,} in, {stats['completion_tokens']:,} out")
    print(f"  duration    {stats['duration']}")
    print(f"  cost        {bound}${stats['cost']}")
    print(f"  ended       {stats['end_state']}: {stats['end_state_reason']}")


def run_agents(url: str, api_key: str, pace: float, data_dir: Path) -> None:
    env = {**os.environ, "AGENTOPS_API_KEY": api_key, "AGENTOPS_API_ENDPOINT": url}
    env["AGENTOPS_SPOOL_DIR"] = str(data_dir / "spool")
    print("\nTwo agents work on a refund (examples/support_agent.py):", flush=True)
    printed = run_example(["support_agent.py", "--pace", str(pace)], env, shown=True)
    ids = re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", printed)
    if not ids:
        raise DemoError("support_agent.py did not say which session it recorded.")
    print("\nWhat the server knows about it:")
    show_session(url, ids[-1], api_key)
    print("\nThree smaller runs for company: one is answered, one crashes, one just stops (examples/small_runs.py).")
    for name in SMALL_RUNS:
        run_example(["small_runs.py", name, "--pace", str(pace)], env, shown=False)
    print(f"\nSee it at {url}/sessions/{ids[-1]}")
    print(f"Sign in with the link above, or with the API key in {data_dir / 'demo-api-key'}")
    print("The server keeps running. Ctrl-C ends it.", flush=True)


def end_on_signal(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def run(options: argparse.Namespace) -> NoReturn:
    api_key = demo_key(options.data_dir)
    if options.port:
        check_port(options.port)
    server = DemoServer(options.port, options.data_dir / "server", api_key)
    try:
        server.wait_until_ready()
        run_agents(server.url, api_key, options.pace, options.data_dir)
        server.wait()
    finally:
        server.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8765, help="where the server listens; 0 takes a free one")
    parser.add_argument("--data-dir", type=Path, default=Path(".data"), help="where everything is kept")
    parser.add_argument("--pace", type=float, default=1.0, help="how long the agents take: 0 answers at once")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end_on_signal)
    try:
        run(parser.parse_args())
    except DemoError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nThe server has ended. Everything it stored is still there for the next demo.")
        return 0


if __name__ == "__main__":
    sys.exit(main())
