"""What the sessions of a project come to over time."""

import uuid
from typing import Any
from urllib.parse import urlencode

import pytest

from .api import Api, call, event
from .test_list_columns import make_agent
from .test_sessions import find, start_at, wait_until_summed

pytestmark = pytest.mark.xdist_group("http-reading")

FROM, TO = "2026-11-20T12:00:00Z", "2026-11-20T12:40:00Z"
STEP_S = 600


def series(api: Api, **given: str) -> Any:
    """Four steps of ten minutes from noon, once the sessions are in the warehouse: a list waits for them."""
    api.get("/v2/sessions?limit=1")
    query = {"since": FROM, "until": TO, "step_s": str(STEP_S), **given}
    return api.get(f"/v2/overview/series?{urlencode(query)}")


def test_a_time_without_sessions_has_no_steps(own: Api) -> None:
    answer = series(own)
    assert (answer["steps"], answer["step_s"]) == (4, STEP_S)
    assert [answer[part] for part in ("states", "models", "agents", "tags", "errors", "latencies")] == [[]] * 6


def test_sessions_are_told_in_the_step_that_they_started_in(own: Api) -> None:
    for minute, state in ((-1, "Success"), (0, "Success"), (9, "Fail"), (10, None), (39, "Success"), (40, "Success")):
        run = start_at(own, minute)
        if state:
            run.update(end_timestamp="2026-11-20T13:00:00Z", end_state=state)
    assert series(own, part="states")["states"] == [
        {"step": 0, "end_states": {"Success": 1, "Failure": 1}},
        {"step": 1, "end_states": {"Running": 1}},
        {"step": 3, "end_states": {"Success": 1}},
    ]


def test_spending_is_told_by_model_agent_and_tag(own: Api) -> None:
    first, second = start_at(own, 1, tags=["a"]), start_at(own, 31, tags=["a", "b"])
    writer = make_agent(own, first, "Writer")
    # A call of the next day belongs to the step of its session too: else a bar would not lead to it.
    first.record(call(agent_id=writer), call(model="gpt-4o-mini", init_timestamp="2026-11-21T12:00:00Z"))
    second.record(call(), call(model="nobody-knows-it"))
    wait_until_summed(own, 4)
    answer = series(own)

    def told(part: str) -> list[tuple[Any, ...]]:
        return [(row["step"], row["name"], row["cost"], row["llms"], row["sessions"]) for row in answer[part]]

    assert told("models") == [
        (0, "gpt-4o", "0.0075", 1, 1),
        (0, "gpt-4o-mini", "0.00045", 1, 1),
        (3, "gpt-4o", "0.0075", 1, 1),
        (3, "nobody-knows-it", "0", 1, 1),
    ]
    assert told("agents") == [
        (0, "Writer", "0.0075", 1, 1),
        (0, None, "0.00045", 1, 1),
        (3, None, "0.0075", 2, 1),
    ]
    assert told("tags") == [(0, "a", "0.00795", 2, 1), (3, "a", "0.0075", 2, 1), (3, "b", "0.0075", 2, 1)]
    assert [row["tokens"] for row in answer["tags"]] == [3000] * 3
    assert [row["cost_is_lower_bound"] for row in answer["models"]] == [False, False, False, True]


def test_what_matters_less_is_one_row_of_a_step(own: Api) -> None:
    run = start_at(own, 1, tags=[f"tag-{number}" for number in range(9)])
    run.record(*(call(model=f"gpt-4o-{number}", reported_cost=f"0.{number}") for number in range(1, 10)))
    run.record(*(event("errors", error_type=f"E{number}") for number in range(9) for _ in range(number + 1)))
    wait_until_summed(own, 54)
    answer = series(own)
    *named, rest = answer["models"]
    assert [row["is_rest"] for row in named] == [False] * 7
    assert (rest["is_rest"], rest["name"], rest["llms"]) == (True, None, 2)
    assert sum(row["llms"] for row in answer["models"]) == 9
    *types, others = answer["errors"]
    assert [(row["name"], row["errors"]) for row in types] == [(f"E{number}", number + 1) for number in range(8, 1, -1)]
    assert (others["is_rest"], others["errors"]) == (True, 3)


def test_latencies_are_quantiles_of_each_step(own: Api) -> None:
    for minute, seconds in ((1, (1, 2, 3)), (2, (4, 5)), (21, (9,))):
        ends = (f"2026-11-20T12:00:0{second}Z" for second in seconds)
        start_at(own, minute).record(*(call(init_timestamp=FROM, end_timestamp=end) for end in ends))
    wait_until_summed(own, 6)
    assert series(own, part="latencies")["latencies"] == [
        {"step": 0, "llms": 5, "p50_ms": 3000, "p95_ms": 5000, "p99_ms": 5000},
        {"step": 2, "llms": 1, "p50_ms": 9000, "p95_ms": 9000, "p99_ms": 9000},
    ]


def test_a_filter_of_the_list_holds_for_the_series(own: Api) -> None:
    plain, rich = start_at(own, 1, tags=["a"]), start_at(own, 1, tags=["b"])
    plain.record(event("tools", name="search"))
    rich.record(call(prompt="where the heron is"), event("errors", error_type="ValueError"))
    wait_until_summed(own, 3)
    for name, value in (
        ("tag", "b"),
        ("model", "gpt-4o"),
        ("min_cost", "0.001"),
        ("q", "heron"),
        ("has_errors", "true"),
    ):
        assert find(own, (name, value)) == [rich.id]
        answer = series(own, **{name: value})
        assert answer["states"] == [{"step": 0, "end_states": {"Running": 1}}], name
        assert [row["name"] for row in answer["errors"]] == ["ValueError"], name


def test_the_sessions_of_a_step_are_those_that_a_list_finds_between_its_times(own: Api) -> None:
    runs = [start_at(own, minute) for minute in (10, 15, 19, 20)]
    assert series(own)["states"][0] == {"step": 1, "end_states": {"Running": 3}}
    bounds = (("since", "2026-11-20T12:10:00Z"), ("until", "2026-11-20T12:20:00Z"))
    assert find(own, *bounds) == [run.id for run in reversed(runs[:3])]


def test_another_projects_sessions_are_in_no_step(own: Api, api: Api) -> None:
    start_at(api, 1, tags=[str(uuid.uuid4())]).record(call())
    assert series(own)["states"] == series(own)["tags"] == []


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"since": ""}, "since"),
        ({"until": "2026-11-20T12:00:00Z"}, "until"),
        ({"step_s": "59"}, "step_s"),
        ({"until": "2027-11-20T12:00:00Z"}, "step_s"),
        ({"part": "weather"}, "part"),
        ({"end_state": "x"}, "end_state"),
    ],
)
def test_what_cannot_be_drawn_is_422_and_named(api: Api, given: dict[str, str], named: str) -> None:
    query = {"since": FROM, "until": TO, "step_s": str(STEP_S), **given}
    answer = api.ask("GET", f"/v2/overview/series?{urlencode(query)}")
    assert (answer.status, answer.json()["code"]) == (422, "invalid")
    assert named in answer.json()["message"]
