"""What a list tells of each session beside its figures, and that it can be sorted by all of it."""

import uuid
from typing import Any
from urllib.parse import urlencode

import pytest

from .api import NOON, Api, Run, call, event
from .test_sessions import find, start_at, wait_until_summed

pytestmark = pytest.mark.xdist_group("http-reading")


def on_host(name: str) -> dict[str, Any]:
    return {"host_env": {"OS": {"Hostname": name}}}


def listed(api: Api, session_id: str) -> Any:
    return next(one for one in api.get("/v2/sessions")["sessions"] if one["session_id"] == session_id)


def make_agent(api: Api, run: Run, name: str) -> str:
    agent_id = str(uuid.uuid4())
    api.post("/v2/create_agent", {"id": agent_id, "name": name}, run.token)
    return agent_id


def test_a_listed_session_names_the_agents_that_recorded_something(own: Api) -> None:
    run = own.start()
    writer, _idle = make_agent(own, run, "Writer"), make_agent(own, run, "Idle")
    run.record(call(agent_id=writer), event())
    assert listed(own, run.id)["agent_names"] == ["Writer"]
    wait_until_summed(own, 2)
    assert listed(own, run.id)["agent_names"] == own.get(run.path)["agent_names"] == ["Writer"]


def test_a_listed_session_names_its_host_and_not_its_environment(own: Api) -> None:
    run = own.start(**on_host("worker-3"))
    assert (listed(own, run.id)["hosts"], listed(own, run.id)["host_env"]) == (["worker-3"], None)
    assert own.get(run.path)["hosts"] == ["worker-3"]
    assert listed(own, own.start().id)["hosts"] == []


def test_a_session_of_processes_on_several_hosts_names_each_once(own: Api) -> None:
    run = own.start(**on_host("a"))
    for host in ("b", "a"):
        run.update(participant_id=str(uuid.uuid4()), **on_host(host))
    assert listed(own, run.id)["hosts"] == own.get(run.path)["hosts"] == ["a", "b"]


def test_sessions_are_found_by_their_host(own: Api) -> None:
    run = own.start(**on_host("worker-3"))
    own.start(**on_host("worker-4"))
    assert find(own, ("host", "worker-3")) == [run.id]
    assert find(own, ("host", "nobody")) == []


def make_different(api: Api) -> dict[str, Run]:
    """Three sessions that differ in everything that is no figure: b before a before c in time."""
    runs = {
        "b": start_at(api, 0, name="Beta", tags=["y"], **on_host("beta")),
        "a": start_at(api, 1, name="alpha", tags=["x", "z"], **on_host("Alpha")),
        "c": start_at(api, 2, name="Gamma", tags=["z"], **on_host("gamma")),
    }
    runs["b"].update(end_timestamp=NOON, end_state="Success")
    runs["a"].update(end_timestamp=NOON, end_state="Failure")
    agents = [make_agent(api, runs["c"], name) for name in ("One", "Two")]
    runs["c"].record(*(event(agent_id=agent) for agent in agents))
    runs["a"].record(event(agent_id=make_agent(api, runs["a"], "One")), event())
    wait_until_summed(api, 4)
    return runs


@pytest.mark.parametrize(
    ("sort", "ascending"),
    [("name", "abc"), ("host", "abc"), ("tags", "abc"), ("state", "bac"), ("agents", "bac"), ("started", "bac")],
)
def test_a_list_is_sorted_by_a_column_both_ways_and_page_by_page(own: Api, sort: str, ascending: str) -> None:
    runs = make_different(own)
    for order, wanted in (("asc", ascending), ("desc", ascending[::-1])):
        found, query = [], {"sort": sort, "order": order, "limit": "1"}
        for _ in wanted:
            page = own.get(f"/v2/sessions?{urlencode(query)}")
            found += [session["session_id"] for session in page["sessions"]]
            query["cursor"] = page["next_cursor"] or ""
        assert found == [runs[name].id for name in wanted], order


def test_the_cursor_of_a_list_by_name_is_none_of_a_list_by_cost(own: Api) -> None:
    for name in ("a", "b"):
        own.start(name=name)
    cursor = own.get("/v2/sessions?sort=name&limit=1")["next_cursor"]
    answer = own.ask("GET", f"/v2/sessions?{urlencode({'sort': 'cost', 'cursor': cursor})}")
    assert (answer.status, answer.json()["code"]) == (422, "invalid")
