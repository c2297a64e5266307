"""Take the pictures of docs/images: ``python docs/screenshots.py`` (needs Chromium, which `make test` installs).

They show the sessions of the demo's programs, recorded by a server that this command starts and ends.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "examples")]

from demo import DemoServer, demo_key, run_agents  # noqa: E402 - the examples are programs, not a package
from tests.conftest import BROWSER_ARGUMENTS  # noqa: E402
from tests.provision import BROWSER  # noqa: E402

IMAGES = ROOT / "docs" / "images"
_SHOWN = {"chat": "conversation", "graph": "graph", "cost": "cost"}
WIDE, NARROW = {"width": 1440, "height": 820}, {"width": 390, "height": 800}


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        api_key = demo_key(data_dir)
        server = DemoServer(0, data_dir / "server", api_key)
        try:
            server.wait_until_ready()
            run_agents(server.url, api_key, 1.0, data_dir)
            _take_all(server.url, api_key)
        finally:
            server.stop()


def _take_all(url: str, api_key: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(BROWSER), args=list(BROWSER_ARGUMENTS))
        signed_out = browser.new_context(viewport=WIDE, base_url=url).new_page()
        signed_out.goto("/")
        _shoot(signed_out, "sign-in")
        for theme in ("light", "dark"):
            context = browser.new_context(viewport=WIDE, base_url=url, color_scheme=theme)
            _take_pages(context, api_key, f"-{theme}")
        _take_pages(browser.new_context(viewport=NARROW, base_url=url), api_key, "-narrow")
        browser.close()


def _take_pages(context: BrowserContext, api_key: str, suffix: str) -> None:
    context.request.post("/auth/sign_in", data={"api_key": api_key})
    page = context.new_page()
    page.goto("/")
    page.get_by_test_id("session-row").first.wait_for()
    _shoot(page, f"sessions{suffix}")
    page.locator("a[href^='/sessions/']", has_text="support").first.click()
    page.get_by_test_id("event-row").first.wait_for()
    session = page.url
    if suffix != "-narrow":
        page.get_by_test_id("event-row").filter(has_text="gpt-4o").first.click()
    _shoot(page, f"session{suffix}")
    for view in ("chat", "graph", "cost"):
        page.goto(f"{session}?view={view}")
        page.get_by_test_id(_SHOWN[view]).wait_for()
        _shoot(page, f"{view}{suffix}")
    for path in ("overview", "settings", "start"):
        page.goto(f"/{path}")
        page.get_by_role("heading", level=1).wait_for()
        _shoot(page, f"{path}{suffix}")


def _shoot(page: Page, name: str) -> None:
    page.wait_for_timeout(1_200)  # the stream of news never lets the network be idle
    page.screenshot(path=IMAGES / f"{name}.png")


if __name__ == "__main__":
    main()
