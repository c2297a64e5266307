"""What caches saved, on the page of a session: the price book's sums, and what it says where it knows no price."""

import json
import uuid
from typing import Any

import pytest
import urllib3
from playwright.sync_api import Page, expect

from tests.e2e.axe import find_violations
from tests.serving import Server

pytestmark = pytest.mark.xdist_group("page-session")

NOON = "2026-11-20T12:00:00Z"


def post(server: Server, path: str, body: dict[str, Any], **headers: str) -> Any:
    answer = urllib3.request("POST", server.url + path, body=json.dumps(body), headers=headers)
    assert answer.status == 200, answer.data
    return answer.json()


def cached_call(model: str, **usage: int) -> dict[str, Any]:
    counts = {f"{name}.input_tokens": count for name, count in usage.items()}
    tokens = {"prompt_tokens": 100_000, "completion_tokens": 10, "usage": counts}
    times = {"init_timestamp": NOON, "end_timestamp": NOON}
    return {"id": str(uuid.uuid4()), "event_type": "llms", "model": model, "prompt": "q", **tokens, **times}


def record(server: Server, *events: dict[str, Any]) -> str:
    session_id = str(uuid.uuid4())
    session = {"session": {"session_id": session_id, "init_timestamp": NOON}}
    token = post(server, "/v2/create_session", session, **{"X-Agentops-Api-Key": server.api_key})["jwt"]
    post(server, "/v2/create_events", {"events": events}, Authorization=f"Bearer {token}")
    return session_id


@pytest.fixture
def signed_in(page: Page, server: Server) -> Page:
    page.request.post(f"{server.url}/auth/sign_in", data={"api_key": server.api_key})
    return page


def test_savings_are_shown_by_model_in_money(signed_in: Page, server: Server) -> None:
    claude = cached_call("claude-sonnet-4-0", cache_read=60_000, cache_creation=40_000)
    session_id = record(server, claude, cached_call("gpt-4o", cache_read=80_000))
    signed_in.goto(f"/sessions/{session_id}?view=cost")
    savings = signed_in.get_by_test_id("savings").locator("tbody tr")
    expect(savings).to_have_count(2, timeout=60_000)
    # Sonnet 4: $3 a million, $0.30 out of the cache and $3.75 into it. gpt-4o: $2.50, and $1.25 out of it.
    expect(savings.filter(has_text="claude").locator("td")).to_have_text(
        ["claude-sonnet-4-0", "1", "60,000", "40,000", "$0.0300", "$0.1620"]
    )
    expect(savings.filter(has_text="gpt-4o").locator("td").last).to_have_text("$0.1000")
    expect(signed_in.get_by_text("saved $0.2620 against the same calls without a cache")).to_be_visible()
    assert find_violations(signed_in) == []


def test_a_saving_of_unknown_price_is_no_sum(signed_in: Page, server: Server) -> None:
    session_id = record(server, cached_call("no-such-model-7", cache_read=60_000))
    signed_in.goto(f"/sessions/{session_id}?view=cost")
    expect(signed_in.get_by_test_id("savings").locator("tbody td").last).to_have_text("–", timeout=60_000)
    expect(signed_in.get_by_text("saved an unknown sum")).to_be_visible()
