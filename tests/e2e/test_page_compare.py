"""Two sessions side by side in a browser: step by step, where they part, and what they carried differently."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acting import acting, agent_env
from tests.e2e.desk import record_refunds, run_agent, sign_in, wait_until_summed
from tests.serving import Reader, Server

pytestmark = pytest.mark.xdist_group("page-compare")


@pytest.fixture(scope="module")
def recorded(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Sessions by name: two refunds, an answer, and two of three calls each, of which one has one more."""
    spool = tmp_path_factory.mktemp("spool")
    run_agent(server, spool, "small_runs.py", "answer")
    record_refunds(server, spool)
    found: dict[str, Any] = {}
    for name, count in (("three", 3), ("four", 4)):
        with acting(agent_env(server.url, server.api_key, spool)) as actor:
            found[name] = actor.do("init")["session_id"]
            actor.record(count)
            actor.do("end", state="Success", reason="done")
    sessions = wait_until_summed(Reader(server.url, server.api_key))
    refunds = [one["session_id"] for one in sessions if "refunded" in one["tags"]]
    answer = next(one["session_id"] for one in sessions if "faq" in one["tags"])
    return {"one": refunds[0], "other": refunds[1], "answer": answer, **found}


@pytest.fixture
def signed_in(page: Page, server: Server, recorded: dict[str, str]) -> Page:
    sign_in(page, server)
    page.goto(f"/compare?a={recorded['one']}&b={recorded['answer']}")
    expect(page.get_by_test_id("pair").first).to_be_visible()
    return page


def test_two_runs_of_the_same_way_part_nowhere(signed_in: Page, recorded: dict[str, str]) -> None:
    signed_in.goto(f"/compare?a={recorded['one']}&b={recorded['other']}")
    expect(signed_in.get_by_test_id("parting")).to_contain_text("the same way to the end")
    pairs = signed_in.get_by_test_id("pair")
    expect(pairs).to_have_count(11)
    pairs.nth(1).locator("summary").click()
    expect(pairs.nth(1)).to_contain_text("Both carried the same.")


def test_the_first_step_that_only_one_has_is_where_they_part(signed_in: Page, recorded: dict[str, str]) -> None:
    signed_in.goto(f"/compare?a={recorded['three']}&b={recorded['four']}")
    expect(signed_in.get_by_test_id("parting")).to_contain_text("They part at step 4, gpt-4o, which only one has.")
    expect(signed_in.locator(".pair.single")).to_have_count(1)
    expect(signed_in.locator(".pair.parting")).to_contain_text("not in this one")


def test_what_steps_carried_differently_is_shown_line_by_line(signed_in: Page) -> None:
    shared = signed_in.locator(".pair:not(.single)").filter(has_text="gpt-4o-mini")
    shared.locator("summary").click()
    prompt = shared.get_by_role("table", name="Prompt of both")
    expect(prompt.locator(".changed", has_text="Do you ship to Norway?").locator("td").last).to_be_visible()
    expect(prompt.locator(".changed", has_text="You carry out decisions").locator("td").first).to_be_visible()
    expect(prompt.locator("tr:not(.changed)", has_text='"role": "user"')).to_have_count(1)


def test_each_step_tells_what_it_cost_and_took_more_or_less(signed_in: Page) -> None:
    shared = signed_in.locator(".pair:not(.single)").filter(has_text="gpt-4o-mini")
    expect(shared.locator(".change")).to_contain_text(re.compile(r"[−+]\$0\.\d+"))
    figures = signed_in.get_by_label("Figures of both")
    for name in ("Cost", "Duration", "Tokens", "LLM calls", "Tools", "Errors"):
        expect(figures.get_by_role("row").filter(has_text=name)).to_contain_text("−")


def test_swapping_turns_the_differences_round(signed_in: Page, recorded: dict[str, str]) -> None:
    signed_in.get_by_role("link", name="Swap").click()
    expect(signed_in).to_have_url(re.compile(f"a={recorded['answer']}&b={recorded['one']}"))
    expect(signed_in.get_by_label("Figures of both").get_by_role("row").filter(has_text="Tokens")).to_contain_text(
        "+734"
    )


def test_an_address_of_a_session_is_taken_for_its_id(signed_in: Page, server: Server, recorded: dict[str, str]) -> None:
    signed_in.goto("/compare")
    expect(signed_in.get_by_role("heading", name="Which two sessions?")).to_be_visible()
    signed_in.get_by_label("Id of one session").fill(f"{server.url}/sessions/{recorded['one']}")
    signed_in.get_by_label("Id of the other session").fill(recorded["other"])
    signed_in.get_by_role("button", name="Compare").click()
    expect(signed_in.get_by_test_id("pair")).to_have_count(11)


def test_a_session_that_runs_grows_beside_the_other(
    signed_in: Page, server: Server, recorded: dict[str, str], tmp_path: Path
) -> None:
    with acting(agent_env(server.url, server.api_key, tmp_path)) as actor:
        running = actor.do("init")["session_id"]
        actor.record(1)
        actor.do("flush")
        signed_in.goto(f"/compare?a={recorded['three']}&b={running}")
        expect(signed_in.locator(".pair:not(.single)")).to_have_count(1)
        actor.record(1)
        actor.do("flush")
        expect(signed_in.locator(".pair:not(.single)")).to_have_count(2, timeout=30_000)
        actor.do("end", state="Success", reason="done")
