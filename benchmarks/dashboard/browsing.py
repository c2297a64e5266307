"""A headless Chromium on a page, and what it measures of itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TypeAlias

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from tests.conftest import BROWSER_ARGUMENTS
from tests.provision import BROWSER

VIEWPORT = ViewportSize(width=1440, height=900)
SCROLL_STEPS = 120
LOADING_TIMEOUT_MS = 180_000
Figures: TypeAlias = dict[str, float]
# Looks every frame, so that the time is that of the first frame with a row in it, not that of somebody who asks for it.
_WATCH = """isThere => {
  const look = () => {
    if (!eval(isThere)()) requestAnimationFrame(look);
    else requestAnimationFrame(() => (window.firstRowMs = performance.now()));
  };
  requestAnimationFrame(look);
}"""
# The answer that the first rows waited for: the last one that had come when they were painted.
_ANSWERED = """painted => Math.max(...performance.getEntriesByType('resource').map(each => each.responseEnd)
  .filter(end => end > 0 && end < painted))"""
_TRANSFERRED = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .filter(each => ['navigation', 'script', 'link', 'css'].includes(each.initiatorType || each.entryType))
  .reduce((sum, each) => sum + each.encodedBodySize, 0)"""
# Every frame scrolls on by the same part of the whole; the times between frames are what a reader sees.
_SCROLL = """async ([find, steps]) => {
  const pane = eval(find)();
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


@dataclass(frozen=True)
class Opening:
    """An address to open and scroll through. The last four are JavaScript functions without parameters."""

    path: str
    row: str
    """The selector of a row."""
    is_there: str
    """Whether the first row is."""
    is_done: str
    """Whether everything is loaded."""
    pane: str
    """What scrolls."""
    sign_in: Callable[[Page], None] = lambda page: None  # noqa: ARG005 - a page without accounts


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A browser that tells how much memory its pages take."""
    arguments = [*BROWSER_ARGUMENTS, "--enable-precise-memory-info", "--js-flags=--expose-gc"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(BROWSER), args=arguments)
        try:
            yield browser
        finally:
            browser.close()


def measure_page(browser: Browser, url: str, opening: Opening, runs: int) -> Figures:
    """The medians of some runs, each with nothing in the browser's cache."""
    measured = [_measure_once(browser, url, opening) for _ in range(runs)]
    return {name: round(median(each[name] for each in measured), 1) for name in measured[0]}


def _measure_once(browser: Browser, url: str, opening: Opening) -> Figures:
    # What watches is evaluated as text, which the page's own policy would not allow.
    context = browser.new_context(viewport=VIEWPORT, base_url=url, bypass_csp=True)
    page = context.new_page()
    try:
        opening.sign_in(page)
        page.goto(opening.path, wait_until="commit")
        page.evaluate(_WATCH, opening.is_there)
        page.wait_for_function("() => window.firstRowMs !== undefined", timeout=LOADING_TIMEOUT_MS)
        painted_ms = page.evaluate("window.firstRowMs")
        answered_ms = page.evaluate(_ANSWERED, painted_ms)
        page.wait_for_function(opening.is_done, timeout=LOADING_TIMEOUT_MS)
        loaded_ms = page.evaluate("performance.now()")
        frames_ms = page.evaluate(_SCROLL, [opening.pane, SCROLL_STEPS])
        return {
            "first rows after data, ms": painted_ms - answered_ms,
            "first rows after opening, ms": painted_ms,
            "all loaded, ms": loaded_ms,
            "scrolling, p95 frame, ms": quantiles(frames_ms, n=20)[18],
            "rows in the page": page.locator(opening.row).count(),
            "elements in the page": page.evaluate("document.querySelectorAll('*').length"),
            "heap, MB": page.evaluate("(gc(), performance.memory.usedJSHeapSize)") / 1e6,
            "first load, KB": page.evaluate(_TRANSFERRED) / 1e3,
        }
    finally:
        context.close()
