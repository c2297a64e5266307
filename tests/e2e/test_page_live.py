"""The page follows what happens: news by themselves, in every tab, over a restart of the server."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.e2e.acting import acting, agent_env
from tests.serving import Server

pytestmark = pytest.mark.xdist_group("page-live")


def sign_in(page: Page, server: Server) -> None:
    page.request.post(f"{server.url}/auth/sign_in", data={"api_key": server.api_key})


def test_a_session_grows_by_news_not_by_asking(page: Page, server: Server, tmp_path: Path) -> None:
    sign_in(page, server)
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    with acting(agent_env(server.url, server.api_key, tmp_path)) as actor:
        session_id = actor.do("init")["session_id"]
        actor.record(1)
        actor.do("flush")
        with page.expect_response("**/v2/live") as answer:
            page.goto(f"/sessions/{session_id}")
        assert answer.value.headers["content-type"].startswith("text/event-stream")
        expect(page.get_by_test_id("event-row")).to_have_count(1)
        page.wait_for_timeout(1_500)
        page.on("request", note)
        page.wait_for_timeout(5_000)
        assert asked == [], "nothing changed, so there is nothing to ask"
        actor.record(2)
        actor.do("flush")
        expect(page.get_by_test_id("event-row")).to_have_count(3, timeout=30_000)
        actor.do("end", state="Success", reason="done")
        expect(page.get_by_test_id("state")).to_have_text("Success", timeout=30_000)


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
