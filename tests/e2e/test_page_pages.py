"""The list, the overview, comparing, the settings and the palette in a browser; every view by axe, in two themes."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import find_violations
from tests.e2e.desk import expect_ids, wait_until_still
from tests.serving import Reader, Server

pytestmark = pytest.mark.xdist_group("page-pages")

EXAMPLES = Path(__file__).parents[2] / "examples"
SESSION_VIEWS = ("waterfall", "chat", "graph", "errors", "cost", "logs", "media", "environment", "raw")
THEMES = ("light", "dark")


def run_agent(server: Server, spool: Path, *arguments: str) -> None:
    env = {**os.environ, "AGENTOPS_API_KEY": server.api_key, "AGENTOPS_API_ENDPOINT": server.url}
    env["AGENTOPS_SPOOL_DIR"] = str(spool)
    program = [sys.executable, str(EXAMPLES / arguments[0]), *arguments[1:], "--pace", "0"]
    subprocess.run(program, env=env, capture_output=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def recorded(server: Server, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Two refunds by two agents, an answer, a crash and a program that just stops: examples/, newest first."""
    spool = tmp_path_factory.mktemp("spool")
    for arguments in (("small_runs.py", "answer"), ("small_runs.py", "import"), ("small_runs.py", "draft")):
        run_agent(server, spool, *arguments)
    for _ in range(2):
        run_agent(server, spool, "support_agent.py")
    sessions: list[dict[str, Any]] = Reader(server.url, server.api_key).get("/v2/sessions")["sessions"]
    assert len(sessions) == 5
    return sessions


@pytest.fixture
def signed_in(page: Page, server: Server, recorded: list[dict[str, Any]]) -> Page:
    page.request.post(f"{server.url}/auth/sign_in", data={"api_key": server.api_key})
    page.goto("/")
    expect(rows(page).first).to_be_visible()
    return page


def rows(page: Page) -> Locator:
    return page.get_by_test_id("session-row")


def count_sessions(reader: Reader) -> int:
    return len(reader.get("/v2/sessions", limit="200")["sessions"])


def test_a_column_sorts_on_the_server_and_in_the_url(signed_in: Page, reader: Reader) -> None:
    signed_in.get_by_role("link", name="Cost", exact=True).click()
    expect(signed_in).to_have_url(re.compile("sort=cost"))
    expect(signed_in.get_by_role("columnheader", name="Cost")).to_have_attribute("aria-sort", "descending")
    wanted = [each["session_id"] for each in reader.get("/v2/sessions", sort="cost")["sessions"]]
    expect_ids(signed_in, wanted)


def test_words_in_prompts_are_found(signed_in: Page) -> None:
    signed_in.keyboard.press("/")
    signed_in.keyboard.type("Norway")
    signed_in.keyboard.press("Enter")
    expect(rows(signed_in).first).to_contain_text("Answered from the FAQ")
    expect(rows(signed_in).filter(has_not_text="Answered from the FAQ")).to_have_count(0)
    expect(signed_in).to_have_url(re.compile("q=Norway"))


def test_a_filter_is_set_in_the_form_and_taken_away_by_its_chip(signed_in: Page, reader: Reader) -> None:
    signed_in.get_by_text("+ Filter").click()
    signed_in.get_by_label("Tool", exact=True).fill("search_faq")
    signed_in.get_by_role("button", name="Apply").click()
    expect(rows(signed_in).filter(has_not_text="Answered from the FAQ")).to_have_count(0)
    signed_in.get_by_role("link", name="Remove the filter search_faq").click()
    expect(rows(signed_in)).to_have_count(count_sessions(reader))


def test_a_saved_view_leads_back_to_its_list(signed_in: Page) -> None:
    signed_in.goto("/?end_state=Failure")
    expect(rows(signed_in)).to_have_count(1)
    signed_in.locator("summary", has_text="Views").click()
    signed_in.get_by_label("Save this list as").fill("Crashes")
    signed_in.get_by_role("button", name="Save", exact=True).click()
    signed_in.goto("/")
    signed_in.get_by_label("Saved views").get_by_role("link", name="Crashes").click()
    expect(signed_in).to_have_url(re.compile(r"\?end_state=Failure$"))
    expect(rows(signed_in)).to_have_count(1)


def test_chosen_sessions_get_a_tag(signed_in: Page) -> None:
    first = rows(signed_in).first
    first.get_by_role("checkbox").check()
    bulk = signed_in.get_by_label("Chosen sessions")
    expect(bulk).to_contain_text("1 session chosen")
    bulk.locator("summary", has_text="Tag").click()
    bulk.get_by_label("Add the tag").fill("looked-at")
    bulk.get_by_role("button", name="Add to 1 session").click()
    expect(signed_in.locator('a.tag[href*="looked-at"], [title*="looked-at"]').first).to_be_visible(timeout=15_000)


def test_chosen_sessions_are_deleted_after_a_question(
    signed_in: Page, server: Server, reader: Reader, tmp_path: Path
) -> None:
    before = count_sessions(reader)
    run_agent(server, tmp_path, "small_runs.py", "answer")
    signed_in.goto("/")
    expect(rows(signed_in)).to_have_count(before + 1)
    rows(signed_in).first.get_by_role("checkbox").check()
    bulk = signed_in.get_by_label("Chosen sessions")
    bulk.locator("summary", has_text="Delete").click()
    bulk.get_by_role("button", name="Delete 1 session").click()
    expect(rows(signed_in)).to_have_count(before)
    assert count_sessions(reader) == before


def test_the_overview_has_the_figures_and_leads_to_the_sessions(signed_in: Page, reader: Reader) -> None:
    signed_in.get_by_label("Main").get_by_role("link", name="Overview").click()
    overview = signed_in.get_by_test_id("overview")
    expect(overview.get_by_label("Cost and tokens by model")).to_contain_text("gpt-4o-mini")
    expect(overview.get_by_label("Errors", exact=True)).to_contain_text("RateLimitError")
    overview.get_by_label("Errors", exact=True).get_by_role("link", name="RateLimitError").click()
    expect(signed_in).to_have_url(re.compile("error_type=RateLimitError"))
    expect(rows(signed_in)).to_have_count(2)
    signed_in.go_back()
    overview.get_by_label("Figures").get_by_role("link", name=str(count_sessions(reader)), exact=True).first.click()
    expect(rows(signed_in)).to_have_count(count_sessions(reader))


def test_two_sessions_are_aligned_up_to_where_they_part(signed_in: Page, recorded: list[dict[str, Any]]) -> None:
    ids = [each["session_id"] for each in recorded]
    signed_in.goto(f"/compare?a={ids[0]}&b={ids[1]}")
    expect(signed_in.get_by_test_id("pair").first).to_be_visible()
    expect(signed_in.locator(".pair.single")).to_have_count(0)
    signed_in.goto(f"/compare?a={ids[0]}&b={ids[4]}")
    expect(signed_in.get_by_test_id("parting")).to_contain_text("They part at step 1")
    expect(signed_in.get_by_label("Figures of both")).to_contain_text("Difference")


def test_a_key_is_shown_once_and_revoked(signed_in: Page, server: Server) -> None:
    signed_in.goto("/settings")
    signed_in.get_by_label("Label of the new key").fill("worker-3")
    signed_in.get_by_role("button", name="Make a key").click()
    text = signed_in.get_by_test_id("new-key").inner_text()
    assert Reader(server.url, text).ask("/v2/sessions")[0] == 200
    signed_in.reload()
    key = signed_in.get_by_test_id("key").filter(has_text="worker-3")
    expect(key).to_be_visible()
    expect(signed_in.get_by_test_id("new-key")).to_have_count(0)
    key.locator("summary").click()
    key.get_by_role("button", name=re.compile("^Revoke")).click()
    expect(key).to_contain_text("revoked")
    assert Reader(server.url, text).ask("/v2/sessions")[0] == 401


def test_a_price_of_ones_own_is_set_and_removed(signed_in: Page) -> None:
    signed_in.goto("/settings")
    form = signed_in.get_by_label("A price of your own")
    form.get_by_label("Model").fill("my-own-model")
    form.get_by_label("Input, $ per million tokens", exact=True).fill("1.5")
    form.get_by_role("button", name="Set the price").click()
    price = signed_in.get_by_test_id("price")
    expect(price).to_contain_text("input $1.5")
    price.get_by_role("button").click()
    expect(price).to_have_count(0)


def test_retention_is_set(signed_in: Page, reader: Reader) -> None:
    signed_in.goto("/settings")
    form = signed_in.get_by_label("Retention", exact=True)
    form.get_by_label("Whole sessions: days").fill("365")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("status")).to_have_text("Saved.")
    assert reader.get("/v2/retention")["facts_days"] == 365


def test_get_started_has_a_key_and_opens_the_next_session(signed_in: Page, server: Server, tmp_path: Path) -> None:
    signed_in.goto("/start")
    signed_in.get_by_role("button", name="Make a key for these lines").click()
    program = signed_in.get_by_label("Program")
    expect(program).not_to_contain_text("your API key")
    assert server.url in program.inner_text()
    run_agent(server, tmp_path, "small_runs.py", "answer")
    expect(signed_in).to_have_url(re.compile("/sessions/"), timeout=30_000)


def test_the_palette_leads_anywhere_by_keyboard(signed_in: Page) -> None:
    signed_in.keyboard.press("Control+k")
    expect(signed_in.get_by_role("dialog", name="Go anywhere")).to_be_visible()
    signed_in.keyboard.type("overv")
    signed_in.keyboard.press("Enter")
    expect(signed_in).to_have_url(re.compile("/overview$"))
    signed_in.keyboard.press("?")
    expect(signed_in.get_by_role("dialog", name="Keys")).to_be_visible()
    signed_in.keyboard.press("Escape")
    expect(signed_in.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("path", ["/", "/overview", "/settings", "/start", "/compare"])
def test_axe_finds_nothing_wrong_on(signed_in: Page, path: str, theme: Any) -> None:
    signed_in.emulate_media(color_scheme=theme)
    signed_in.goto(path)
    wait_until_still(signed_in)
    assert find_violations(signed_in) == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("view", SESSION_VIEWS)
def test_axe_finds_nothing_wrong_in_the_view(
    signed_in: Page, recorded: list[dict[str, Any]], view: str, theme: Any
) -> None:
    session_id = recorded[0]["session_id"]
    signed_in.emulate_media(color_scheme=theme)
    signed_in.goto(f"/sessions/{session_id}?view={view}")
    expect(signed_in.get_by_test_id("event-count")).to_contain_text("events")
    wait_until_still(signed_in)
    assert find_violations(signed_in) == []
