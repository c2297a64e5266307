"""What the sessions of a project come to."""

import time
import uuid
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest

from .api import Api, call, event

pytestmark = pytest.mark.xdist_group("http-reading")

PATIENCE_S = 60
NOON, END = "2026-11-20T12:00:00+00:00", "2026-11-20T12:00:02+00:00"


def overview(api: Api, events: int, **given: str) -> Any:
    """The overview as soon as so many events are in it."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        answer = api.get(f"/v2/overview?{urlencode(given)}")
        if answer["totals"]["events"] >= events and answer["as_of"] is not None:
            # Parts of one answer are asked one after the other: those before the totals may be a moment older.
            return api.get(f"/v2/overview?{urlencode(given)}")
        time.sleep(0.05)
    raise AssertionError(f"not summed up in {PATIENCE_S} s: {answer}")


def started(api: Api, day: int, **given: Any) -> Any:
    return api.start(init_timestamp=f"2026-11-{day}T12:00:00+00:00", **given)


def test_a_project_without_sessions_has_zeros(own: Api) -> None:
    answer = overview(own, 0)
    assert answer["totals"]["sessions"] == answer["totals"]["events"] == 0
    assert answer["totals"]["cost"] == "0"
    assert [answer[name] for name in ("days", "models", "latencies", "agents", "tags", "errors", "expensive")] == [
        []
    ] * 7


def test_totals_are_the_sums_of_the_sessions(own: Api) -> None:
    runs = [own.start(tags=["a"]) for _ in range(3)]
    for number, run in enumerate(runs):
        run.record(*(call() for _ in range(number)), event("tools"), event("errors"), event())
    answer = overview(own, 12)["totals"]
    stats = [run.stats() for run in runs]
    for name in ("events", "llms", "tools", "actions", "errors", "prompt_tokens", "completion_tokens"):
        assert answer[name] == sum(each[name] for each in stats), name
    assert Decimal(answer["cost"]) == sum(Decimal(each["cost"]) for each in stats) == Decimal("0.0225")
    assert (answer["sessions"], answer["cost_is_lower_bound"]) == (3, False)


def test_an_unknown_price_makes_every_sum_that_has_it_a_lower_bound(own: Api) -> None:
    run = own.start(tags=["a"])
    run.record(call(), call(model="nobody-knows-it"))
    answer = overview(own, 2)
    assert (answer["totals"]["cost"], answer["totals"]["unpriced_llms"]) == ("0.0075", 1)
    bounds = {row["model"]: row["cost_is_lower_bound"] for row in answer["models"]}
    assert bounds == {"gpt-4o": False, "nobody-knows-it": True}
    places = [answer["totals"], *answer["agents"], *answer["tags"], *answer["expensive"]]
    assert [place["cost_is_lower_bound"] for place in places] == [True] * 4


def test_calls_are_told_by_day_and_model(own: Api) -> None:
    for day in (18, 19):
        at = {"init_timestamp": f"2026-11-{day}T23:59:00Z", "end_timestamp": f"2026-11-{day}T23:59:01Z"}
        started(own, day).record(call(**at), call(**at), call(model="gpt-4o-mini", **at))
    models = overview(own, 6)["models"]
    assert [(row["day"], row["model"], row["llms"], row["prompt_tokens"], row["cost"]) for row in models[:2]] == [
        ("2026-11-18", "gpt-4o", 2, 2000, "0.015"),
        ("2026-11-18", "gpt-4o-mini", 1, 1000, "0.00045"),
    ]
    assert [row["day"] for row in models] == ["2026-11-18"] * 2 + ["2026-11-19"] * 2


def test_end_states_and_errors_are_told_by_day(own: Api) -> None:
    for day, state in ((18, "Success"), (18, "Fail"), (18, "Success"), (19, None)):
        run = started(own, day)
        run.record(event("errors", timestamp=f"2026-11-{day}T12:00:00Z", init_timestamp=None))
        if state:
            run.update(end_timestamp=NOON, end_state=state)
    assert overview(own, 4)["days"] == [
        {"day": "2026-11-18", "end_states": {"Success": 2, "Failure": 1}, "errors": 3},
        {"day": "2026-11-19", "end_states": {"Running": 1}, "errors": 1},
    ]


def test_latencies_are_quantiles_of_the_calls_of_all_sessions(own: Api) -> None:
    for first in (1, 51):
        took = [f"2026-11-20T12:{number // 60:02d}:{number % 60:02d}+00:00" for number in range(first, first + 50)]
        own.start().record(*(call(init_timestamp=NOON, end_timestamp=end) for end in took))
    own.start().record(call(model="gpt-4o-mini", init_timestamp=NOON, end_timestamp=END), call(end_timestamp=None))
    everything, large, small = overview(own, 102)["latencies"]
    assert (everything["model"], large["model"], small["model"]) == (None, "gpt-4o", "gpt-4o-mini")
    assert (everything["llms"], large["llms"], small["llms"]) == (101, 100, 1)
    assert (large["p50_ms"], large["p95_ms"], large["p99_ms"]) == pytest.approx((50_500, 95_500, 99_500), abs=500)
    assert (small["p50_ms"], small["p99_ms"]) == (2000, 2000)


def test_agents_and_tags_and_expensive_sessions_come_costliest_first(own: Api) -> None:
    runs = [own.start(tags=tags) for tags in (["a"], ["a", "b"], [])]
    agent_id = str(uuid.uuid4())
    own.post("/v2/create_agent", {"id": agent_id, "name": "Writer"}, runs[1].token)
    runs[0].record(call())
    runs[1].record(call(agent_id=agent_id), call(agent_id=agent_id), event("errors", agent_id=agent_id))
    runs[1].update(end_timestamp=END, end_state="Failure")
    answer = overview(own, 4)
    assert [(row["agent"], row["llms"], row["errors"], row["sessions"]) for row in answer["agents"]] == [
        ("Writer", 2, 1, 1),
        (None, 1, 0, 1),
    ]
    assert [(row["tag"], row["sessions"], row["failures"], row["cost"]) for row in answer["tags"]] == [
        ("a", 2, 1, "0.0225"),
        ("b", 1, 1, "0.015"),
    ]
    assert [(row["session_id"], row["cost"]) for row in answer["expensive"]] == [
        (runs[1].id, "0.015"),
        (runs[0].id, "0.0075"),
    ]


def test_errors_are_grouped_by_type_with_the_last_session(own: Api) -> None:
    first, second = own.start(), own.start()
    early, late = (
        {"timestamp": f"2026-11-20T12:00:0{s}Z", "init_timestamp": None, "end_timestamp": None} for s in (1, 2)
    )
    first.record(event("errors", error_type="ValueError", **late), event("errors", **early))
    second.record(*(event("errors", error_type="ValueError", **early) for _ in range(2)))
    valued, untyped = overview(own, 4)["errors"]
    assert (valued["error_type"], valued["errors"], valued["sessions"]) == ("ValueError", 3, 2)
    assert (valued["last_session_id"], valued["last_timestamp"]) == (first.id, "2026-11-20T12:00:02.000000+00:00")
    assert (untyped["error_type"], untyped["errors"]) == (None, 1)


def test_since_and_until_bound_the_starts_of_sessions(own: Api) -> None:
    for day in (17, 18, 19):
        started(own, day, tags=[f"t{day}"]).record(call(), event("errors"))
    overview(own, 6)
    answer = overview(own, 2, since="2026-11-18T00:00:00Z", until="2026-11-19T00:00:00Z")
    assert (answer["totals"]["sessions"], answer["totals"]["events"]) == (1, 2)
    assert [row["tag"] for row in answer["tags"]] == ["t18"]
    assert sum(row["llms"] for row in answer["models"]) == answer["latencies"][0]["llms"] == 1
    assert (answer["errors"][0]["errors"], len(answer["expensive"]), answer["agents"][0]["events"]) == (1, 1, 2)


@pytest.mark.parametrize("name", ["since", "until"])
def test_a_time_that_is_none_is_422_and_named(api: Api, name: str) -> None:
    answer = api.ask("GET", f"/v2/overview?{name}=yesterday")
    assert answer.status == 422
    assert answer.json()["message"].startswith(f"{name}: ")


def test_corrections_and_duplicates_change_no_sum_but_as_they_say(own: Api) -> None:
    run, sent = own.start(), call()
    run.record(sent, event())
    run.record(sent)
    run.replace({**sent, "prompt_tokens": 2000})
    run.record(call())
    answer = overview(own, 3)
    assert (answer["totals"]["llms"], answer["totals"]["prompt_tokens"], answer["totals"]["cost"]) == (
        2,
        3000,
        "0.0175",
    )


def test_parts_are_told_as_they_are_asked_for(own: Api) -> None:
    own.start(tags=["a"]).record(call())
    whole = overview(own, 1)
    answer = own.get("/v2/overview?part=tags&part=models")
    assert (answer["tags"], answer["models"]) == (whole["tags"], whole["models"])
    assert {name for name, part in answer.items() if part is None} == set(whole) - {"as_of", "tags", "models"}
    assert own.ask("GET", "/v2/overview?part=weather").json()["message"].startswith("part must be one of totals, days")
