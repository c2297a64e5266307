"""The page in a real browser: nothing without a credential, then the sessions and what happened in them."""

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.compat.clients import run_client
from tests.e2e.acting import acting, agent_env
from tests.serving import Reader, Server

pytestmark = pytest.mark.xdist_group("page")


@pytest.fixture(scope="module")
def session_id(server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A session of our own SDK: three LLM calls, an agent, tags, a success."""
    with acting(agent_env(server.url, server.api_key, tmp_path_factory.mktemp("spool"))) as actor:
        session_id: str = actor.do("init", default_tags=["page-test", "blue"])["session_id"]
        actor.do("create_agent", name="Researcher")
        actor.record(3)
        actor.do("end", state="Success", reason="All three were answered")
    return session_id


@pytest.fixture(scope="module")
def old_report(server: Server) -> dict[str, Any]:
    """A session of the published client 0.3.26 with every type of event."""
    return run_client("0.3.26", "whole", url=server.url, api_key=server.api_key).report


@pytest.fixture
def signed_in(page: Page, server: Server, session_id: str) -> Page:
    page.goto("/")
    sign_in(page, server.api_key)
    expect(page.get_by_role("heading", name="Sessions", exact=True)).to_be_visible()
    return page


def sign_in(page: Page, api_key: str) -> None:
    page.get_by_label("API key", exact=True).fill(api_key)
    page.get_by_role("button", name="Sign in").click()


def row_of(page: Page, session_id: str) -> Locator:
    return page.get_by_test_id("session-row").filter(has=page.locator(f'a[href="/sessions/{session_id}"]'))


@pytest.mark.parametrize("path", ["/", "/sessions/{session_id}"])
def test_nobody_signed_in_sees_nothing_but_the_way_in(page: Page, session_id: str, path: str) -> None:
    page.goto(path.format(session_id=session_id))
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_test_id("session-row")).to_have_count(0)
    expect(page.get_by_test_id("event-row")).to_have_count(0)
    assert "All three were answered" not in page.content()


def test_a_wrong_key_is_refused(page: Page) -> None:
    page.goto("/")
    sign_in(page, str(uuid.uuid4()))
    expect(page.get_by_role("alert")).to_contain_text("unknown")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_list_shows_a_session_with_its_figures(signed_in: Page, session_id: str) -> None:
    row = row_of(signed_in, session_id)
    expect(row.get_by_test_id("state")).to_have_text("Success")
    expect(row).to_contain_text("All three were answered")
    expect(row).to_contain_text("$0.0225")
    expect(row).to_contain_text("4,500")
    expect(row.get_by_role("link", name="page-test", exact=True)).to_be_visible()
    expect(row.locator(".more-tags")).to_have_text("+1")  # the other one has no room beside all columns


def test_a_tag_filters_the_list(signed_in: Page, session_id: str, old_report: dict[str, Any]) -> None:
    signed_in.reload()
    expect(row_of(signed_in, old_report["session_id"])).to_be_visible()
    row_of(signed_in, session_id).get_by_role("link", name="page-test", exact=True).click()
    expect(row_of(signed_in, old_report["session_id"])).to_have_count(0)
    expect(row_of(signed_in, session_id)).to_be_visible()


def test_a_session_opens_with_its_facts_and_events(signed_in: Page, session_id: str) -> None:
    row_of(signed_in, session_id).locator(f'a[href="/sessions/{session_id}"]').click()
    expect(signed_in).to_have_url(re.compile(f"/sessions/{session_id}$"))
    expect(signed_in.get_by_test_id("state")).to_have_text("Success")
    expect(signed_in.get_by_test_id("why")).to_contain_text("All three were answered")
    expect(signed_in.get_by_test_id("event-row")).to_have_count(3)
    figures = signed_in.get_by_label("Figures")
    for figure in ("$0.0225", "4,500", "3,000 in, 1,500 out"):
        expect(figures).to_contain_text(figure)


def test_the_host_environment_is_shown(signed_in: Page, session_id: str, reader: Reader) -> None:
    signed_in.goto(f"/sessions/{session_id}")
    signed_in.get_by_label("Views of the session").get_by_role("link", name="Environment").click()
    environment = signed_in.get_by_label("Host environment", exact=True)
    facts = reader.session(session_id)["host_env"]
    expect(environment).to_contain_text(facts["OS"]["Hostname"])
    expect(environment).to_contain_text(facts["SDK"]["Python Version"])
    expect(environment).to_contain_text(facts["RAM"]["Total"])


def test_a_chosen_event_shows_its_content(signed_in: Page, session_id: str) -> None:
    signed_in.goto(f"/sessions/{session_id}")
    signed_in.get_by_test_id("event-row").nth(1).click()
    panel = signed_in.get_by_test_id("event-panel")
    expect(panel.get_by_test_id("message").first).to_contain_text("question 1")
    expect(panel.get_by_test_id("message").last).to_contain_text("answer 1")
    expect(panel).to_contain_text("$0.0075")
    expect(signed_in).to_have_url(re.compile(r"\?event="))
    signed_in.keyboard.press("Escape")
    expect(panel).to_have_count(0)


def test_a_link_to_an_event_opens_it(signed_in: Page, session_id: str, reader: Reader) -> None:
    event = reader.get(f"/v2/sessions/{session_id}/events")["events"][2]
    signed_in.goto(f"/sessions/{session_id}?event={event['id']}")
    expect(signed_in.get_by_test_id("event-panel").get_by_test_id("message").first).to_contain_text("question 2")


def test_a_deep_link_survives_signing_in(page: Page, server: Server, session_id: str) -> None:
    page.goto(f"/sessions/{session_id}")
    sign_in(page, server.api_key)
    expect(page.get_by_test_id("why")).to_contain_text("All three were answered")


def test_the_address_that_old_clients_print_leads_to_the_session(signed_in: Page, session_id: str) -> None:
    signed_in.goto(f"/drilldown?session_id={session_id}")
    expect(signed_in.get_by_test_id("session-id")).to_have_text(session_id)


def test_what_an_old_client_recorded_is_shown(signed_in: Page, old_report: dict[str, Any]) -> None:
    signed_in.goto(f"/sessions/{old_report['session_id']}")
    rows = signed_in.get_by_test_id("event-row")
    expect(rows).to_have_count(9)
    expect(signed_in.get_by_test_id("state")).to_have_text("Success")
    expect(signed_in.get_by_test_id("why")).to_contain_text("ValueError")
    kinds = {row.get_attribute("data-kind") for row in rows.all()}
    assert kinds == {"llm", "tool", "action", "error", "apis"}
    rows.filter(has_text="look_up").click()
    panel = signed_in.get_by_test_id("event-panel")
    expect(panel).to_contain_text("Researcher")
    expect(panel).to_contain_text("Old Oslo")
    rows.filter(has_text="gpt-4o").first.click()
    expect(panel).to_contain_text("“Quoted”, \\ and 東京.")


def test_a_running_session_grows_while_it_is_watched(signed_in: Page, server: Server, tmp_path: Path) -> None:
    with acting(agent_env(server.url, server.api_key, tmp_path)) as actor:
        session_id = actor.do("init")["session_id"]
        actor.record(1)
        actor.do("flush")
        signed_in.goto(f"/sessions/{session_id}")
        expect(signed_in.get_by_test_id("state")).to_have_text("Running")
        expect(signed_in.get_by_test_id("event-row")).to_have_count(1)
        actor.record(2)
        actor.do("flush")
        expect(signed_in.get_by_test_id("event-row")).to_have_count(3, timeout=30_000)
        actor.do("end", state="Failure", reason="stopped on purpose")
        expect(signed_in.get_by_test_id("state")).to_have_text("Failure", timeout=30_000)
        expect(signed_in.get_by_test_id("why")).to_contain_text("stopped on purpose")


def test_signing_out_hides_everything(signed_in: Page, session_id: str) -> None:
    signed_in.get_by_role("button", name="Sign out").click()
    expect(signed_in.get_by_role("heading", name="Sign in")).to_be_visible()
    signed_in.goto(f"/sessions/{session_id}")
    expect(signed_in.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_login_link_works_once(page: Page, server: Server, session_id: str) -> None:
    page.goto(server.login_link)
    expect(page.get_by_role("heading", name="Sessions", exact=True)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(server.login_link)
    expect(page).to_have_url(re.compile("link=expired"))
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_test_id("session-row")).to_have_count(0)
