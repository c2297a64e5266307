"""The published agentops 0.4.21 runs unchanged against the server: token, spans, printed text, routes to read."""

import json
import os
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import urllib3

from tests.contract.otlp.scripted_models import scripted_models
from tests.provision import client_python
from tests.serving import Reader, Server

pytestmark = pytest.mark.xdist_group("compat")
DRIVER = Path(__file__).with_name("drive_0_4.py")
TIMEOUT_S = 90


def drive(server: Server, models_url: str, scenario: str) -> UUID:
    """Runs a scenario; returns the session of its trace. The proxies lead nowhere: nothing may leave this machine."""
    env = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    env |= {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1"}
    env |= {"AGENTOPS_API_KEY": server.api_key, "AGENTOPS_API_ENDPOINT": server.url, "SCRIPTED_MODELS": models_url}
    env |= {"AGENTOPS_LOGGING_TO_FILE": "false"}
    command = [str(client_python("0.4.21")), str(DRIVER), scenario]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert done.returncode == 0, done.stderr
    return UUID(hex=json.loads(done.stdout.strip().splitlines()[-1])["trace_id"])


@pytest.fixture(scope="module")
def models_url() -> Iterator[str]:
    with scripted_models() as url:
        yield url


@pytest.fixture(scope="module")
def session_id(server: Server, models_url: str) -> UUID:
    return drive(server, models_url, "whole")


@pytest.fixture
def bearer(server: Server) -> dict[str, str]:
    body = json.dumps({"api_key": server.api_key})
    answer = urllib3.request("POST", f"{server.url}/public/v1/auth/access_token", body=body, retries=False)
    return {"Authorization": f"Bearer {answer.json()['bearer']}"}


def public(server: Server, bearer: dict[str, str], path: str) -> Any:
    answer = urllib3.request("GET", f"{server.url}/public/v1/{path}", headers=bearer, retries=False)
    assert answer.status == 200, answer.data
    return answer.json()


def test_the_session_is_as_the_program_left_it(session_id: UUID, reader: Reader) -> None:
    session = reader.session(session_id)
    assert (session["name"], session["end_state"], session["is_running"]) == ("answer a customer", "Success", False)
    assert session["tags"] == ["shop", "test"]
    assert [agent["name"] for agent in session["agents"]] == ["clerk"]


def test_counts_tokens_and_cost_are_those_of_the_calls(session_id: UUID, reader: Reader) -> None:
    stats = reader.stats(session_id)
    assert (stats["llms"], stats["tools"], stats["errors"]) == (2, 1, 1)
    assert (stats["prompt_tokens"], stats["completion_tokens"]) == (120, 30)
    assert Decimal(stats["cost"]) == Decimal("0.0006")


def test_every_event_is_there_once_below_its_parent(session_id: UUID, reader: Reader) -> None:
    export = reader.export(session_id)
    names = {event["id"]: event["name"] for kind in ("actions", "llms", "tools") for event in export[kind]}
    agents = {agent["id"]: agent["name"] for agent in export["agents"]}
    parents = {event["name"]: names.get(event["parent_id"]) for event in export["actions"] + export["tools"]}
    printed = parents.pop("printed by the program")
    assert printed is None
    expected = {"answer a customer": None, "clerk": "answer a customer", "answer": "clerk", "lookup_order": "answer"}
    assert parents == expected
    (tool,) = export["tools"]
    assert (tool["params"], tool["returns"]) == ({"args": ["1042"], "kwargs": {}}, "shipped on Monday")
    assert {agents[event["agent_id"]] for event in export["llms"] + export["tools"]} == {"clerk"}
    call = next(event for event in export["llms"] if event["model"] == "gpt-4o")
    assert [message["role"] for message in call["prompt"]] == ["system", "user"]
    assert call["completion"] == {"role": "assistant", "content": "Order 1042 is on its way."}


def test_what_was_printed_is_kept(session_id: UUID, reader: Reader) -> None:
    (printed,) = [event for event in reader.export(session_id)["actions"] if event["kind"] == "log"]
    assert "a line that the program prints" in printed["logs"]


def test_an_error_ends_the_session_as_a_failure(server: Server, models_url: str, reader: Reader) -> None:
    session = reader.session(drive(server, models_url, "failing"))
    assert (session["end_state"], session["is_running"]) == ("Failure", False)


def test_the_public_routes_tell_what_validates_a_trace(
    server: Server, bearer: dict[str, str], session_id: UUID
) -> None:
    assert public(server, bearer, "project")["name"] == "default"
    trace = public(server, bearer, f"traces/{session_id.hex}")
    assert trace["tags"] == ["shop", "test"]
    by_name = {span["span_name"]: span for span in trace["spans"]}
    assert by_name["clerk"]["parent_span_id"] == by_name["answer a customer"]["span_id"]
    metrics = public(server, bearer, f"traces/{session_id.hex}/metrics")
    assert (metrics["total_tokens"], Decimal(metrics["total_cost"])) == (150, Decimal("0.0006"))
    calls = [span["span_id"] for span in trace["spans"] if span["span_kind"] == "llm"]
    spans = [public(server, bearer, f"spans/{span_id}") for span_id in calls]
    assert {span["span_attributes"]["gen_ai.request.model"] for span in spans} == {"gpt-4o", "refused"}
    assert sum(public(server, bearer, f"spans/{span_id}/metrics")["total_tokens"] for span_id in calls) == 150


def test_the_public_routes_tell_nothing_without_a_token(server: Server, session_id: UUID) -> None:
    for path in ("project", f"traces/{session_id.hex}", "spans/0123456789abcdef"):
        answer = urllib3.request("GET", f"{server.url}/public/v1/{path}", retries=False)
        assert answer.status == 401
