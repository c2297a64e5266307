"""A project as the programs of examples/ leave it: refunds by two agents, an answer, a crash, one that just stops."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

from tests.serving import Reader, Server

EXAMPLES = Path(__file__).parents[2] / "examples"
SMALL_RUNS = ("answer", "import", "draft")
PATIENCE_S = 60


def run_agent(server: Server, spool: Path, *arguments: str, **variables: str) -> None:
    """Run one of the programs to its end, at once."""
    env = {**os.environ, "AGENTOPS_API_KEY": server.api_key, "AGENTOPS_API_ENDPOINT": server.url, **variables}
    env["AGENTOPS_SPOOL_DIR"] = str(spool)
    program = [sys.executable, str(EXAMPLES / arguments[0]), *arguments[1:], "--pace", "0"]
    subprocess.run(program, env=env, capture_output=True, timeout=120, check=False)


def record_small_runs(server: Server, spool: Path) -> None:
    for name in SMALL_RUNS:
        run_agent(server, spool, "small_runs.py", name)


def record_refunds(server: Server, spool: Path, count: int = 2) -> None:
    for _ in range(count):
        run_agent(server, spool, "support_agent.py")


def wait_until_summed(reader: Reader) -> list[dict[str, Any]]:
    """The project's sessions, newest first, once all events are in the sums that lists and overviews are made of."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        sessions: list[dict[str, Any]] = reader.get("/v2/sessions", limit="200")["sessions"]
        events = sum(session["stats"]["events"] for session in sessions)
        if reader.get("/v2/overview")["totals"]["events"] == events:
            return sessions
        assert time.monotonic() < deadline, "not summed up in a minute"
        time.sleep(0.1)


def sign_in(page: Page, server: Server, api_key: str = "") -> None:
    page.request.post(f"{server.url}/auth/sign_in", data={"api_key": api_key or server.api_key})


def rows(page: Page) -> Locator:
    return page.get_by_test_id("session-row")


def shown_ids(page: Page) -> list[str]:
    """The sessions of the list from the top, by their links."""
    link = "row.querySelector('.c-title a').getAttribute('href')"
    places = f"rows => rows.map(row => [row.getBoundingClientRect().top, {link}])"
    found: list[tuple[float, str]] = page.locator("[data-testid=session-row]").evaluate_all(places)
    return [href.removeprefix("/sessions/") for _, href in sorted(found)]
