"""Sessions found again: newest first, page by page, by tags, state and time."""

import base64
import json
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from .api import NOON, START, Api, Run, call, event

pytestmark = pytest.mark.xdist_group("http-reading")


def start_at(api: Api, minute: int, **given: Any) -> Run:
    moment = datetime(2026, 11, 20, 12, 0, tzinfo=UTC) + timedelta(minutes=minute)
    return api.start(init_timestamp=moment.isoformat(), **given)


def find(api: Api, *query: tuple[str, str]) -> list[str]:
    """The ids on the first page of an answer."""
    return [session["session_id"] for session in api.get(f"/v2/sessions?{urlencode(query)}")["sessions"]]


def test_a_project_without_sessions_has_an_empty_list(own: Api) -> None:
    assert own.get("/v2/sessions") == {"sessions": [], "next_cursor": None}


def test_pages_have_every_session_once_newest_first(own: Api) -> None:
    starts = [0, 1, 1, 1, 2, 3, 3, 4, 5, 6, 7]
    runs = [start_at(own, minute) for minute in starts]
    expected = sorted(((minute, run.id) for minute, run in zip(starts, runs, strict=True)), reverse=True)
    for limit in (1, 2, 3, 11, 1000):
        found, query = [], {"limit": str(limit)}
        while True:
            page = own.get(f"/v2/sessions?{urlencode(query)}")
            assert 1 <= len(page["sessions"]) <= limit
            found += [session["session_id"] for session in page["sessions"]]
            assert len(found) <= len(runs), "more than there are"
            if page["next_cursor"] is None:
                break
            query["cursor"] = page["next_cursor"]
        assert found == [session_id for _, session_id in expected]


def test_a_session_that_starts_while_one_reads_moves_no_page(own: Api) -> None:
    old = [start_at(own, minute).id for minute in (4, 3, 2, 1)]
    first = own.get("/v2/sessions?limit=2")
    start_at(own, 9)
    second = own.get(f"/v2/sessions?limit=2&cursor={first['next_cursor']}")
    assert [session["session_id"] for page in (first, second) for session in page["sessions"]] == old


FORGED: list[Any] = [
    ["NaN", "x"],
    ["1e30", "x"],
    ["x", "x"],
    [1],
    [1, "x", 2],
    {"a": 1},
    7,
    None,
    [1, 2],
    "ab",
    [[], []],
]


@pytest.mark.parametrize(
    ("place", "values"),
    [
        *(("", values) for values in FORGED),
        *(("/events", values) for values in [*FORGED, [1 << 70, 0, "x"], [1.5, 0, ""]]),
    ],
)
def test_a_forged_cursor_is_422(api: Api, place: str, values: Any) -> None:
    path = "/v2/sessions" if not place else f"{api.start().path}{place}"
    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
    answer = api.ask("GET", f"{path}?cursor={cursor}")
    assert (answer.status, answer.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize("cursor", ["garbage", "====", "%00", "%F0%9F", "W1tbW1tb" * 4000, "a" * 3])
@pytest.mark.parametrize("place", ["", "/events"])
def test_a_garbage_cursor_is_422(api: Api, cursor: str, place: str) -> None:
    path = "/v2/sessions" if not place else f"{api.start().path}{place}"
    answer = api.ask("GET", f"{path}?cursor={cursor}")
    assert (answer.status, answer.json()["code"]) == (422, "invalid")


def test_a_list_of_sessions_has_their_figures_and_not_their_host_environment(own: Api) -> None:
    run = own.start(host_env={"OS": {"OS": "Linux"}}, tags=["a"], name="triage")
    run.record(call(), event("errors"))
    (listed,) = own.get("/v2/sessions")["sessions"]
    whole = own.get(run.path)
    assert (listed["host_env"], listed["agents"]) == (None, None)
    assert (whole["host_env"], whole["agents"]) == ({"OS": {"OS": "Linux"}}, [])
    assert {**listed, "host_env": None, "agents": None} == {**whole, "host_env": None, "agents": None}
    assert listed["stats"] == run.stats()


def test_sessions_are_found_by_all_the_given_tags(own: Api) -> None:
    both, one = own.start(tags=["a", "b", "it's"]), own.start(tags=["a"])
    own.start(tags=["ab"])
    assert set(find(own, ("tag", "a"))) == {both.id, one.id}
    assert find(own, ("tag", "a"), ("tag", "b")) == [both.id]
    assert find(own, ("tag", "b"), ("tag", "it's")) == [both.id]
    assert find(own, ("tag", "A")) == []
    assert find(own, ("tag", "')) OR 1=1 --")) == []


@pytest.mark.parametrize(
    "tag", ["it's", 'say "hi"', "a\\b", "tab\there", "東京 😀", "a,b", "]", "%", "new\nline", "\\N", "'"]
)
def test_a_tag_of_any_text_is_kept_and_found(own: Api, tag: str) -> None:
    run = own.start(tags=[tag])
    own.start(tags=["other"])
    assert own.get(run.path)["tags"] == [tag]
    assert find(own, ("tag", tag)) == [run.id]


def test_sessions_are_found_by_their_end_state(own: Api) -> None:
    runs = {state: own.start() for state in ("Success", "Failure", "Indeterminate", "Running")}
    for state, run in runs.items():
        if state != "Running":
            run.update(end_timestamp=NOON, end_state=state)
    for state, run in runs.items():
        assert find(own, ("end_state", state)) == find(own, ("end_state", state.lower())) == [run.id]
    assert find(own, ("end_state", "Fail")) == [runs["Failure"].id]


def test_sessions_are_found_by_their_start(own: Api) -> None:
    runs = [start_at(own, minute).id for minute in range(4)]
    since, until = ("since", "2026-11-20T12:01:00Z"), ("until", "2026-11-20T12:03:00Z")
    assert find(own, since) == [runs[3], runs[2], runs[1]]
    assert find(own, until) == [runs[2], runs[1], runs[0]]
    assert find(own, since, until) == [runs[2], runs[1]]
    assert find(own, ("since", "2026-11-20T13:01:00+01:00"), until) == [runs[2], runs[1]]


def test_filters_hold_over_all_pages(own: Api) -> None:
    wanted = [start_at(own, minute, tags=["even"] if minute % 2 == 0 else ["odd"]).id for minute in range(10)][::-2]
    first = own.get("/v2/sessions?tag=odd&limit=3")
    second = own.get(f"/v2/sessions?tag=odd&limit=3&cursor={first['next_cursor']}")
    assert [session["session_id"] for page in (first, second) for session in page["sessions"]] == wanted
    assert second["next_cursor"] is None


def test_one_id_in_two_projects_is_two_sessions(api: Api, own: Api) -> None:
    session_id = str(uuid.uuid4())
    mine, theirs = api.start(session_id=session_id, tags=["mine"]), own.start(session_id=session_id, tags=["theirs"])
    sent = event(name="mine")
    mine.record(sent)
    theirs.replace({**sent, "name": "theirs"})
    theirs.update(end_timestamp=NOON, end_state="Fail")
    assert [row["name"] for row in mine.export()["actions"]] == ["mine"]
    assert [row["name"] for row in theirs.export()["actions"]] == ["theirs"]
    assert (api.get(mine.path)["tags"], api.get(mine.path)["is_running"]) == (["mine"], True)
    assert (own.get(theirs.path)["tags"], own.get(theirs.path)["end_state"]) == (["theirs"], "Failure")


def test_sessions_are_found_by_what_happened_in_them(own: Api) -> None:
    plain, rich = own.start(), own.start()
    agent_id = str(uuid.uuid4())
    own.post("/v2/create_agent", {"id": agent_id, "name": "Writer"}, rich.token)
    plain.record(call(model="gpt-4o-mini"))
    rich.record(
        call(agent_id=agent_id), event("tools", name="search"), event("errors", error_type="ValueError"),
        call(init_timestamp="2026-11-20T12:00:00Z", end_timestamp="2026-11-20T12:00:09Z"),
    )  # fmt: skip
    wait_until_summed(own, 5)
    for name, value in (
        ("model", "gpt-4o"), ("agent", "Writer"), ("tool", "search"), ("error_type", "ValueError"),
        ("has_errors", "true"), ("min_cost", "0.015"), ("min_duration_s", "69"),
    ):  # fmt: skip
        assert find(own, (name, value)) == [rich.id], name
    for name, value in (
        ("has_errors", "false"),
        ("max_cost", "0.001"),
        ("max_duration_s", "68.5"),
        ("model", "gpt-4o-mini"),
    ):
        assert find(own, (name, value)) == [plain.id], name
    for name in ("model", "agent", "tool", "error_type"):
        assert find(own, (name, "nobody")) == find(own, (name, "it's")) == []
    assert find(own, ("model", "gpt-4o"), ("tool", "search"), ("sort", "cost"), ("max_cost", "1")) == [rich.id]
    assert find(own, ("min_cost", "0.015"), ("max_cost", "0.015")) == [rich.id]


@pytest.mark.parametrize("count", ["events", "llms", "tools", "actions", "errors", "tokens"])
def test_sessions_are_found_by_how_many_they_have(own: Api, count: str) -> None:
    """The second one has one more of everything, and the third one two more."""
    runs = [own.start(init_timestamp=f"2026-11-20T12:00:0{n}Z") for n in range(3)]
    for more, run in enumerate(runs):
        for number in range(more + 1):
            times = {"init_timestamp": f"2026-11-20T12:00:1{number}Z"}
            run.record(call(**times), event("tools", **times), event("actions", **times), event("errors", **times))
    wait_until_summed(own, 24)
    figures = [sum_of(run.stats(), count) for run in runs]
    assert figures == sorted(set(figures))
    ids = [run.id for run in runs]
    assert find(own, (f"min_{count}", str(figures[1]))) == [ids[2], ids[1]]
    assert find(own, (f"max_{count}", str(figures[1]))) == [ids[1], ids[0]]
    assert find(own, (f"min_{count}", str(figures[1])), (f"max_{count}", str(figures[2] - 1))) == [ids[1]]
    assert find(own, (f"min_{count}", str(figures[2] + 1))) == []


def sum_of(stats: Any, count: str) -> int:
    return int(stats["total_tokens" if count == "tokens" else count])


def test_sessions_are_found_by_their_last_activity(own: Api) -> None:
    early, late = own.start(init_timestamp=START), own.start(init_timestamp=START)
    early.record(event(init_timestamp="2026-11-20T12:00:00Z", end_timestamp="2026-11-20T12:01:00Z"))
    late.record(event(init_timestamp="2026-11-20T12:00:00Z", end_timestamp="2026-11-20T12:09:00Z"))
    wait_until_summed(own, 2)
    assert find(own, ("active_since", "2026-11-20T12:09:00Z")) == [late.id]
    assert find(own, ("active_until", "2026-11-20T12:09:00Z")) == [early.id]
    assert find(own, ("active_since", "2026-11-20T12:01:00Z"), ("active_until", "2026-11-20T12:05:00Z")) == [early.id]


def wait_until_summed(api: Api, events: int) -> None:
    deadline = time.monotonic() + 60
    while api.get("/v2/overview")["totals"]["events"] < events:
        assert time.monotonic() < deadline, "not summed up in a minute"
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("min_cost", "cheap"),
        ("max_cost", "-1"),
        ("max_cost", "NaN"),
        ("min_duration_s", "-1"),
        ("max_duration_s", "inf"),
        ("max_duration_s", "1e300"),
        ("has_errors", "perhaps"),
        ("model", "x" * 1001),
        ("min_tokens", "-1"),
        ("max_errors", "many"),
        ("active_since", "yesterday"),
        ("sort", "colour"),
    ],
)
def test_a_filter_that_cannot_be_meant_is_422_and_named(api: Api, name: str, value: str) -> None:
    answer = api.ask("GET", f"/v2/sessions?{urlencode({name: value})}")
    assert (answer.status, answer.json()["code"]) == (422, "invalid")
    assert name in answer.json()["message"]


def test_a_parameter_that_is_none_is_422_and_named(api: Api) -> None:
    for path, known in (("/v2/sessions?tags=x", "tag,"), ("/v2/overview?tags=x", "until")):
        answer = api.ask("GET", path)
        assert (answer.status, answer.json()["code"]) == (422, "invalid")
        assert "no parameter tags" in answer.json()["message"]
        assert known in answer.json()["message"]


@pytest.mark.parametrize("since", ["2026-11-20", "2026-11-20T00:00:00+00:00", "2026-11-20T00:00:00%2B00:00"])
def test_a_time_in_a_url_may_be_a_day_or_have_a_plus_that_is_not_escaped(api: Api, since: str) -> None:
    assert "sessions" in api.get(f"/v2/sessions?since={since}")


def test_events_that_did_not_come_are_missing(own: Api) -> None:
    run, participant = own.start(), str(uuid.uuid4())
    run.record(*(event(sequence=number, participant_id=participant) for number in (1, 2, 4, 7)))
    assert (run.stats()["missing_events"], run.stats()["cost_is_lower_bound"]) == (3, True)
    told = run.update()
    assert (told["missing_events"], told["cost_is_lower_bound"]) == (3, True)
    assert run.stats()["participants"] == [{"participant_id": participant, "recorded": 7, "received": 4, "missing": 3}]
    run.record(*(event(sequence=number, participant_id=participant) for number in (3, 5, 6)))
    assert (run.stats()["missing_events"], own.get(run.path)["stats"]["missing_events"]) == (0, 0)
    assert run.stats()["cost_is_lower_bound"] is False
    assert run.update(refused_events=1)["cost_is_lower_bound"] is True
    assert run.stats()["cost_is_lower_bound"] is True
    (listed,) = own.get("/v2/sessions")["sessions"]
    assert listed["stats"]["participants"] == run.stats()["participants"]


def test_refused_events_are_told_in_lists_too(own: Api) -> None:
    run = own.start()
    run.update(refused_events=3, participant_id=str(uuid.uuid4()), is_running=True)
    (listed,) = own.get("/v2/sessions")["sessions"]
    assert (listed["stats"]["refused_events"], run.stats()["refused_events"]) == (3, 3)
