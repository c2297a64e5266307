"""The overview in a browser: what it draws is what the server says, and every bar leads to its sessions."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.e2e.desk import record_refunds, record_small_runs, rows, sign_in, wait_until_still, wait_until_summed
from tests.serving import Reader, Server

pytestmark = pytest.mark.xdist_group("page-overview")

CHARTS = ("End states", "Cost", "Latency of LLM calls", "Errors by type")
STEP_S = 300


class Recorded:
    """Three small runs, then two refunds, and a moment between them."""

    def __init__(self, sessions: list[dict[str, Any]], between: datetime) -> None:
        self.sessions = sessions
        self.between = between

    def hour(self, since: datetime) -> str:
        """The address of the overview of an hour in bars of five minutes."""
        given = {"since": since.isoformat(), "until": (since + timedelta(hours=1)).isoformat()}
        return f"/overview?{urlencode(given)}"

    @property
    def all_in_the_first_bar(self) -> str:
        first = datetime.fromisoformat(self.sessions[-1]["init_timestamp"])
        return self.hour(first - timedelta(seconds=20))


@pytest.fixture(scope="module")
def recorded(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    spool = tmp_path_factory.mktemp("spool")
    record_small_runs(server, spool)
    between = datetime.now(UTC)
    record_refunds(server, spool)
    return Recorded(wait_until_summed(Reader(server.url, server.api_key)), between)


@pytest.fixture
def signed_in(page: Page, server: Server, recorded: Recorded) -> Page:
    sign_in(page, server)
    page.goto(recorded.all_in_the_first_bar)
    for title in CHARTS:
        expect(chart(page, title).locator("canvas")).to_be_visible()
    # With it, which comes last, they are drawn anew.
    expect(chart(page, "End states").get_by_role("status")).to_contain_text("the range before")
    wait_until_still(page)
    return page


def chart(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


def click_bar(page: Page, title: str, *, share: float) -> None:
    """Click the first bar at a share of its height, which is the highest of the chart: 1 / 1.05 of the room."""
    over = chart(page, title).locator(".u-over")
    box = over.bounding_box()
    assert box is not None
    over.click(position={"x": box["width"] / 24, "y": box["height"] * (1 - share / 1.05)})


def test_the_charts_tell_what_the_server_says(signed_in: Page) -> None:
    expect(chart(signed_in, "End states").get_by_role("status")).to_contain_text("Success 3")
    expect(chart(signed_in, "End states").get_by_role("status")).to_contain_text("Failure 1")
    expect(chart(signed_in, "Cost").get_by_role("status")).to_contain_text("gpt-4o-mini")
    expect(chart(signed_in, "Errors by type").get_by_role("status")).to_contain_text("RateLimitError 2")
    for name in ("p50", "p95", "p99"):
        expect(chart(signed_in, "Latency of LLM calls").get_by_role("status")).to_contain_text(name)


@pytest.mark.parametrize(("share", "state", "count"), [(0.1, "Success", 3), (0.97, "Failure", 1)])
def test_a_part_of_a_bar_leads_to_its_sessions(signed_in: Page, share: float, state: str, count: int) -> None:
    click_bar(signed_in, "End states", share=share)
    expect(signed_in).to_have_url(re.compile(rf"/\?end_state={state}&since=.*&until="))
    expect(rows(signed_in)).to_have_count(count)
    signed_in.go_back()
    expect(chart(signed_in, "End states").locator("canvas")).to_be_visible()


def test_a_bar_of_money_leads_to_the_sessions_of_its_model(signed_in: Page) -> None:
    click_bar(signed_in, "Cost", share=0.2)
    expect(signed_in).to_have_url(re.compile("model=gpt-4o&"))
    expect(rows(signed_in)).to_have_count(3)


def test_money_is_told_by_agent_and_tag_and_in_tokens(signed_in: Page, reader: Reader) -> None:
    own = chart(signed_in, "Cost")
    own.get_by_role("link", name="agent", exact=True).click()
    expect(signed_in).to_have_url(re.compile("by=agent"))
    expect(own.get_by_role("status")).to_contain_text("Planner")
    own.get_by_role("link", name="tag", exact=True).click()
    expect(own.get_by_role("status")).to_contain_text("refund-triage")
    own.get_by_role("link", name="tokens", exact=True).click()
    tokens = sum(row["prompt_tokens"] + row["completion_tokens"] for row in reader.get("/v2/overview")["models"])
    expect(chart(signed_in, "Tokens").get_by_role("status")).to_contain_text(f"demo {tokens:,}")


def test_a_chart_is_read_by_keyboard(signed_in: Page) -> None:
    own = chart(signed_in, "End states")
    own.locator("div.plot").focus()
    signed_in.keyboard.press("ArrowRight")
    expect(own.get_by_role("status")).to_contain_text("the range before 0")
    expect(own.get_by_role("status")).to_contain_text("Success 3")
    signed_in.keyboard.press("ArrowRight")
    expect(own.get_by_role("status")).to_contain_text("Success 0")
    signed_in.keyboard.press("Home")
    signed_in.keyboard.press("Enter")
    expect(signed_in).to_have_url(re.compile(r"/\?since="))
    expect(rows(signed_in)).to_have_count(5)


def test_the_same_figures_are_in_a_table_whose_times_lead_to_sessions(signed_in: Page) -> None:
    own = chart(signed_in, "Errors by type")
    own.locator("summary", has_text="Table").click()
    table = own.get_by_role("table")
    expect(table.get_by_role("row")).to_have_count(2)
    expect(table).to_contain_text("RateLimitError")
    table.get_by_role("link").click()
    expect(signed_in).to_have_url(re.compile("has_errors=true"))
    expect(rows(signed_in)).to_have_count(2)


def test_dragging_over_bars_shows_that_time(signed_in: Page) -> None:
    over = chart(signed_in, "End states").locator(".u-over")
    box = over.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    signed_in.mouse.move(box["x"] + 4, y)
    signed_in.mouse.down()
    signed_in.mouse.move(box["x"] + box["width"] / 4, y, steps=8)
    before = signed_in.url
    signed_in.mouse.up()
    expect(signed_in).not_to_have_url(before)
    expect(signed_in).to_have_url(re.compile("/overview"))
    expect(chart(signed_in, "End states").get_by_role("status")).to_contain_text("Success 3")


def test_a_drag_goes_on_when_the_chart_would_be_drawn_anew(signed_in: Page) -> None:
    over = chart(signed_in, "End states").locator(".u-over")
    box = over.bounding_box()
    assert box is not None
    y, before = box["y"] + box["height"] / 2, signed_in.url
    signed_in.mouse.move(box["x"] + 4, y)
    signed_in.mouse.down()
    signed_in.emulate_media(color_scheme="dark")
    signed_in.wait_for_timeout(500)
    signed_in.mouse.move(box["x"] + box["width"] / 4, y, steps=8)
    signed_in.mouse.up()
    expect(signed_in).not_to_have_url(before)
    expect(chart(signed_in, "End states").locator("canvas")).to_be_visible()


def test_a_chosen_time_stays_chosen_when_the_chart_is_drawn_anew(signed_in: Page) -> None:
    own = chart(signed_in, "End states")
    own.locator("div.plot").focus()
    signed_in.keyboard.press("ArrowRight")
    signed_in.keyboard.press("ArrowRight")
    expect(own.get_by_role("status")).to_contain_text("Success 0")
    own.locator("canvas").evaluate("canvas => { canvas.id = 'before'; }")
    signed_in.emulate_media(color_scheme="dark")
    expect(own.locator("canvas:not(#before)")).to_be_visible()
    expect(own.get_by_role("status")).to_contain_text("Success 0")
    signed_in.keyboard.press("ArrowLeft")
    expect(own.get_by_role("status")).to_contain_text("the range before 0")
    expect(own.get_by_role("status")).to_contain_text("Success 3")


def test_it_is_compared_with_as_long_before(signed_in: Page, recorded: Recorded) -> None:
    signed_in.goto(recorded.hour(recorded.between))
    figures = signed_in.get_by_label("Figures")
    sessions = figures.locator("div", has=signed_in.get_by_text("Sessions", exact=True))
    expect(sessions).to_contain_text("2")
    expect(sessions).to_contain_text("−33 %")
    own = chart(signed_in, "End states")
    expect(own.get_by_role("status")).to_contain_text("the range before")
    own.locator("div.plot").focus()
    signed_in.keyboard.press("End")
    expect(own.get_by_role("status")).to_contain_text("the range before 3")


def test_another_time_is_chosen_by_form(signed_in: Page) -> None:
    signed_in.locator("summary", has_text="Other time").click()
    signed_in.get_by_label("From", exact=True).fill("2020-01-01T00:00")
    signed_in.get_by_label("To", exact=True).fill("2020-01-03T00:00")
    signed_in.get_by_role("button", name="Show").click()
    expect(signed_in).to_have_url(re.compile("since=20(19-12-31|20-01-01)T"))
    expect(signed_in.get_by_role("heading", name="No sessions in this time")).to_be_visible()
    signed_in.get_by_role("navigation", name="Range").get_by_role("link", name="Today").click()
    expect(chart(signed_in, "End states").locator("canvas")).to_be_visible()


def test_the_frame_is_there_while_it_is_read_and_a_failure_can_be_tried_again(
    browser: Browser, server: Server, recorded: Recorded
) -> None:
    context = browser.new_context(base_url=server.url)
    page = context.new_page()
    sign_in(page, server)
    held: list[Route] = []
    context.route("**/v2/overview/series*", lambda route: held.append(route))  # noqa: PLW0108 - it sets attributes of it
    page.goto(recorded.all_in_the_first_bar)
    for title in CHARTS:
        expect(chart(page, title).locator("[aria-busy=true]")).to_be_visible()
    failure = {"message": "the warehouse is away", "request_id": "abc-123"}
    page.route("**/v2/overview/series*", lambda route: route.fulfill(status=503, json=failure))
    for route in held:
        route.fulfill(status=503, json=failure)
    expect(page.get_by_role("alert")).to_contain_text("the warehouse is away")
    expect(page.get_by_text("abc-123")).to_be_visible()
    page.unroute_all()
    context.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(chart(page, "End states").locator("canvas")).to_be_visible()
    context.close()


def test_no_chart_code_is_loaded_before_a_chart_is_shown(page: Page, server: Server, recorded: Recorded) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, server)
    page.goto("/")
    expect(rows(page)).to_have_count(len(recorded.sessions))
    assert not [url for url in asked if url.endswith("plot.js")]
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Overview").click()
    expect(page.locator("canvas").first).to_be_visible()
    assert [url for url in asked if url.endswith("plot.js")]
