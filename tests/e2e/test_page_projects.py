"""Projects on the page: whoever came by the server's link makes, renames and opens them; an API key opens its own."""

import re
import uuid
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.axe import find_violations
from tests.e2e.desk import sign_in, wait_until_still
from tests.server.http.api import make_key, sign_in_as_operator
from tests.serving import Reader, Server

pytestmark = pytest.mark.xdist_group("page-processes")

THEMES = ("light", "dark")


@pytest.fixture
def operator(page: Page, server: Server) -> Page:
    return open_settings(page, server)


def open_settings(page: Page, server: Server) -> Page:
    """The settings, as they are after the link of the server was opened."""
    name, _, value = sign_in_as_operator(server)["Cookie"].partition("=")
    page.context.add_cookies([{"name": name, "value": value, "url": server.url, "sameSite": "Strict"}])
    page.goto("/settings")
    expect(page.get_by_role("heading", name="Projects")).to_be_visible()
    return page


def fresh_name() -> str:
    return f"project {uuid.uuid4()}"


def make_project(page: Page, name: str) -> str:
    """Make one and return its first key."""
    page.get_by_label("Name of the new project").fill(name)
    page.get_by_role("button", name="Make a project").click()
    shown = page.get_by_role("status").filter(has_text=name).get_by_test_id("new-project-key")
    expect(shown).to_be_visible()
    return shown.inner_text()


def open_project(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"Open {name}").click()
    expect(page.get_by_test_id("project")).to_have_text(name)


def test_a_project_is_made_and_its_first_key_is_shown_once(operator: Page, server: Server) -> None:
    name = fresh_name()
    key = make_project(operator, name)
    assert Reader(server.url, key).get("/auth/me")["project"]["name"] == name
    expect(operator.get_by_test_id("listed-project").filter(has_text=name)).to_be_visible()
    operator.reload()
    expect(operator.get_by_test_id("listed-project").filter(has_text=name)).to_be_visible()
    expect(operator.get_by_test_id("new-project-key")).to_have_count(0)
    assert key not in operator.content()


def test_another_project_is_opened_and_left_again(operator: Page) -> None:
    name = fresh_name()
    make_project(operator, name)
    open_project(operator, name)
    expect(operator.get_by_role("heading", name="No sessions yet")).to_be_visible()
    operator.keyboard.press("Control+k")
    operator.keyboard.type("default open")
    operator.get_by_role("option", name=re.compile("^default open this project")).click()
    expect(operator.get_by_test_id("project")).to_have_text("default")


def test_a_project_is_renamed(operator: Page) -> None:
    name, other = fresh_name(), fresh_name()
    make_project(operator, name)
    open_project(operator, name)
    operator.get_by_test_id("project").click()
    row = operator.get_by_test_id("listed-project").filter(has_text=name)
    row.locator("summary").click()
    row.get_by_label("New name").fill(other)
    row.get_by_role("button", name="Rename", exact=True).click()
    expect(operator.get_by_test_id("project")).to_have_text(other)
    expect(operator.get_by_test_id("listed-project").filter(has_text=other)).to_contain_text("shown now")
    expect(operator.get_by_test_id("listed-project").filter(has_text=name)).to_have_count(0)


def test_a_name_that_is_taken_is_refused_with_the_reason(browser: Browser, server: Server) -> None:
    context = browser.new_context(base_url=server.url)  # of its own: the refusal is told in the console, too
    page = open_settings(context.new_page(), server)
    page.get_by_label("Name of the new project").fill("default")
    page.get_by_role("button", name="Make a project").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a project 'default' already")
    context.close()


def test_the_project_of_the_settings_says_why_it_keeps_its_name(operator: Page) -> None:
    row = operator.get_by_test_id("listed-project").filter(has_text=re.compile("^default"))
    row.locator("summary").click()
    expect(row).to_contain_text("AGENTOPS_INIT_PROJECT")


def test_a_deleted_project_leads_to_another(operator: Page) -> None:
    name = fresh_name()
    make_project(operator, name)
    open_project(operator, name)
    operator.get_by_test_id("project").click()
    operator.locator("summary", has_text="Delete this project").click()
    operator.get_by_label("Type its name").fill(name)
    operator.get_by_role("button", name="for ever").click()
    expect(operator.get_by_test_id("project")).to_have_text("default")


def test_an_api_key_shows_its_own_project_and_says_how_to_see_the_others(page: Page, server: Server) -> None:
    name = fresh_name()
    sign_in(page, server, make_key(server, name))
    page.goto("/settings")
    expect(page.get_by_role("heading", name="Other projects")).to_be_visible()
    expect(page.get_by_text("open the one-time link that agentops-server serve prints")).to_be_visible()
    expect(page.get_by_test_id("listed-project")).to_have_count(0)
    expect(page.get_by_label("Name of the new project")).to_have_count(0)
    expect(page.get_by_test_id("project")).to_have_text(name)


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_wrong_in_projects(operator: Page, theme: Any) -> None:
    operator.emulate_media(color_scheme=theme)
    name = fresh_name()
    make_project(operator, name)
    operator.get_by_test_id("listed-project").filter(has_text=name).locator("summary").click()
    wait_until_still(operator)
    assert find_violations(operator) == []


@pytest.mark.parametrize("width", [360, 820, 1440, 3840])
def test_no_name_of_a_project_is_wider_than_its_place(operator: Page, width: int) -> None:
    make_project(operator, uuid.uuid4().hex * 3)
    operator.set_viewport_size({"width": width, "height": 900})
    wait_until_still(operator)
    wide = "(main => main.scrollWidth - main.clientWidth)(document.querySelector('main'))"
    assert operator.evaluate(wide) == 0
