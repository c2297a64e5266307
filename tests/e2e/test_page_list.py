"""The list of sessions in a browser: its columns, orders, filters, views and what is done with several at once."""

import json
import re
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.desk import (
    expect_ids,
    record_refunds,
    record_small_runs,
    rows,
    shown_ids,
    sign_in,
    wait_until_still,
    wait_until_summed,
)
from tests.server.http.api import make_key
from tests.serving import Reader, Server

pytestmark = pytest.mark.xdist_group("page-list")

COLUMNS = {
    "State": "state", "Session": "name", "Events": "events", "LLM": "llms", "Tools": "tools", "Errors": "errors",
    "Tokens": "tokens", "Cost": "cost", "Duration": "duration", "Agents": "agents", "Tags": "tags", "Host": "host",
}  # fmt: skip
BY_TEXT = {"name", "tags", "host"}
WIDE = {"width": 1920, "height": 900}


@pytest.fixture(scope="module")
def recorded(server: Server, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    spool = tmp_path_factory.mktemp("spool")
    record_small_runs(server, spool)
    record_refunds(server, spool)
    sessions = wait_until_summed(Reader(server.url, server.api_key))
    assert len(sessions) == 5
    return sessions


@pytest.fixture
def signed_in(page: Page, server: Server, recorded: list[dict[str, Any]]) -> Page:
    sign_in(page, server)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.goto("/")
    expect(rows(page)).to_have_count(len(recorded))
    return page


def test_a_row_names_its_agents_and_its_host(signed_in: Page, recorded: list[dict[str, Any]]) -> None:
    row = rows(signed_in).first
    assert recorded[0]["agent_names"] == ["Order desk", "Planner"]
    expect(row.locator(".c-agents")).to_have_text("Order desk+1")
    expect(row.locator(".c-agents")).to_have_attribute("title", "Order desk, Planner")
    expect(row.locator(".c-host")).to_have_text(recorded[0]["hosts"][0])
    expect(rows(signed_in).filter(has_text="Answered from the FAQ").locator(".c-agents")).to_have_text("–")


def test_tags_that_do_not_fit_are_counted(signed_in: Page) -> None:
    tags = rows(signed_in).filter(has_text="Answered from the FAQ").locator(".c-tags")
    expect(tags.get_by_role("link")).to_have_count(4)
    signed_in.set_viewport_size({"width": 1440, "height": 900})
    expect(tags).to_have_text(re.compile(r"^demo.*\+\d$"))
    hidden = int(tags.inner_text().rpartition("+")[2])
    assert tags.get_by_role("link").count() + hidden == 4
    for tag in tags.get_by_role("link").all():
        assert tag.evaluate("tag => tag.scrollWidth <= tag.clientWidth + 1"), "a tag that is shown is whole"


@pytest.mark.parametrize(("column", "sort"), COLUMNS.items())
def test_every_column_sorts_on_the_server_both_ways(signed_in: Page, reader: Reader, column: str, sort: str) -> None:
    head = signed_in.get_by_role("columnheader", name=column, exact=True)
    orders = ("asc", "desc") if sort in BY_TEXT else ("desc", "asc")
    for order in orders:
        with signed_in.expect_response(re.compile(rf"/v2/sessions\?.*sort={sort}")):
            signed_in.locator(".head").get_by_title(f"Sort by {column.lower()}").click()
        expect(signed_in).to_have_url(re.compile(rf"sort={sort}"))
        expect(signed_in.locator(f'[aria-sort="{order}ending"]')).to_have_count(1)
        wanted = [one["session_id"] for one in reader.get("/v2/sessions", sort=sort, order=order)["sessions"]]
        expect_ids(signed_in, wanted)
    assert head.count() <= 1


@pytest.mark.parametrize(
    ("label", "given", "count"),
    [
        ("Tag", "shipping", 1),
        ("Model", "gpt-4o", 3),
        ("Agent", "Planner", 2),
        ("Tool", "issue_refund", 2),
        ("Error type", "RateLimitError", 2),
        ("Host", "nowhere", 0),
        ("Cost from, $", "0.001", 2),
        ("Cost to, $", "0.0001", 2),
        ("Duration from, s", "3600", 0),
        ("Duration to, s", "3600", 5),
        ("Started since", "2020-01-01T00:00", 5),
        ("Started before", "2020-01-01T00:00", 0),
    ],
)
def test_every_filter_of_the_form_is_in_the_url_and_finds_its_sessions(
    signed_in: Page, label: str, given: str, count: int
) -> None:
    signed_in.get_by_text("+ Filter").click()
    signed_in.locator(".filter-form").get_by_label(label, exact=True).fill(given)
    signed_in.get_by_role("button", name="Apply").click()
    expect(signed_in).to_have_url(re.compile(r"/\?\w+="))
    expect(rows(signed_in)).to_have_count(count)
    signed_in.reload()
    expect(signed_in.locator(".filters .filter")).to_have_count(1)
    expect(rows(signed_in)).to_have_count(count)
    signed_in.get_by_role("link", name="Clear").click()
    expect(rows(signed_in)).to_have_count(5)


def test_names_that_there_are_are_suggested(signed_in: Page) -> None:
    signed_in.get_by_text("+ Filter").click()
    signed_in.get_by_label("Model", exact=True).focus()
    expect(signed_in.locator("#known-model option[value='gpt-4o-mini']")).to_have_count(1)
    expect(signed_in.locator("#known-agent option[value='Planner']")).to_have_count(1)
    expect(signed_in.locator("#known-tag option[value='refunded']")).to_have_count(1)
    expect(signed_in.locator("#known-error option[value='RateLimitError']")).to_have_count(1)


def test_errors_states_and_the_last_hour_filter_too(signed_in: Page) -> None:
    signed_in.get_by_text("+ Filter").click()
    signed_in.get_by_label("Has errors").select_option("yes")
    signed_in.get_by_role("button", name="Apply").click()
    expect(rows(signed_in)).to_have_count(2)
    signed_in.get_by_text("+ Filter").click()
    signed_in.get_by_role("link", name="Last hour").click()
    expect(signed_in).to_have_url(re.compile("has_errors=true.*since="))
    expect(rows(signed_in)).to_have_count(2)
    signed_in.get_by_role("navigation", name="Sessions by state").get_by_role("link", name="Failure").click()
    expect(signed_in.get_by_role("heading", name="No session like this")).to_be_visible()


def test_a_host_and_an_agent_lead_to_what_else_ran_there(signed_in: Page, recorded: list[dict[str, Any]]) -> None:
    rows(signed_in).first.locator(".c-host a").click()
    expect(signed_in).to_have_url(re.compile(f"host={recorded[0]['hosts'][0]}"))
    expect(rows(signed_in)).to_have_count(5)
    rows(signed_in).first.locator(".c-agents a").click()
    expect(signed_in).to_have_url(re.compile("agent=Order"))
    expect(rows(signed_in)).to_have_count(2)


def test_the_bars_above_the_list_tell_its_sessions_and_narrow_it(signed_in: Page, reader: Reader) -> None:
    pulse = signed_in.get_by_role("region", name="Sessions over time")
    expect(pulse.get_by_role("status")).to_contain_text("5 sessions")
    expect(pulse.get_by_role("status")).to_contain_text("20.0 % failed")
    signed_in.goto("/?tag=refunded")
    cost = sum(float(one["stats"]["cost"]) for one in reader.get("/v2/sessions", tag="refunded")["sessions"])
    expect(pulse.get_by_role("status")).to_contain_text(f"2 sessions · ${cost:.4f} · 0.0 % failed")
    pulse.get_by_role("link", name="2 Success").click()
    expect(signed_in).to_have_url(re.compile(r"tag=refunded&since=.*&until="))
    expect(rows(signed_in)).to_have_count(2)


def test_going_back_leads_to_the_list_as_it_was(signed_in: Page, recorded: list[dict[str, Any]]) -> None:
    signed_in.goto("/?tag=demo&sort=cost")
    expect(rows(signed_in)).to_have_count(5)
    first = shown_ids(signed_in)[0]
    rows(signed_in).first.locator(".c-title a").click()
    expect(signed_in).to_have_url(re.compile(f"/sessions/{first}"))
    signed_in.go_back()
    expect(signed_in).to_have_url(re.compile(r"\?tag=demo&sort=cost$"))
    expect(rows(signed_in)).to_have_count(5)
    assert {one["session_id"] for one in recorded} == set(shown_ids(signed_in))


def test_the_list_is_walked_and_opened_by_keyboard(signed_in: Page) -> None:
    ids = shown_ids(signed_in)
    for key in ("j", "j", "k", "j", "x"):
        signed_in.keyboard.press(key)
    expect(signed_in.get_by_label("Chosen sessions")).to_contain_text("1 session chosen")
    expect(signed_in.locator(f"#session-{ids[1]}")).to_be_focused()
    signed_in.keyboard.press("Enter")
    expect(signed_in).to_have_url(re.compile(f"/sessions/{ids[1]}"))


@pytest.fixture
def many(page: Page, server: Server) -> Page:
    """The list of a project of 200 sessions, of which few are in the page."""
    api_key = make_key(server, "many")
    begun = datetime(2026, 11, 20, tzinfo=UTC)
    times = [(begun - timedelta(minutes=number)).isoformat() for number in range(200)]
    facts = {"type": "session", "end_state": "Success", "end_is_implicit": False}
    lines = [{**facts, "id": str(uuid.uuid4()), "init_timestamp": time, "end_timestamp": time} for time in times]
    body = "\n".join(map(json.dumps, lines)) + "\n"
    headers = {"X-Agentops-Api-Key": api_key}
    assert page.request.post(f"{server.url}/v2/import", data=body, headers=headers).json()["sessions"] == 200
    sign_in(page, server, api_key)
    page.goto("/")
    expect(rows(page).first).to_be_visible()
    return page


def test_rows_are_in_order_and_keep_the_focus_after_scrolling(many: Page) -> None:
    pane = many.locator(".sessions .table")
    for _ in range(45):
        many.keyboard.press("j")
    wait_until_still(many)
    focused = many.locator(".c-title a:focus")
    expect(focused).to_have_count(1)
    chosen = str(focused.get_attribute("id"))
    for part in (0.1, 0.6, 0):
        pane.evaluate("(pane, part) => { pane.scrollTop = part * pane.scrollHeight; }", part)
        many.wait_for_function(
            """() => {
              const rows = [...document.querySelectorAll("[data-testid=session-row]")];
              const tops = rows.map(row => row.getBoundingClientRect().top);
              const pane = document.querySelector(".sessions .table").getBoundingClientRect();
              const isInView = top => tops.some(one => one <= top && top < one + 38);
              const isInOrder = tops.every((top, at) => at === 0 || tops[at - 1] < top);
              return isInOrder && [pane.top + 40, pane.bottom - 20].every(isInView);
            }"""
        )
        expect(focused).to_have_id(chosen)
        assert 20 < rows(many).count() < 60


def test_chosen_sessions_are_exported_as_files(signed_in: Page, recorded: list[dict[str, Any]]) -> None:
    rows(signed_in).first.get_by_role("checkbox").check()
    with signed_in.expect_download() as begun:
        signed_in.get_by_label("Chosen sessions").get_by_role("button", name="Export").click()
    exported = json.loads(Path(begun.value.path()).read_text())
    assert exported["session"]["id"] == recorded[0]["session_id"]
    assert len(exported["llms"]) == recorded[0]["stats"]["llms"]


def test_two_chosen_sessions_are_compared(signed_in: Page) -> None:
    ids = shown_ids(signed_in)[:2]
    for index in range(2):
        rows(signed_in).nth(index).get_by_role("checkbox").check()
    signed_in.get_by_label("Chosen sessions").get_by_role("link", name="Compare").click()
    expect(signed_in).to_have_url(re.compile(rf"/compare\?a={ids[0]}&b={ids[1]}$"))
    expect(signed_in.get_by_test_id("pair").first).to_be_visible()


def test_a_removed_view_is_gone(signed_in: Page) -> None:
    signed_in.goto("/?tag=refunded&sort=cost")
    signed_in.locator("summary", has_text="Views").click()
    signed_in.get_by_label("Save this list as").fill("Dear refunds")
    signed_in.get_by_role("button", name="Save", exact=True).click()
    view = signed_in.get_by_role("navigation", name="Saved views").get_by_role("link", name="Dear refunds")
    expect(view).to_have_attribute("href", "/?tag=refunded&sort=cost")
    signed_in.get_by_role("button", name="Remove the view Dear refunds").click()
    expect(view).to_have_count(0)


def test_a_narrow_screen_sorts_by_a_menu(signed_in: Page, reader: Reader) -> None:
    signed_in.set_viewport_size({"width": 360, "height": 740})
    signed_in.locator("summary", has_text="Sort: started").click()
    signed_in.get_by_role("link", name="cost", exact=True).click()
    expect(signed_in).to_have_url(re.compile("sort=cost"))
    wanted = [one["session_id"] for one in reader.get("/v2/sessions", sort="cost")["sessions"]]
    expect_ids(signed_in, wanted)


def test_times_are_in_the_readers_zone_and_exact_on_hover(
    browser: Browser, server: Server, recorded: list[dict[str, Any]]
) -> None:
    shown = {}
    for zone in ("Asia/Tokyo", "America/New_York"):
        context = browser.new_context(base_url=server.url, timezone_id=zone, viewport=WIDE)  # type: ignore[arg-type]
        page = context.new_page()
        sign_in(page, server)
        page.goto("/")
        shown[zone] = rows(page).first.locator("time").get_attribute("title") or ""
        context.close()
    assert shown["Asia/Tokyo"].endswith("GMT+9")
    assert shown["America/New_York"].endswith(("EST", "EDT", "GMT-5", "GMT-4"))
    second = recorded[0]["init_timestamp"].partition(".")[0][-2:]
    assert all(re.search(rf":{second}(\.\d+)? ", title) for title in shown.values())


@pytest.mark.usefixtures("recorded")
def test_a_revoked_key_ends_what_is_open(page: Page, server: Server, reader: Reader) -> None:
    made = page.request.post(
        f"{server.url}/v2/keys", data={"label": "soon gone"}, headers={"X-Agentops-Api-Key": server.api_key}
    ).json()
    sign_in(page, server, made["api_key"])
    page.goto("/")
    expect(rows(page).first).to_be_visible()
    page.request.delete(f"{server.url}/v2/keys/{made['key']['id']}", headers={"X-Agentops-Api-Key": server.api_key})
    # The end of its stream may tell the page before it asks for something: then nothing is left that could be clicked.
    page.evaluate("history.pushState(null, '', '/settings'); dispatchEvent(new PopStateEvent('popstate'))")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_text("You have been signed out")).to_be_visible()
    expect(rows(page)).to_have_count(0)
    assert reader.get("/v2/sessions")["sessions"]
