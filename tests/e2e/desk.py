"""A project as the programs of examples/ leave it: refunds by two agents, an answer, a crash, one that just stops."""

import json
import os
import subprocess
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import urllib3
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


def record_extremes(server: Server) -> str:
    """A session an hour ago in which all is longer than anybody expects: names, figures, times. Returns its id."""
    begun = datetime.now(UTC) - timedelta(hours=1)
    times = {"init_timestamp": begun.isoformat(), "end_timestamp": (begun + timedelta(minutes=59)).isoformat()}
    agent_id, call_id = str(uuid.uuid4()), str(uuid.uuid4())
    long = "".join(f"longest-{number}-" for number in range(12))
    facts = {"name": f"{long} {long}", "tags": [f"tag-{long}", f"{long}-tag"], "end_state": "Failure", **times}
    session_id = str(uuid.uuid4())
    token = _post(
        server,
        "/v2/create_session",
        {"session": {"session_id": session_id, "end_state_reason": long * 3, **facts}},
        {"X-Agentops-Api-Key": server.api_key},
    )["jwt"]
    by_token = {"Authorization": f"Bearer {token}"}
    _post(server, "/v2/create_agent", {"id": agent_id, "name": f"agent-{long}"}, by_token)
    tokens = {"prompt_tokens": 2_000_000_000, "completion_tokens": 1_900_000_000, "cost": "123456789.123456"}
    call = {"event_type": "llms", "model": f"model-{long}", "prompt": long * 20, "completion": long * 20, **tokens}
    tool = {"event_type": "tools", "name": f"tool-{long}", "params": {long: long * 9}, "returns": [long] * 9}
    error = {"event_type": "errors", "error_type": f"Error{long}", "details": long * 20, "trigger_event_id": call_id}
    events = [
        {"id": each, **row} for each, row in ((call_id, call), (str(uuid.uuid4()), tool), (str(uuid.uuid4()), error))
    ]
    _post(server, "/v2/create_events", {"events": [{**one, "agent_id": agent_id, **times} for one in events]}, by_token)
    return session_id


def _post(server: Server, path: str, body: dict[str, Any], headers: dict[str, str]) -> Any:
    answer = urllib3.request("POST", server.url + path, body=json.dumps(body), headers=headers, timeout=PATIENCE_S)
    assert answer.status == 200, answer.data
    return answer.json()


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


# There is a view, nothing is on its way or fades, and for ten frames nothing changed.
_STILL = """() => new Promise(done => {
  let frames = 0;
  const changes = new MutationObserver(() => { frames = 0; });
  changes.observe(document, { attributes: true, characterData: true, childList: true, subtree: true });
  const isFading = each => each.playState === "running" && each.effect.getComputedTiming().endTime !== Infinity;
  const look = () => {
    const has = selector => document.querySelector(selector) !== null;
    const isBusy = document.readyState !== "complete" || !has("main") || has("[aria-busy=true]");
    frames = isBusy || document.getAnimations().some(isFading) ? 0 : frames + 1;
    if (frames <= 10) return requestAnimationFrame(look);
    changes.disconnect();
    done();
  };
  look();
})"""


def wait_until_still(page: Page) -> None:
    """Until the page has all that it asked for and shows it."""
    page.evaluate(_STILL)


def rows(page: Page) -> Locator:
    return page.get_by_test_id("session-row")


_SHOWN_IDS = """() => [...document.querySelectorAll("[data-testid=session-row]")]
  .map(row => [row.getBoundingClientRect().top, row.querySelector(".c-title a").getAttribute("href")])
  .sort(([one], [other]) => one - other)
  .map(([, href]) => href.replace("/sessions/", ""))"""


def shown_ids(page: Page) -> list[str]:
    """The sessions of the list from the top, by their links."""
    found: list[str] = page.evaluate(_SHOWN_IDS)
    return found


def expect_ids(page: Page, wanted: list[str]) -> None:
    """The list shows these sessions in this order, at once or after its next answer."""
    page.wait_for_function(f"wanted => JSON.stringify(({_SHOWN_IDS})()) === JSON.stringify(wanted)", arg=wanted)
