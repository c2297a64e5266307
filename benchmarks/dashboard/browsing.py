"""A headless Chromium on the page of a server, and what it measures of itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import quantiles
from typing import Any

from playwright.sync_api import Page, ViewportSize, sync_playwright
from tests.conftest import BROWSER_ARGUMENTS
from tests.provision import BROWSER

from benchmarks.serving import Server

VIEWPORT = ViewportSize(width=1440, height=900)
SCROLL_STEPS = 120
LOADING_TIMEOUT_MS = 120_000
# Looks every frame, so that the time is that of the first frame with a row in it, not that of somebody who asks for it.
_WATCH = """selector => {
  const look = () => {
    if (document.querySelector(selector) === null) requestAnimationFrame(look);
    else requestAnimationFrame(() => (window.firstRowMs = performance.now()));
  };
  requestAnimationFrame(look);
}"""
_ANSWERED = "part => performance.getEntriesByType('resource').find(each => each.name.includes(part)).responseEnd"
# Every frame scrolls on by the same part of the whole; the times between frames are what a reader sees.
_SCROLL = """async ([selector, steps]) => {
  const pane = document.querySelector(selector);
  const step = Math.max((pane.scrollHeight - pane.clientHeight) / steps, 1);
  const times = [];
  let last = performance.now();
  for (let index = 0; index < steps; index++) {
    pane.scrollTop += step;
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  return times;
}"""


@contextmanager
def open_page(server: Server) -> Iterator[Page]:
    """A page that is signed in to the server."""
    arguments = [*BROWSER_ARGUMENTS, "--enable-precise-memory-info", "--js-flags=--expose-gc"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(BROWSER), args=arguments)
        page = browser.new_context(viewport=VIEWPORT, base_url=server.url).new_page()
        page.request.post(f"{server.url}/auth/sign_in", data={"api_key": server.api_key})
        try:
            yield page
        finally:
            browser.close()


def measure_page(page: Page, path: str, *, data: str, row: str, pane: str, done: str) -> dict[str, Any]:
    """Open an address and scroll through it.

    Args:
        page: Where.
        path: The address.
        data: What the address of the request has in it whose answer the first rows come from.
        row: The selector of a row.
        pane: The selector of what scrolls.
        done: A JavaScript function that gives true once everything is loaded.
    """
    page.goto("about:blank")
    page.goto(path, wait_until="commit")
    page.evaluate(_WATCH, row)
    page.wait_for_function("() => window.firstRowMs !== undefined", timeout=LOADING_TIMEOUT_MS)
    painted_ms = page.evaluate("window.firstRowMs")
    answered_ms = page.evaluate(_ANSWERED, data)
    page.wait_for_function(done, timeout=LOADING_TIMEOUT_MS)
    loaded_ms = page.evaluate("performance.now()")
    frames_ms = page.evaluate(_SCROLL, [pane, SCROLL_STEPS])
    return {
        "first rows after data, ms": round(painted_ms - answered_ms),
        "all loaded, ms": round(loaded_ms),
        "scrolling, p95 frame, ms": round(quantiles(frames_ms, n=20)[18], 1),
        "rows in the page": page.locator(row).count(),
        "heap, MB": round(page.evaluate("(gc(), performance.memory.usedJSHeapSize)") / 1e6, 1),
    }
