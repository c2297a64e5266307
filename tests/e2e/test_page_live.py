"""The page follows what happens: news by themselves, in every tab, over a restart of the server."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.acting import Actor, acting, agent_env
from tests.e2e.desk import sign_in, wait_until_still
from tests.serving import Server

pytestmark = pytest.mark.xdist_group("page-live")


def open_running(page: Page, server: Server, actor: Actor) -> None:
    """A session of one event, on a page whose clock the test may turn."""
    sign_in(page, server)
    page.clock.install()
    session_id = actor.do("init")["session_id"]
    actor.record(1)
    actor.do("flush")
    page.goto(f"/sessions/{session_id}")
    expect(page.get_by_test_id("event-row")).to_have_count(1)


def count_questions(page: Page, seconds: int) -> int:
    """How often the page asks the server in so many seconds of its own clock, in which nothing changes."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for _ in range(seconds):
        page.clock.run_for(1_000)
        wait_until_still(page)
    return len(asked)


def test_a_session_grows_by_news_not_by_asking(page: Page, server: Server, tmp_path: Path) -> None:
    with acting(agent_env(server.url, server.api_key, tmp_path)) as actor:
        with page.expect_response("**/v2/live") as answer:
            open_running(page, server, actor)
        assert answer.value.headers["content-type"].startswith("text/event-stream")
        assert count_questions(page, seconds=12) <= 2, "the last news of its beginning, and nothing by itself"
        actor.record(2)
        actor.do("flush")
        expect(page.get_by_test_id("event-row")).to_have_count(3, timeout=30_000)
        actor.do("end", state="Success", reason="done")
        expect(page.get_by_test_id("state")).to_have_text("Success", timeout=30_000)


def test_a_session_grows_by_asking_where_no_news_come(browser: Browser, server: Server, tmp_path: Path) -> None:
    context = browser.new_context(base_url=server.url)
    context.route("**/v2/live", lambda route: route.abort())
    page = context.new_page()
    with acting(agent_env(server.url, server.api_key, tmp_path)) as actor:
        open_running(page, server, actor)
        assert count_questions(page, seconds=12) > 3
        actor.record(2)
        actor.do("flush")
        expect(page.get_by_test_id("event-row")).to_have_count(3)
    context.close()


def test_words_are_found_in_a_session_as_it_grows(page: Page, server: Server, tmp_path: Path) -> None:
    sign_in(page, server)
    with acting(agent_env(server.url, server.api_key, tmp_path)) as actor:
        session_id = actor.do("init")["session_id"]
        actor.record(1)
        actor.do("flush")
        page.goto(f"/sessions/{session_id}?find=question")
        status = page.get_by_role("search", name="Events").get_by_role("status")
        expect(status).to_have_text("1 found")
        actor.record(2)
        actor.do("flush")
        expect(status).to_have_text("3 found", timeout=30_000)
        actor.do("end", state="Success", reason="done")


def test_a_search_that_fails_says_so(browser: Browser, server: Server, tmp_path: Path) -> None:
    context = browser.new_context(base_url=server.url)
    page = context.new_page()
    sign_in(page, server)
    failure = {"message": "the warehouse is away"}
    context.route("**/search?*", lambda route: route.fulfill(status=503, json=failure))
    with acting(agent_env(server.url, server.api_key, tmp_path)) as actor:
        session_id = actor.do("init")["session_id"]
        actor.record(1)
        actor.do("flush")
        page.goto(f"/sessions/{session_id}?find=gpt-4o")
        expect(page.get_by_text("1 found in names; texts could not be searched: the warehouse is away")).to_be_visible()
    context.close()


def test_two_tabs_show_the_same(page: Page, server: Server, tmp_path: Path) -> None:
    sign_in(page, server)
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto("/")
        expect(tab.get_by_role("heading", name="Sessions", exact=True)).to_be_visible()
    with acting(agent_env(server.url, server.api_key, tmp_path)) as actor:
        session_id = actor.do("init", default_tags=["two-tabs"])["session_id"]
        for tab in (page, other):
            expect(tab.locator(f'a[href="/sessions/{session_id}"]')).to_be_visible(timeout=30_000)
        actor.do("end", state="Failure", reason="on purpose")
        for tab in (page, other):
            row = tab.get_by_test_id("session-row").filter(has=tab.locator(f'a[href="/sessions/{session_id}"]'))
            expect(row.get_by_test_id("state")).to_have_text("Failure", timeout=30_000)


def test_the_page_goes_on_after_a_restart_of_the_server(
    browser: Browser, mortal_server: Server, tmp_path: Path
) -> None:
    context = browser.new_context(base_url=mortal_server.url)
    page = context.new_page()
    sign_in(page, mortal_server)
    with acting(agent_env(mortal_server.url, mortal_server.api_key, tmp_path)) as actor:
        session_id = actor.do("init")["session_id"]
        actor.record(1)
        actor.do("flush")
        page.goto(f"/sessions/{session_id}")
        expect(page.get_by_test_id("event-row")).to_have_count(1)
        mortal_server.kill9()
        mortal_server.start()
        actor.record(1)
        actor.do("flush")
        expect(page.get_by_test_id("event-row")).to_have_count(2, timeout=60_000)
    context.close()
