"""One session in a real browser: each of its views on what a real agent program recorded."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.serving import Reader, Server

pytestmark = pytest.mark.xdist_group("page-session")

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def session_id(server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two agents that hand over, stream, use tools and are refused once: examples/support_agent.py."""
    env = {**os.environ, "AGENTOPS_API_KEY": server.api_key, "AGENTOPS_API_ENDPOINT": server.url}
    env["AGENTOPS_SPOOL_DIR"] = str(tmp_path_factory.mktemp("spool"))
    program = [sys.executable, str(EXAMPLES / "support_agent.py"), "--pace", "0"]
    ended = subprocess.run(program, env=env, capture_output=True, text=True, timeout=120, check=True)
    found = re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", ended.stdout)
    return str(found[-1])


@pytest.fixture
def session(page: Page, server: Server, session_id: str) -> Page:
    page.request.post(f"{server.url}/auth/sign_in", data={"api_key": server.api_key})
    page.goto(f"/sessions/{session_id}")
    expect(page.get_by_test_id("event-row").first).to_be_visible()
    return page


def open_view(page: Page, name: str) -> None:
    page.get_by_label("Views of the session").get_by_role("link", name=re.compile(f"^{name}")).click()


def rows(page: Page) -> Locator:
    return page.get_by_test_id("event-row")


def test_kinds_agents_and_words_narrow_the_waterfall(session: Page, session_id: str, reader: Reader) -> None:
    stats = reader.stats(session_id)
    session.get_by_role("button", name="Tools").click()
    expect(rows(session).and_(session.locator("[data-kind=tool]"))).to_have_count(stats["tools"])
    expect(session).to_have_url(re.compile("kind=tool"))
    session.get_by_role("button", name="Clear").click()
    expect(rows(session)).to_have_count(stats["events"])
    session.get_by_label("Find in this session").fill("RateLimit")
    expect(session.get_by_text(f"{stats['errors']} found")).to_be_visible()
    session.get_by_label("Find in this session").fill("no such word")
    expect(session.get_by_role("heading", name="No event like this")).to_be_visible()


def test_zooming_changes_the_axis_and_the_url(session: Page) -> None:
    ticks = session.locator(".axis .tick")
    before = ticks.all_inner_texts()
    session.locator("[role=tree]").focus()
    session.keyboard.press("+")
    session.keyboard.press("+")
    expect(session).to_have_url(re.compile("zoom="))
    expect(ticks.first).not_to_have_text(before[0])
    session.keyboard.press("0")
    expect(session).not_to_have_url(re.compile("zoom="))


def test_the_chat_shows_each_agents_messages_once(session: Page) -> None:
    open_view(session, "Chat")
    chat = session.get_by_test_id("conversation")
    expect(chat.get_by_role("article").first).to_contain_text("You handle support tickets")
    expect(chat.get_by_test_id("seen").first).to_contain_text("seen before")
    visible = chat.get_by_test_id("message").filter(visible=True).filter(has_text="You handle support tickets")
    expect(visible).to_have_count(1)
    chat.get_by_role("button", name="Order desk").click()
    expect(chat.get_by_role("article").first).to_contain_text("You carry out decisions about orders")


def test_the_graph_has_agents_and_their_tools_and_leads_to_events(session: Page) -> None:
    open_view(session, "Graph")
    graph = session.get_by_test_id("graph")
    expect(graph.locator("[data-name=Planner]")).to_be_visible()
    expect(graph.locator("[data-name='gpt-4o']")).to_be_visible()
    graph.locator("[data-name='Order desk']").click()
    expect(session).to_have_url(re.compile("agent="))
    expect(rows(session).first).to_be_visible()


def test_an_error_leads_to_what_triggered_it(session: Page) -> None:
    open_view(session, "Errors")
    errors = session.get_by_test_id("errors")
    expect(errors).to_contain_text("RateLimitError")
    errors.locator("li").first.get_by_role("button").last.click()
    panel = session.get_by_test_id("event-panel")
    expect(panel).to_contain_text("LLM call")
    expect(panel.get_by_label("What went wrong in it")).to_contain_text("RateLimitError")


def test_the_cost_is_broken_down_by_model(session: Page, session_id: str, reader: Reader) -> None:
    open_view(session, "Cost")
    expect(session.get_by_test_id("cost")).to_contain_text(reader.stats(session_id)["cost"])
    models = session.get_by_label("By model").get_by_role("row")
    expect(models.filter(has_text="gpt-4o-mini")).to_have_count(1)


def test_every_event_is_a_line_of_the_log(session: Page, session_id: str, reader: Reader) -> None:
    open_view(session, "Logs")
    expect(session.get_by_test_id("logs").locator(".line")).to_have_count(reader.stats(session_id)["events"])


def test_raw_is_the_session_as_json(session: Page, session_id: str) -> None:
    open_view(session, "Raw")
    expect(session.get_by_label("Session as JSON")).to_contain_text(session_id)


def test_a_session_without_media_says_how_to_add_some(session: Page) -> None:
    open_view(session, "Media")
    expect(session.get_by_role("heading", name="No video, no screenshots")).to_be_visible()


def test_the_replay_shows_what_had_begun_at_its_moment(session: Page) -> None:
    slider = session.get_by_role("slider", name="Moment of the replay")
    slider.focus()
    slider.press("Home")
    expect(session).to_have_url(re.compile(r"at=0(&|$)"))
    expect(slider).to_have_attribute("aria-valuenow", "0")
    later = session.locator("[data-testid=event-row].later")
    expect(later.first).to_be_visible()
    session.get_by_role("button", name="Replay").click()
    expect(later).to_have_count(0, timeout=60_000)
    expect(session.get_by_role("button", name="Replay")).to_be_visible()


def test_an_event_is_copied_as_python(session: Page) -> None:
    session.context.grant_permissions(["clipboard-read", "clipboard-write"])
    rows(session).and_(session.locator("[data-kind=llm]")).first.click()
    panel = session.get_by_test_id("event-panel")
    panel.get_by_role("button", name="Python").click()
    expect(panel.get_by_role("button", name="Copied")).to_be_visible()
    copied = session.evaluate("navigator.clipboard.readText()")
    assert "client.chat.completions.create(" in copied
    compile(copied, "copied", "exec")


def test_back_leads_to_the_view_before(session: Page) -> None:
    open_view(session, "Cost")
    expect(session.get_by_test_id("cost")).to_be_visible()
    open_view(session, "Raw")
    expect(session.get_by_test_id("raw")).to_be_visible()
    session.go_back()
    expect(session.get_by_test_id("cost")).to_be_visible()
