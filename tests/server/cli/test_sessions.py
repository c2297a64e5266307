"""``agentops-server sessions`` against a running server."""

import json
import uuid
from typing import Any

import pytest

from agentops_server.cli import sessions
from tests.server.http.api import Api, call, event, make_key
from tests.server.http.test_sessions import wait_until_summed
from tests.serving import Server

from .conftest import Command

pytestmark = pytest.mark.xdist_group("cli-export")


@pytest.fixture
def api(server: Server) -> Api:
    return Api(server.url, make_key(server, f"project {uuid.uuid4()}"))


@pytest.fixture
def listed(command: Command, api: Api) -> Any:
    """The rows of the command's table, by their headings."""

    def list_them(*options: object) -> list[dict[str, str]]:
        done = command("sessions", "--url", api.url, "--api-key", api.api_key, *options)
        assert done.code == 0, done.err
        heading, *rows = done.out.splitlines()
        return [dict(zip(heading.split("\t"), row.split("\t"), strict=True)) for row in rows]

    return list_them


def test_each_session_is_a_line_with_its_figures(api: Api, listed: Any) -> None:
    run = api.start(tags=["a tag", "other"])
    run.record(
        call(model="gpt-4o", prompt_tokens=1000, completion_tokens=500), event("errors", error_type="ValueError")
    )
    (row,) = listed()
    assert (row["session"], row["state"], row["tags"]) == (run.id, "Running", "a tag,other")
    stats = run.stats()
    assert (row["events"], row["errors"], row["tokens"]) == ("2", "1", str(stats["total_tokens"]))
    assert row["cost"] == f"${stats['cost']}"
    assert row["started"] == stats["init_timestamp"]


def test_a_cost_that_is_a_lower_bound_says_so(api: Api, listed: Any) -> None:
    api.start().record(call(model="no-such-model"))
    assert [row["cost"] for row in listed()] == [">=$0"]


def test_more_than_a_page_is_listed_and_no_more_than_wanted(
    api: Api, listed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "PAGE_SESSIONS", 2)
    ids = [api.start(init_timestamp=f"2026-11-20T10:00:0{second}Z").id for second in range(5)]
    assert [row["session"] for row in listed("--order", "asc")] == ids
    assert [row["session"] for row in listed("--limit", 3)] == ids[:1:-1]


def test_filters_and_order_are_those_of_the_list(api: Api, listed: Any) -> None:
    cheap, dear = api.start(tags=["x"]), api.start(tags=["x", "y"])
    cheap.record(call(cost="0.1"))
    dear.record(call(cost="0.9", prompt=[{"role": "user", "content": "where is the needle"}]))
    wait_until_summed(api, 2)
    assert [row["session"] for row in listed("--sort", "cost")] == [dear.id, cheap.id]
    assert [row["session"] for row in listed("--tag", "x", "--tag", "y")] == [dear.id]
    assert [row["session"] for row in listed("--words", "needle")] == [dear.id]
    assert listed("--end-state", "Success") == []


def test_as_json_all_that_the_list_knows_is_there(command: Command, api: Api) -> None:
    run = api.start(tags=["é\n"])
    done = command("sessions", "--url", api.url, "--api-key", api.api_key, "--json")
    assert [json.loads(line) for line in done.out.splitlines()] == api.get("/v2/sessions")["sessions"]
    assert json.loads(done.out)["session_id"] == run.id


def test_what_the_server_refuses_is_one_line(command: Command, api: Api) -> None:
    done = command("sessions", "--url", api.url, "--api-key", api.api_key, "--sort", "beauty")
    assert done.code == 1
    assert done.err.startswith("agentops-server: sort must be one of started, ")
    assert done.err.count("\n") == 1
