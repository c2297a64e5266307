"""The events of a session: rows, one whole, all of them; and the figures that must agree with them."""

import json
import random
import uuid
from decimal import Decimal
from typing import Any

import pytest

from .api import NOON, START, Api, Run, call, event

pytestmark = pytest.mark.xdist_group("http-reading")

LISTS = ("actions", "llms", "tools", "errors")


@pytest.fixture
def busy(api: Api) -> Run:
    """A session with 120 events of every kind, sent in disorder, many at the same time."""
    run = api.start()
    kinds = ("llms", "tools", "actions", "errors", "chain", "agent")
    events = []
    for n in range(120):
        second = f"2026-11-20T12:00:{n // 3:02d}.{n % 2:03d}Z"
        kind = kinds[n % len(kinds)]
        make = call if kind == "llms" else event
        given: dict[str, Any] = {"init_timestamp": second, "end_timestamp": None, "sequence": n % 5, "name": str(n)}
        events.append(make(**given) if kind == "llms" else make(kind, **given))
    random.Random(7).shuffle(events)
    run.record(*events[:70])
    run.record(*events[70:])
    return run


def pages(run: Run, limit: int) -> list[Any]:
    rows: list[Any] = []
    query = f"?limit={limit}"
    while True:
        page = run.api.get(f"{run.path}/events{query}")
        assert 1 <= len(page["events"]) <= limit
        rows += page["events"]
        assert len(rows) <= 120, "more than there are"
        if page["next_cursor"] is None:
            return rows
        query = f"?limit={limit}&cursor={page['next_cursor']}"


@pytest.mark.parametrize("limit", [1, 7, 119, 120, 25_000])
def test_pages_have_every_event_once_in_time_order(busy: Run, limit: int) -> None:
    rows = pages(busy, limit)
    assert len({row["id"] for row in rows}) == len(rows) == 120
    order = [(row["init_timestamp"], row["sequence"], row["id"]) for row in rows]
    assert order == sorted(order)


def test_a_row_says_when_its_answer_began_and_what_came_from_a_cache(api: Api) -> None:
    run = api.start()
    usage = {"cache_read.input_tokens": 600}
    run.record(call(prompt_tokens=1000, completion_tokens=5, usage=usage, time_to_first_chunk=0.25), event("tools"))
    told = {row["kind"]: (row["first_token_ms"], row["cached_tokens"]) for row in pages(run, 10)}
    assert told == {"llm": (250.0, 600), "tool": (None, None)}


def test_a_row_says_whether_it_has_a_screenshot(api: Api) -> None:
    run = api.start()
    run.record(event(name="seen", screenshot="https://example.com/a.png"), event(name="unseen"))
    assert {row["name"]: row["has_screenshot"] for row in pages(run, 10)} == {"seen": True, "unseen": False}


def test_the_export_is_the_sum_of_the_pages(busy: Run) -> None:
    export, rows = busy.export(), pages(busy, 50)
    exported = [row for name in LISTS for row in export[name]]
    shared = ("kind", "event_type", "name", "init_timestamp", "end_timestamp", "agent_id", "parent_id", "sequence")
    by_id = {row["id"]: {key: row[key] for key in shared} for row in rows}
    assert {row["id"]: {key: row[key] for key in shared} for row in exported} == by_id
    assert len(exported) == len(rows)
    for name in LISTS:
        ids = {row["id"] for row in export[name]}
        assert [row["id"] for row in export[name]] == [row["id"] for row in rows if row["id"] in ids]
    assert {row["kind"] for row in export["actions"]} == {"action", "chain", "agent"}


def test_the_figures_agree_with_the_events(busy: Run) -> None:
    export = busy.export()
    stats = export["stats"]
    assert stats == busy.stats() == busy.api.get(busy.path)["stats"]
    assert stats["event_counts"] == {name: len(export[name]) for name in LISTS}
    assert {name: stats[name] for name in LISTS} == stats["event_counts"]
    assert stats["events"] == 120
    assert Decimal(stats["cost"]) == sum(Decimal(row["cost"]) for row in export["llms"]) == Decimal("0.15")
    assert stats["prompt_tokens"] == sum(row["prompt_tokens"] for row in export["llms"])
    assert stats["completion_tokens"] == sum(row["completion_tokens"] for row in export["llms"])
    assert stats["total_tokens"] == stats["prompt_tokens"] + stats["completion_tokens"]
    assert (stats["cost_is_lower_bound"], stats["unpriced_llms"], stats["uncounted_llms"]) == (False, 0, 0)


def test_one_event_is_as_the_export_has_it(busy: Run) -> None:
    export = busy.export()
    for name in LISTS:
        row = export[name][0]
        assert busy.api.get(f"{busy.path}/events/{row['id']}") == row


def test_an_unknown_event_is_404_and_an_id_that_is_none_422(busy: Run) -> None:
    assert busy.api.ask("GET", f"{busy.path}/events/{uuid.uuid4()}").status == 404
    assert busy.api.ask("GET", f"{busy.path}/events/garbage").status == 422


@pytest.mark.parametrize("limit", ["0", "25001", "x"])
def test_a_limit_that_cannot_be_meant_is_422(api: Api, limit: str) -> None:
    assert api.ask("GET", f"{api.start().path}/events?limit={limit}").status == 422


def test_payloads_come_back_as_the_json_that_they_were(api: Api) -> None:
    run = api.start()
    payload = {"unicode": "東京 😀\u2028\0", "numbers": [1, -1.5, 1e-7, 2**63], "none": None, "deep": [[[{}]]], "": ""}
    run.record(call(params=payload, returns=[payload], prompt=payload, completion="text", cost=None))
    (row,) = run.export()["llms"]
    assert [row[key] for key in ("params", "returns", "prompt", "completion")] == [payload, [payload], payload, "text"]


def test_digits_of_a_payload_are_kept_exactly(api: Api) -> None:
    run = api.start()
    sent = b'{"events": [{"id": "%s", "event_type": "actions", "params": [1.10, 12345678901234567890.123456789]}]}'
    answer = api.ask(
        "POST", "/v2/create_events", sent % str(uuid.uuid4()).encode(), {"Authorization": f"Bearer {run.token}"}
    )
    assert answer.json()["accepted"] == 1
    assert b'"params":[1.10, 12345678901234567890.123456789]' in api.ask("GET", f"{run.path}/export").body


def test_a_model_that_nobody_knows_makes_the_cost_a_lower_bound(api: Api) -> None:
    run = api.start()
    run.record(call(), call(model="no-such-model"))
    stats = run.stats()
    assert (stats["cost"], stats["cost_is_lower_bound"], stats["unpriced_llms"]) == ("0.0075", True, 1)
    assert [row["cost"] for row in run.export()["llms"]].count(None) == 1
    assert run.update()["cost_is_lower_bound"] is True


def test_a_missing_token_count_makes_the_cost_a_lower_bound(api: Api) -> None:
    run = api.start()
    run.record(call(completion_tokens=None, completion=None))  # without its text, it cannot be estimated either
    stats = run.stats()
    assert (stats["cost_is_lower_bound"], stats["unpriced_llms"], stats["uncounted_llms"]) == (True, 1, 1)


def test_a_reported_cost_stands(api: Api) -> None:
    run = api.start()
    run.record(call(cost=0.5), call(model="no-such-model", cost="0.25"))
    assert (run.stats()["cost"], run.stats()["cost_is_lower_bound"]) == ("0.75", False)
    assert {row["reported_cost"] for row in run.export()["llms"]} == {"0.5", "0.25"}


def test_what_a_tool_says_that_it_cost_is_in_the_total(api: Api) -> None:
    run = api.start()
    run.record(call(), event("tools", name="search", cost=0.02), event("tools", name="lookup"))
    stats = run.stats()
    assert (stats["cost"], stats["cost_is_lower_bound"]) == ("0.0275", False)


def test_a_session_without_events_has_zeros(api: Api) -> None:
    run = api.start()
    stats = run.stats()
    assert (stats["events"], stats["cost"], stats["duration"], stats["duration_ms"]) == (0, "0", "0.0s", 0.0)
    assert run.api.get(f"{run.path}/events") == {"events": [], "next_cursor": None}
    assert {name: run.export()[name] for name in LISTS} == {name: [] for name in LISTS}


def test_a_running_session_lasts_until_its_last_activity(api: Api) -> None:
    run = api.start(init_timestamp=START)
    run.record(event(end_timestamp="2026-11-20T12:00:02.5Z"))
    stats = run.stats()
    assert (stats["duration"], stats["last_activity"]) == ("1m 2.5s", "2026-11-20T12:00:02.500000+00:00")
    run.update(end_timestamp=NOON, end_state="Success")
    assert (run.stats()["duration"], run.stats()["duration_ms"]) == ("1m 0.0s", 60_000.0)


def test_an_errors_text_is_cut_in_its_row_only(api: Api) -> None:
    run = api.start()
    run.record(event("errors", details="é" * 1000, error_type="KeyError"))
    (row,) = pages(run, 10)
    assert (row["details"], row["error_type"], row["kind"]) == ("é" * 300, "KeyError", "error")
    assert run.export()["errors"][0]["details"] == "é" * 1000


def test_the_export_is_json_whatever_the_size(api: Api) -> None:
    run = api.start()
    for _ in range(4):
        run.record(*(event(params="x" * 2000, name="n") for _ in range(500)))
    answer = api.ask("GET", f"{run.path}/export")
    assert answer.headers.get("Content-Length") is None
    assert len(json.loads(answer.body)["actions"]) == 2000


def test_readers_that_go_away_leave_the_connections_to_others(api: Api) -> None:
    run = api.start()
    run.record(*(event(params="x" * 5000) for _ in range(500)))
    for _ in range(20):
        answer = api.pool.request(
            "GET", f"{api.url}{run.path}/export", headers={"X-Agentops-Api-Key": api.api_key}, preload_content=False
        )
        assert answer.read(10)
        answer.close()
    assert run.stats()["events"] == 500
