"""Take the pictures of docs/images: ``python docs/screenshots.py`` (needs Chromium, which `make test` installs).

Every view in light, dark and narrow, empty and full. They show sessions that the programs of examples/ and of the tests
record on a server which this command starts and ends; the weeks before are the same sessions, told again.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import urllib3
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "examples"), str(ROOT / "docs")]

from demo import DemoServer, demo_key, run_agents  # noqa: E402 - the examples are programs, not a package
from recorded_history import PATIENCE_S, repeat_back_in_time  # noqa: E402
from small_png import shrink  # noqa: E402
from tests.conftest import BROWSER_ARGUMENTS  # noqa: E402
from tests.e2e.test_page_media import CLIP, PROGRAM  # noqa: E402
from tests.provision import BROWSER  # noqa: E402

from agentops_server.auth.links import Links  # noqa: E402
from agentops_server.storage.control.location import control_url  # noqa: E402
from agentops_server.storage.control.store import ControlStore  # noqa: E402

IMAGES = ROOT / "docs" / "images"
WIDE, NARROW, LARGE = {"width": 1440, "height": 860}, {"width": 390, "height": 800}, {"width": 2560, "height": 1300}
SMALL = {"width": 640, "height": 400}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": WIDE, "color_scheme": "light"},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "narrow": {"viewport": NARROW, "color_scheme": "light"},
}
DAYS, MOST_A_DAY = 60, 14
LONG_STEPS = 120
SESSION_VIEWS = ("chat", "graph", "errors", "cost", "logs", "environment", "raw")
SETTLE_MS = 900  # the stream of news never lets the network be idle
IS_READ = "() => document.querySelector('[aria-busy=true]') === null"


@dataclass(frozen=True)
class Recorded:
    """A server and what was recorded on it."""

    url: str
    api_key: str
    server_dir: Path = Path()
    refund: str = ""
    answer: str = ""
    filmed: str = ""
    long: str = ""

    def list(self, **query: str) -> list[dict[str, Any]]:
        headers = {"X-Agentops-Api-Key": self.api_key}
        answer = urllib3.request("GET", f"{self.url}/v2/sessions", fields=query, headers=headers, timeout=PATIENCE_S)
        sessions: list[dict[str, Any]] = answer.json()["sessions"]
        return sessions


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, _browser() as browser:
        with _server(Path(folder, "empty")) as (url, api_key):
            _take_empty(browser, url, api_key, Path(folder))
        data_dir = Path(folder, "full")
        with _server(data_dir) as (url, api_key):
            _take_full(browser, _record(url, api_key, data_dir), data_dir)


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(BROWSER), args=list(BROWSER_ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def _server(data_dir: Path) -> Iterator[tuple[str, str]]:
    api_key = demo_key(data_dir)
    server = DemoServer(0, data_dir / "server", api_key)
    try:
        server.wait_until_ready()
        yield server.url, api_key
    finally:
        server.stop()


def _record(url: str, api_key: str, data_dir: Path) -> Recorded:
    """The demo's sessions and their past."""
    run_agents(url, api_key, 1.0, data_dir)
    plain = Recorded(url, api_key, data_dir / "server")
    repeat_back_in_time(url, api_key, DAYS, MOST_A_DAY)
    refund, answer = (plain.list(tag=tag)[0]["session_id"] for tag in ("refund-triage", "faq"))
    return replace(plain, refund=refund, answer=answer)


def _record_more(browser: Browser, recorded: Recorded, data_dir: Path) -> Recorded:
    """A long session, and one with a video, of which the pictures of the project know nothing."""
    clerk, traveller = data_dir / "order_clerk", data_dir / "web_agent"
    long = f"import tests.e2e.long_runner as runner; runner.STEPS = {LONG_STEPS}; runner.main()"
    _run([long], recorded, clerk)
    _run([PROGRAM, str(CLIP), json.dumps(_seen_by_an_agent(browser, recorded))], recorded, traveller)
    return replace(recorded, filmed=_wait_for_video(recorded), long=recorded.list(tag="long")[0]["session_id"])


def _seen_by_an_agent(browser: Browser, recorded: Recorded) -> list[str]:
    """What an agent with a browser keeps of what it sees: pages of this very server."""
    context, page = _open(browser, recorded.url, recorded.api_key, viewport=SMALL)
    shots, session = [], f"/sessions/{recorded.refund}"
    for path in ("/", "/?tag=faq", session, f"{session}?view=chat", "/overview"):
        page.goto(path)
        page.wait_for_timeout(SETTLE_MS)
        picture = _shrink(page, page.screenshot())
        shots.append(f"data:image/png;base64,{base64.b64encode(picture).decode()}")
    context.close()
    return shots


def _run(program: list[str], recorded: Recorded, folder: Path) -> None:
    """Run a program in a folder, whose name its session gets."""
    folder.mkdir(exist_ok=True)
    env = {**os.environ, "AGENTOPS_API_KEY": recorded.api_key, "AGENTOPS_API_ENDPOINT": recorded.url}
    env |= {"AGENTOPS_SPOOL_DIR": str(folder / "spool"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", *program]
    subprocess.run(command, env=env, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - it is ours


def _wait_for_video(recorded: Recorded) -> str:
    """The session with a video, once that has arrived."""
    while not (found := [one for one in recorded.list(limit="5") if one["video"]]):
        time.sleep(0.5)
    return str(found[0]["session_id"])


def _open(browser: Browser, url: str, api_key: str, **options: Any) -> tuple[BrowserContext, Page]:
    context = browser.new_context(base_url=url, **options)
    context.set_default_timeout(PATIENCE_S * 1_000)
    context.request.post("/auth/sign_in", data={"api_key": api_key})
    return context, context.new_page()


def _take_empty(browser: Browser, url: str, api_key: str, folder: Path) -> None:
    context, page = _open(browser, url, api_key, viewport=WIDE)
    for name in ("sessions", "overview", "compare", "settings"):
        page.goto("/" if name == "sessions" else f"/{name}")
        _shoot(page, f"{name}-empty")
    agent = "import agentops; agentops.init(auto_start_session=True); agentops.end_session('Success')"
    _run([agent], Recorded(url, api_key), folder / "first_agent")
    page.goto("/")
    page.get_by_test_id("session-row").first.locator("a").first.click()
    page.get_by_test_id("why").wait_for()
    _shoot(page, "session-empty")
    context.close()


def _take_full(browser: Browser, recorded: Recorded, data_dir: Path) -> None:
    signed_out = browser.new_context(viewport=WIDE, base_url=recorded.url).new_page()
    signed_out.set_default_timeout(PATIENCE_S * 1_000)
    signed_out.goto("/")
    _shoot(signed_out, "sign-in")
    for suffix, options in LOOKS.items():
        context, page = _open(browser, recorded.url, recorded.api_key, **options)
        _take_project(page, recorded, suffix)
        context.close()
    recorded = _record_more(browser, recorded, data_dir)
    for suffix, options in LOOKS.items():
        context, page = _open(browser, recorded.url, recorded.api_key, **options)
        _take_session(page, recorded, suffix)
        context.close()
    context, page = _open(browser, recorded.url, recorded.api_key, viewport=LARGE)
    _take_large(page, recorded)
    context.close()


def _take_project(page: Page, recorded: Recorded, suffix: str) -> None:
    page.goto("/")
    page.get_by_test_id("session-row").first.wait_for()
    _shoot(page, f"sessions-{suffix}")
    page.keyboard.press("Control+k")
    _shoot(page, f"palette-{suffix}")
    page.goto("/overview?days=30")
    page.locator("canvas").first.wait_for()
    _shoot(page, f"overview-{suffix}")
    page.goto(f"/compare?a={recorded.refund}&b={recorded.answer}")
    page.locator(".pair:not(.single) summary").first.click()
    _shoot(page, f"compare-{suffix}")
    page.goto("/start")
    _shoot(page, f"start-{suffix}")
    _sign_in_by_link(page, recorded)
    page.goto("/settings")
    _shoot(page, f"settings-{suffix}")


def _sign_in_by_link(page: Page, recorded: Recorded) -> None:
    """As the operator of the server, who has some projects."""
    control = ControlStore.open(control_url(recorded.server_dir))
    code = Links(control).create(control.ensure_project("default").id)
    control.close()
    page.context.request.get(f"/auth/link/{code}")
    for name in ("support-bot", "research"):
        page.context.request.post("/v2/projects", data={"name": name})  # the second look finds them there


def _take_session(page: Page, recorded: Recorded, suffix: str) -> None:
    address = f"/sessions/{recorded.refund}"
    page.goto(address)
    page.get_by_test_id("event-row").first.wait_for()
    if suffix != "narrow":
        page.get_by_test_id("event-row").filter(has_text="gpt-4o").first.click()
    _shoot(page, f"session-{suffix}")
    page.goto(f"{address}?find=kettle")
    page.locator("[data-testid=event-row]:not(.around)").first.wait_for()
    page.keyboard.press("n")
    _shoot(page, f"find-{suffix}")
    for view in SESSION_VIEWS:
        page.goto(f"{address}?view={view}")
        _shoot(page, f"{view}-{suffix}")
    page.goto(f"/sessions/{recorded.filmed}?view=media")
    page.locator("video").wait_for()
    _shoot(page, f"media-{suffix}")


def _take_large(page: Page, recorded: Recorded) -> None:
    """A long list, a long session, and what both come to, on a large screen."""
    for name, path in (("sessions", "/?tag=demo"), ("overview", "/overview?days=30&by=agent")):
        page.goto(path)
        _shoot(page, f"{name}-full")
    page.goto(f"/sessions/{recorded.long}")
    page.get_by_test_id("event-row").nth(5).click()
    _shoot(page, "session-full")


def _shoot(page: Page, name: str) -> None:
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_function(IS_READ)
    page.wait_for_timeout(SETTLE_MS)
    (IMAGES / f"{name}.png").write_bytes(_shrink(page, page.screenshot()))


def _shrink(page: Page, picture: bytes) -> bytes:
    workshop = page.context.new_page()  # the page's own policy allows no data
    small = shrink(workshop, picture)
    workshop.close()
    return small


if __name__ == "__main__":
    main()
