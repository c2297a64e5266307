"""Every view beside the session's: without data, while it loads, when it fails, on every screen, and as axe sees it."""

import json
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.axe import find_violations
from tests.e2e.desk import (
    record_extremes,
    record_refunds,
    record_small_runs,
    rows,
    sign_in,
    wait_until_still,
    wait_until_summed,
)  # fmt: skip
from tests.serving import Reader, Server

pytestmark = pytest.mark.xdist_group("page-states")

FIRST_LOAD_BYTES = 200_000
# What browsers call good is a tenth; the sum of how far what was already shown moved by itself.
MOST_SHIFT = 0.05
NOTE_SHIFTS = """
window.shifted = [0, []];
const describe = ({ node, previousRect: from, currentRect: to }) =>
    `${node?.nodeName} ${node?.className ?? ""} from ${from.x},${from.y} to ${to.x},${to.y}`;
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) {
        window.shifted[0] += entry.value;
        window.shifted[1].push(...entry.sources.map(describe));
    }
}).observe({ type: "layout-shift", buffered: true });
"""
PATHS = ("/", "/overview", "/compare", "/settings", "/start")
SCREENS = {"phone": (360, 740), "tablet": (820, 1100), "4K": (3840, 2160)}
SESSION_VIEWS = ("waterfall", "chat", "graph", "errors", "cost", "logs", "media", "environment", "raw")
EXTREME = -1
"""The first that was recorded, of the list that begins with the newest."""
NO_SUCH = str(uuid.UUID(int=7, version=4))


@pytest.fixture(scope="module")
def recorded(server: Server, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    spool = tmp_path_factory.mktemp("spool")
    record_extremes(server)
    record_small_runs(server, spool)
    record_refunds(server, spool)
    return wait_until_summed(Reader(server.url, server.api_key))


@pytest.fixture
def signed_in(page: Page, server: Server, recorded: list[dict[str, Any]]) -> Page:
    sign_in(page, server)
    page.goto("/")
    expect(rows(page)).to_have_count(len(recorded))
    return page


@pytest.fixture
def held(browser: Browser, server: Server, recorded: list[dict[str, Any]]) -> Iterator[tuple[Page, list[Route]]]:
    """A page whose questions to the server are held back until a test answers them."""
    assert recorded
    context = browser.new_context(base_url=server.url)
    page = context.new_page()
    sign_in(page, server)
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    context.route(lambda url: "/v2/" in url and not url.endswith("/v2/live"), hold)
    yield page, waiting
    context.close()


def both(recorded: list[dict[str, Any]]) -> str:
    return f"/compare?a={recorded[0]['session_id']}&b={recorded[4]['session_id']}"


def open_palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()


def open_keys(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def open_filters(page: Page) -> None:
    page.goto("/?tag=demo&model=gpt-4o")
    page.get_by_text("+ Filter").click()


def choose_two(page: Page) -> None:
    for index in range(2):
        rows(page).nth(index).get_by_role("checkbox").check()
    page.get_by_label("Chosen sessions").locator("summary", has_text="Delete").click()


def open_tables(page: Page) -> None:
    page.goto("/overview")
    for summary in page.locator(".chart-table summary").all():
        summary.click()
    page.locator("div.plot").first.focus()
    page.keyboard.press("End")


def make_key(page: Page) -> None:
    page.goto("/settings")
    page.get_by_label("Label of the new key").fill(f"axe {uuid.uuid4()}")
    page.get_by_role("button", name="Make a key").click()
    expect(page.get_by_test_id("new-key")).to_be_visible()
    page.get_by_label("Model to look up").fill("gpt-4o")
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_label("Price of the model")).to_contain_text("per million tokens")
    page.locator("summary", has_text="Delete this project").click()


def lose_the_way(page: Page) -> None:
    page.evaluate("history.pushState(null, '', '/nowhere'); dispatchEvent(new PopStateEvent('popstate'))")
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


OPENED: tuple[Callable[[Page], None], ...] = (
    open_palette, open_keys, open_filters, choose_two, open_tables, make_key, lose_the_way, sign_out,
)  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("open_it", OPENED, ids=lambda each: each.__name__)
def test_axe_finds_nothing_wrong_in_what_opens(signed_in: Page, open_it: Callable[[Page], None], theme: Any) -> None:
    signed_in.emulate_media(color_scheme=theme)
    open_it(signed_in)
    wait_until_still(signed_in)
    assert find_violations(signed_in) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_wrong_in_differences(signed_in: Page, recorded: list[dict[str, Any]], theme: Any) -> None:
    signed_in.emulate_media(color_scheme=theme)
    signed_in.goto(both(recorded))
    signed_in.locator(".pair summary").first.click()
    wait_until_still(signed_in)
    assert find_violations(signed_in) == []


# By how much the page and its view are wider than they show, and what sticks out of them the furthest.
_OVERHANG = """() => {
  const panes = [document.documentElement, document.querySelector("main")];
  const wide = panes.filter(one => one.scrollWidth > one.clientWidth);
  if (wide.length === 0) return [];
  const isCutOff = one => one.matches("main > *") ? false
    : getComputedStyle(one.parentElement).overflowX !== "visible" || isCutOff(one.parentElement);
  const right = one => one.getBoundingClientRect().right;
  const [furthest] = [...document.querySelectorAll("main *")].filter(one => !isCutOff(one))
    .sort((a, b) => right(b) - right(a));
  const text = furthest.outerHTML.slice(0, 200);
  return wide.map(one => `${one.tagName} by ${one.scrollWidth - one.clientWidth} px: ${text}`);
}"""


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_is_wider_than_the_screen(signed_in: Page, recorded: list[dict[str, Any]], screen: str) -> None:
    width, height = SCREENS[screen]
    signed_in.set_viewport_size({"width": width, "height": height})
    views = [f"/sessions/{recorded[EXTREME]['session_id']}?view={view}" for view in SESSION_VIEWS]
    wider = {}
    for path in (*PATHS, both(recorded), "/overview?by=tag&of=tokens", *views):
        signed_in.goto(path)
        wait_until_still(signed_in)
        wider[path] = signed_in.evaluate(_OVERHANG)
    assert not any(wider.values()), json.dumps(wider, indent=1)


# What is cut off by what it lies in, instead of ending in an ellipsis itself.
_CUT_OFF = """() => [...document.querySelectorAll(".c-title a, .c-title small, .c-agents a, .row .name .text")]
  .filter(one => one.getBoundingClientRect().right > one.parentElement.getBoundingClientRect().right + 1)
  .map(one => `${one.className || one.tagName}: ${one.textContent.slice(0, 60)}`)"""


@pytest.mark.parametrize("screen", SCREENS)
def test_a_long_name_ends_in_an_ellipsis(signed_in: Page, recorded: list[dict[str, Any]], screen: str) -> None:
    width, height = SCREENS[screen]
    signed_in.set_viewport_size({"width": width, "height": height})
    for path in ("/", f"/sessions/{recorded[EXTREME]['session_id']}"):
        signed_in.goto(path)
        wait_until_still(signed_in)
        assert signed_in.get_by_text("longest-0").count() > 0
        assert signed_in.evaluate(_CUT_OFF) == []


def test_the_first_load_is_small(page: Page, server: Server, recorded: list[dict[str, Any]]) -> None:
    sizes: list[int] = []
    files = re.compile(rf"^{re.escape(server.url)}/($|assets/|static/)")
    page.on(
        "requestfinished",
        lambda request: sizes.append(request.sizes()["responseBodySize"]) if files.match(request.url) else None,
    )
    sign_in(page, server)
    page.goto("/")
    expect(rows(page)).to_have_count(len(recorded))
    page.wait_for_load_state("load")
    assert 50_000 < sum(sizes) <= FIRST_LOAD_BYTES, sizes


def answer(route: Route) -> None:
    """Let a question pass and wait until it is answered, or is known not to be wanted any more."""
    route.continue_()
    response = route.request.response()
    if response is not None:
        response.finished()


def release_in_turn(page: Page, waiting: list[Route], order: str) -> None:
    """Answer one question after the other, and each only when what the one before brought is shown."""
    while True:
        page.wait_for_function(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
        )
        if waiting:
            answer(waiting.pop(0 if order == "first to last" else -1))
        elif page.locator("[aria-busy=true]").count() == 0:
            return


@pytest.mark.parametrize("order", ["first to last", "last to first"])
@pytest.mark.parametrize("screen", ["phone", "tablet", "4K"])
def test_nothing_that_is_shown_moves_when_more_comes(
    held: tuple[Page, list[Route]], recorded: list[dict[str, Any]], screen: str, order: str
) -> None:
    page, waiting = held
    width, height = SCREENS[screen]
    page.set_viewport_size({"width": width, "height": height})
    page.add_init_script(NOTE_SHIFTS)
    moved = {}
    for path in (*PATHS, both(recorded), f"/sessions/{recorded[0]['session_id']}"):
        page.goto("about:blank")  # the page before asks nothing any more
        waiting.clear()
        page.goto(path)
        page.locator("main").wait_for(state="attached")  # until it is known who reads, nothing is shown as busy
        release_in_turn(page, waiting, order)
        wait_until_still(page)
        moved[path] = page.evaluate("window.shifted")
    assert max(value for value, _ in moved.values()) < MOST_SHIFT, json.dumps(moved, indent=1)


def test_the_frame_of_every_view_is_there_before_its_data(held: tuple[Page, list[Route]]) -> None:
    page, waiting = held
    for path in ("/", "/overview", "/settings"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("[aria-busy=true]").first).to_be_attached()
    assert waiting, "the data are still on their way"


@pytest.mark.parametrize("path", ["/", "/overview", "/settings"])
def test_a_failure_says_what_failed_and_offers_to_try_again(held: tuple[Page, list[Route]], path: str) -> None:
    page, _ = held
    failure = {"message": "the warehouse is away", "request_id": "abc-123"}
    page.route(lambda url: "/v2/" in url, lambda route: route.fulfill(status=503, json=failure))
    page.goto(path)
    expect(page.get_by_role("alert").first).to_contain_text("the warehouse is away")
    expect(page.get_by_text("abc-123").first).to_be_visible()
    expect(page.get_by_role("button", name="Try again").first).to_be_visible()


def test_sessions_that_are_not_there_are_said_not_to_be(browser: Browser, server: Server) -> None:
    context = browser.new_context(base_url=server.url)
    page = context.new_page()
    sign_in(page, server)
    page.goto(f"/compare?a={NO_SUCH}&b={NO_SUCH}")
    expect(page.get_by_role("alert")).to_contain_text(NO_SUCH)
    context.close()


def test_a_project_without_sessions_is_told_what_to_do(browser: Browser, mortal_server: Server) -> None:
    context = browser.new_context(base_url=mortal_server.url)
    page = context.new_page()
    sign_in(page, mortal_server)
    page.goto("/")
    expect(page.get_by_role("heading", name="No sessions yet")).to_be_visible()
    expect(page.get_by_label("Program")).to_contain_text(mortal_server.url)
    expect(page.get_by_role("status").filter(has_text="Waiting for your first session")).to_be_visible()
    assert find_violations(page) == []
    page.goto("/overview")
    expect(page.get_by_role("heading", name="No sessions in this time")).to_be_visible()
    assert find_violations(page) == []
    context.close()


def test_the_cookie_is_for_the_server_only(page: Page, server: Server) -> None:
    sign_in(page, server)
    (cookie,) = page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/")


def test_a_project_is_deleted_only_by_its_name(browser: Browser, mortal_server: Server) -> None:
    context = browser.new_context(base_url=mortal_server.url)
    page = context.new_page()
    sign_in(page, mortal_server)
    page.goto("/settings")
    page.locator("summary", has_text="Delete this project").click()
    remove = page.get_by_role("button", name="for ever")
    expect(remove).to_be_disabled()
    page.get_by_label("Type its name").fill(page.get_by_test_id("project").inner_text())
    remove.click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert Reader(mortal_server.url, mortal_server.api_key).ask("/v2/sessions")[0] == 401
    context.close()
