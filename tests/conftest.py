"""Fixtures for tests that need the whole server: a process of its own, a reader of its API, a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

pytest.register_assert_rewrite(
    *("tests.serving", "tests.compat.comparing", "tests.e2e.acting", "tests.e2e.killing"),
    *("tests.server.http.api", "tests.server.unit.wire.bodies"),
)

from tests.provision import BROWSER  # noqa: E402 - what asserts is registered before it is imported
from tests.serving import Reader, Server  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Route

BROWSER_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server that the tests of one module share; they must not kill it."""
    yield from _serve(tmp_path_factory.mktemp("server"))


@pytest.fixture
def mortal_server(tmp_path: Path) -> Iterator[Server]:
    """A running server of one test's own, which may kill it."""
    yield from _serve(tmp_path)


@pytest.fixture
def reader(server: Server) -> Reader:
    return Reader(server.url, server.api_key)


def _serve(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. Not for the whole run: while it lives, no test of this process can start an event loop of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(BROWSER), args=list(BROWSER_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """A new, signed-out page on ``server``. The test fails on an error in its console and on a request elsewhere."""
    context = browser.new_context(base_url=server.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    problems: list[str] = []
    refused = "the server responded with a status of 401"  # how the page learns that nobody is signed in

    def keep_home(route: Route) -> None:
        if urlsplit(route.request.url).netloc == urlsplit(server.url).netloc:
            route.continue_()
        else:
            problems.append(f"request to {route.request.url}")
            route.abort()

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and refused not in message.text:
            problems.append(f"{message.text} ({message.location['url']})")

    context.route("**/*", keep_home)
    page.on("pageerror", lambda error: problems.append(f"uncaught: {error}"))
    page.on("console", note)
    yield page
    context.close()
    assert problems == []
