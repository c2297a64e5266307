"""A session of three processes in a real browser: who took part, whose clock is behind, what was lost on the way."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.acting import acting, agent_env, flush_spool
from tests.serving import Server

pytestmark = pytest.mark.xdist_group("page-processes")

BEHIND_S = 600
LINE_START = b'{"n":['  # with which the record of an event begins


@pytest.fixture
def signed_in(browser: Browser, mortal_server: Server) -> Iterator[Page]:
    context = browser.new_context(base_url=mortal_server.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.request.post(f"{mortal_server.url}/auth/sign_in", data={"api_key": mortal_server.api_key})
    yield page
    context.close()


def damage_one_record(spool: Path) -> None:
    """Flip a bit in the first byte of the record of the second question, as a bad disk may: it is lost alone."""
    for segment in (path for path in spool.rglob("*") if path.is_file()):
        content = segment.read_bytes()
        if (place := content.find(b"question 1")) != -1:
            first = content.rindex(LINE_START, 0, place)
            with segment.open("r+b") as file:
                file.seek(first)
                file.write(bytes([content[first] ^ 1]))
            return
    raise AssertionError("no segment holds the second question")


def clock_behind(folder: Path) -> dict[str, str]:
    """What makes the clock of a Python process wrong from its first line on."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(
        f"import time\nright = time.time_ns\ntime.time_ns = lambda: right() - {BEHIND_S * 1_000_000_000}\n"
    )
    return {"PYTHONPATH": str(folder)}


def record_with_three_processes(server: Server, folder: Path) -> str:
    """A lead, a helper whose clock is behind, and one whose spool waited for the server and was damaged meanwhile."""
    spools = [folder / name for name in ("lead", "helper", "unlucky")]
    envs = [agent_env(server.url, server.api_key, spool) for spool in spools]
    envs[1] |= clock_behind(folder / "crooked")
    with acting(envs[0]) as lead, acting(envs[1]) as helper, acting(envs[2]) as unlucky:
        session_id = str(lead.do("init", default_tags=["crew"])["session_id"])
        parent_id = lead.record(1)[0]
        lead.do("flush")
        helper.do("init", inherited_session_id=session_id, default_tags=["helper"])
        helper.do("record", count=2, parent_id=parent_id)
        helper.do("flush")
        unlucky.do("init", inherited_session_id=session_id)
        server.kill9()
        unlucky.record(4)
        unlucky.kill9()
        damage_one_record(spools[2])
        server.start()
        flush_spool(envs[2])
        lead.do("end", state="Success", reason="all did their part")
    return session_id


def test_processes_gaps_and_clocks_are_shown(signed_in: Page, mortal_server: Server, tmp_path: Path) -> None:
    session_id = record_with_three_processes(mortal_server, tmp_path)
    signed_in.goto(f"/sessions/{session_id}")
    head = signed_in.locator(".session-head")
    expect(head.get_by_role("link", name=re.compile("^3 processes"))).to_be_visible()
    expect(head.get_by_test_id("missing")).to_have_text("1 event missing")
    expect(head.get_by_text(re.compile(r"^clocks differ by \d.* or more$"))).to_be_visible()
    expect(head.get_by_test_id("state")).to_have_text("Success")
    expect(head.locator(".tag")).to_have_text(["crew", "helper"])

    head.get_by_role("link", name=re.compile("^3 processes")).click()
    processes = signed_in.get_by_test_id("processes").locator("tbody tr")
    expect(processes).to_have_count(3)
    expect(processes.filter(has_text="behind or more")).to_have_count(1)
    expect(processes.filter(has_text="behind or more")).to_contain_text("none")
    expect(processes.filter(has_not_text="none")).to_have_count(1)
    expect(processes.filter(has_not_text="none").locator("td").nth(1)).to_have_text("3")
    expect(processes.filter(has_not_text="none").locator("td").nth(2)).to_have_text("2")
