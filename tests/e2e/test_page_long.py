"""A session of 50,000 events in a real browser, recorded by an agent program (long_runner.py)."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e import long_runner
from tests.e2e.acting import agent_env
from tests.serving import Reader, Server

pytestmark = pytest.mark.xdist_group("page-long")

EVENTS = long_runner.STEPS * long_runner.EVENTS_PER_STEP
FAILURES = len(long_runner.FAILING_STEPS)
MOST_ROWS = 300
LOADING_MS = 120_000


@pytest.fixture(scope="module")
def session_id(server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    env = agent_env(server.url, server.api_key, tmp_path_factory.mktemp("spool"))
    program = [sys.executable, "-m", long_runner.__name__]
    ended = subprocess.run(
        program, env=env, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=400, check=True
    )
    return str(json.loads(ended.stdout)["session_id"])


@pytest.fixture(scope="module")
def rows(server: Server, session_id: str) -> list[dict[str, Any]]:
    """All events as the server lists them."""
    found = Reader(server.url, server.api_key).pages(f"/v2/sessions/{session_id}/events", "events")
    assert len(found) == EVENTS
    return found


@pytest.fixture
def signed_in(page: Page, server: Server) -> Page:
    page.request.post(f"{server.url}/auth/sign_in", data={"api_key": server.api_key})
    return page


@pytest.fixture
def session(signed_in: Page, session_id: str) -> Page:
    open_whole(signed_in, f"/sessions/{session_id}")
    return signed_in


def open_whole(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.get_by_test_id("event-count")).to_have_text(f"{EVENTS:,} events", timeout=LOADING_MS)


def open_view(page: Page, name: str) -> None:
    page.get_by_label("Views of the session").get_by_role("link", name=re.compile(f"^{name}")).click()


def event_rows(page: Page) -> Locator:
    return page.get_by_test_id("event-row")


def test_rows_in_the_page_are_few_wherever_it_is_scrolled(session: Page) -> None:
    tree = session.get_by_role("tree")
    for part in (0.1, 0.5, 1.0):
        tree.evaluate("(pane, part) => { pane.scrollTop = part * pane.scrollHeight; }", part)
        # Whoever looks sees rows, from the top of the pane to its end.
        session.wait_for_function(
            """() => {
                const pane = document.querySelector("[role=tree]").getBoundingClientRect();
                const at = y => document.elementFromPoint(pane.left + 60, y)?.closest("[data-testid=event-row]");
                return at(pane.top + 40) && at(pane.top + pane.height / 2) && at(pane.bottom - 20);
            }"""
        )
        assert 10 < event_rows(session).count() <= MOST_ROWS


def test_the_keyboard_reaches_the_last_event_and_the_first(session: Page, rows: list[dict[str, Any]]) -> None:
    tree = session.get_by_role("tree")
    tree.focus()
    tree.press("End")
    chosen = session.get_by_role("treeitem", selected=True)
    expect(chosen).to_be_in_viewport()
    # The tree shows children below their step, so that its last row is one of the last step's.
    last_step = next(row for row in reversed(rows) if row["kind"] == "action")
    shown = str(chosen.get_attribute("id")).removeprefix("event-")
    assert last_step["id"] == next(row["parent_id"] for row in rows if row["id"] == shown)
    tree.press("ArrowUp")
    expect(session.get_by_role("treeitem", selected=True)).not_to_have_id(f"event-{shown}")
    tree.press("Home")
    expect(session.get_by_role("treeitem", selected=True)).to_have_id(f"event-{rows[0]['id']}")


def test_a_link_leads_to_an_event_in_the_middle(signed_in: Page, session_id: str, rows: list[dict[str, Any]]) -> None:
    wanted = next(row for row in rows[EVENTS // 2 :] if row["kind"] == "llm")
    open_whole(signed_in, f"/sessions/{session_id}?event={wanted['id']}")
    chosen = signed_in.get_by_role("treeitem", selected=True)
    expect(chosen).to_have_id(f"event-{wanted['id']}")
    expect(chosen).to_be_in_viewport()
    expect(signed_in.get_by_test_id("event-panel")).to_contain_text("What is due in step")


def test_collapsing_leaves_the_steps(session: Page) -> None:
    session.get_by_role("tree").focus()
    session.keyboard.press("Shift+C")
    expect(session.get_by_role("treeitem", expanded=True)).to_have_count(0)
    session.keyboard.press("End")
    expect(event_rows(session).last).to_contain_text("step")
    height = session.locator(".rows-scroller .rows").evaluate("rows => rows.offsetHeight")
    assert height == 28 * long_runner.STEPS


def test_a_kind_and_a_word_are_found_among_all(session: Page) -> None:
    session.get_by_role("button", name="Errors").click()
    expect(session.get_by_text(f"{FAILURES} found")).to_be_visible()
    session.get_by_role("button", name="Clear").click()
    session.get_by_label("Find in this session").fill("claude-sonnet")
    claude = len(range(2, long_runner.STEPS, len(long_runner.MODELS)))
    expect(session.get_by_text(re.compile(r"^[\d,]+ found$"))).to_be_visible()
    found = int(session.get_by_text(re.compile(r"^[\d,]+ found$")).inner_text().split()[0].replace(",", ""))
    assert found >= claude * 5
    assert event_rows(session).count() <= MOST_ROWS


def test_words_that_only_prompts_have_are_found_and_led_through(session: Page, rows: list[dict[str, Any]]) -> None:
    step = long_runner.STEPS - 23
    # Steps are told apart by their order only.
    step_id = [row["id"] for row in rows if row["kind"] == "action"][step]
    wanted = [row["id"] for row in rows if row["kind"] == "llm" and row["parent_id"] == step_id]
    assert len(wanted) == 6
    session.get_by_role("tree").focus()
    session.keyboard.press("Shift+C")
    find = session.get_by_label("Find in this session")
    find.fill(f"due {step}")
    status = session.get_by_role("search", name="Events").get_by_role("status")
    expect(status).to_have_text("6 found")
    session.get_by_role("tree").focus()
    chosen = session.get_by_role("treeitem", selected=True)
    for number, event_id in enumerate([*wanted, wanted[0]]):
        session.keyboard.press("n")
        expect(status).to_have_text(f"{number % 6 + 1} of 6")
        expect(chosen).to_have_id(f"event-{event_id}")
        expect(chosen).to_be_in_viewport()
    expect(session.locator(f"#event-{step_id}.around")).to_be_visible()
    expect(session.get_by_test_id("event-panel")).to_contain_text(f"What is due in step {step}, part 3?")
    marks = "() => [...(CSS.highlights.get('found') ?? [])].map(range => range.toString())"
    session.wait_for_function(f"step => ({marks})().includes(step)", arg=str(step))
    session.keyboard.press("Shift+N")
    expect(chosen).to_have_id(f"event-{wanted[-1]}")
    find.press("Enter")
    expect(status).to_have_text("1 of 6")
    find.press("Shift+Enter")
    expect(status).to_have_text("6 of 6")
    session.get_by_role("button", name="Next hit").click()
    expect(status).to_have_text("1 of 6")
    find.fill("nobodyeversaidthat")
    expect(status).to_have_text("0 found")
    expect(session.get_by_role("heading", name="No event like this")).to_be_visible()


def test_every_view_opens_and_shows_its_part(session: Page) -> None:
    open_view(session, "Errors")
    expect(session.get_by_test_id("errors")).to_contain_text(f"× {FAILURES}")
    open_view(session, "Cost")
    expect(session.get_by_label("By model").get_by_role("row")).to_have_count(1 + len(long_runner.MODELS))
    open_view(session, "Graph")
    expect(session.get_by_test_id("graph").locator("[data-name=look_up]")).to_be_visible()
    open_view(session, "Logs")
    expect(session.get_by_test_id("logs").locator(".line").first).to_be_visible()
    assert session.get_by_test_id("logs").locator(".line").count() <= MOST_ROWS
    open_view(session, "Chat")
    expect(session.get_by_text(re.compile(r"^Calls 1 to 20 of "))).to_have_count(2)
    session.get_by_role("button", name="Later").first.click()
    expect(session.get_by_test_id("conversation").get_by_role("article").first).to_contain_text("What is due in step")


def test_back_leads_through_the_views(session: Page) -> None:
    open_view(session, "Cost")
    expect(session.get_by_test_id("cost")).to_be_visible()
    open_view(session, "Errors")
    expect(session.get_by_test_id("errors")).to_be_visible()
    session.go_back()
    expect(session.get_by_test_id("cost")).to_be_visible()
    session.go_back()
    expect(event_rows(session).first).to_be_visible()


def test_the_replay_moves_the_waterfall(session: Page) -> None:
    slider = session.get_by_role("slider", name="Moment of the replay")
    slider.focus()
    slider.press("Home")
    expect(session.locator("[data-testid=event-row].later").first).to_be_attached()
    slider.press("End")
    expect(session.locator("[data-testid=event-row].later")).to_have_count(0)
