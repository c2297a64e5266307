"""The published agentops 0.3.26 records every type of event against the running server, and all of it is read back."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.compat.clients import Run, run_client
from tests.compat.comparing import assert_decorated, assert_exported, count_rows, find_row
from tests.serving import Reader, Server

pytestmark = pytest.mark.xdist_group("compat")
VERSION = "0.3.26"
# gpt-4o: 1000 in, 500 out; gpt-4o-mini: 2000 in, 100 out; and one call whose cost the client reported.
COST = Decimal("0.0075") + Decimal("0.00036") + Decimal("0.01")


def drive(server: Server, scenario: str, *arguments: str) -> Run:
    return run_client(VERSION, scenario, *arguments, url=server.url, api_key=server.api_key)


@pytest.fixture(scope="module")
def report(server: Server) -> dict[str, Any]:
    return drive(server, "whole").report


@pytest.fixture
def export(report: dict[str, Any], reader: Reader) -> Any:
    return reader.export(report["session_id"])


def test_every_event_is_there_once_with_its_values(report: dict[str, Any], export: Any) -> None:
    for fact in report["recorded"]:
        assert_exported(export, fact)
    for expected in report["decorated"]:
        assert_decorated(export, expected)
    assert count_rows(export) == len(report["recorded"]) + len(report["decorated"])


def test_counts_tokens_and_cost_are_those_of_the_events(report: dict[str, Any], reader: Reader) -> None:
    stats = reader.stats(report["session_id"])
    assert stats["event_counts"] == {"llms": 3, "tools": 2, "actions": 3, "errors": 1}
    assert stats["events"] == 9
    assert (stats["prompt_tokens"], stats["completion_tokens"]) == (3007, 603)
    assert Decimal(stats["cost"]) == COST
    assert stats["cost_is_lower_bound"] is False


def test_each_call_has_its_price(report: dict[str, Any], export: Any) -> None:
    costs = {row["model"]: Decimal(row["cost"]) for row in export["llms"]}
    expected = {"gpt-4o": "0.0075", "gpt-4o-mini": "0.00036", "house-model": "0.01"}
    assert costs == {model: Decimal(cost) for model, cost in expected.items()}


def test_end_session_returned_the_cost(report: dict[str, Any]) -> None:
    assert Decimal(report["cost"]) == COST


def test_analytics_did_not_end_the_session(report: dict[str, Any], reader: Reader) -> None:
    assert report["analytics"]["LLM calls"] == 3
    session = reader.session(report["session_id"])
    assert datetime.fromisoformat(session["end_timestamp"]) == datetime.fromisoformat(report["end_timestamp"])
    assert datetime.fromisoformat(session["init_timestamp"]) == datetime.fromisoformat(report["init_timestamp"])


def test_the_session_is_as_the_client_left_it(report: dict[str, Any], reader: Reader) -> None:
    session = reader.session(report["session_id"])
    assert (session["end_state"], session["end_state_reason"]) == ("Success", "All asked and answered")
    assert session["is_running"] is False
    assert session["tags"] == report["tags"]
    assert session["video"] == "https://videos.example/run.mp4"
    assert session["host_env"] == report["host_env"]
    assert [(agent["id"], agent["name"]) for agent in session["agents"]] == [(report["agent_id"], "Researcher")]


def test_the_error_keeps_its_time(report: dict[str, Any], export: Any) -> None:
    (fact,) = [fact for fact in report["recorded"] if fact["event_type"] == "errors"]
    assert datetime.fromisoformat(find_row(export, fact)["timestamp"]) == datetime.fromisoformat(fact["init_timestamp"])


def test_two_sessions_at_a_time_stay_apart(server: Server, reader: Reader) -> None:
    left, right = drive(server, "several").report["session_ids"]
    for session_id, name, state, reason in (
        (left, "left", "Failure", "Fail was asked for"),
        (right, "right", "Indeterminate", "Indeterminate was asked for"),
    ):
        session = reader.session(session_id)
        assert session["tags"] == [name, "set"]
        assert (session["end_state"], session["end_state_reason"]) == (state, reason)
        assert session["is_running"] is False
        assert [row["action_type"] for row in reader.export(session_id)["actions"]] == [f"step of {name}"]


def test_a_session_is_inherited(server: Server, reader: Reader, report: dict[str, Any]) -> None:
    session_id = str(uuid.uuid4())
    for _ in range(2):
        drive(server, "inherited", session_id)
    session = reader.session(session_id)
    assert (session["end_state"], session["end_state_reason"]) == ("Success", "The heir ended it")
    assert session["tags"] == ["heir"]
    assert reader.stats(session_id)["tools"] == 2


def test_an_ended_session_of_another_client_is_inherited(server: Server, reader: Reader) -> None:
    session_id = run_client("0.2.6", "silent", url=server.url, api_key=server.api_key).report["session_id"]
    before = reader.session(session_id)
    drive(server, "inherited", session_id)
    after = reader.session(session_id)
    assert before["end_state"] == "Indeterminate"
    assert after["end_state"] == "Success"
    assert after["init_timestamp"] == before["init_timestamp"]
    assert after["stats"]["event_counts"] == {"llms": 0, "tools": 1, "actions": 1, "errors": 0}


def test_an_uncaught_exception_is_a_failure_with_its_traceback(server: Server, reader: Reader) -> None:
    run = drive(server, "uncaught")
    session = reader.session(run.report["session_id"])
    assert run.exit_code == 1
    assert session["end_state"] == "Failure"
    assert "RuntimeError: the roof fell in" in session["end_state_reason"]
    assert reader.stats(run.report["session_id"])["actions"] == 1


def test_an_interrupt_is_a_failure_that_names_the_signal(server: Server, reader: Reader) -> None:
    run = drive(server, "interrupted")
    session = reader.session(run.report["session_id"])
    assert (session["end_state"], session["end_state_reason"]) == ("Failure", "Signal SIGINT detected")
    assert reader.stats(run.report["session_id"])["actions"] == 1


def test_a_silent_exit_keeps_its_event(server: Server, reader: Reader) -> None:
    session_id = drive(server, "silent").report["session_id"]
    assert reader.session(session_id)["end_state"] == "Indeterminate"
    assert [row["action_type"] for row in reader.export(session_id)["actions"]] == ["before the exit"]
