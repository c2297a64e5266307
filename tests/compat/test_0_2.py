"""The published agentops 0.2.6 records every type of event against the running server, and all of it is read back."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.compat.clients import Run, run_client
from tests.compat.comparing import assert_decorated, assert_exported, count_rows, find_row
from tests.serving import Reader, Server

pytestmark = pytest.mark.xdist_group("compat")
VERSION = "0.2.6"
# gpt-4o: 1000 in, 500 out; gpt-4o-mini: 2000 in, 100 out.
COST = Decimal("0.0075") + Decimal("0.00036")


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
    assert stats["event_counts"] == {"llms": 2, "tools": 1, "actions": 3, "errors": 1}
    assert stats["events"] == 7
    assert (stats["prompt_tokens"], stats["completion_tokens"]) == (3000, 600)
    assert Decimal(stats["cost"]) == COST
    assert stats["cost_is_lower_bound"] is False


def test_end_session_returned_the_cost(report: dict[str, Any]) -> None:
    assert Decimal(report["cost"]) == COST


def test_the_error_keeps_its_trigger_and_its_time(report: dict[str, Any], export: Any) -> None:
    (fact,) = [fact for fact in report["recorded"] if fact["event_type"] == "errors"]
    (tool,) = [fact for fact in report["recorded"] if fact["event_type"] == "tools"]
    row = find_row(export, fact)
    assert (row["trigger_event_id"], row["trigger_event_type"]) == (tool["id"], "tools")
    assert datetime.fromisoformat(row["timestamp"]) == datetime.fromisoformat(fact["timestamp"])


def test_the_session_is_as_the_client_left_it(report: dict[str, Any], reader: Reader) -> None:
    session = reader.session(report["session_id"])
    assert (session["end_state"], session["end_state_reason"]) == ("Success", "All asked and answered")
    assert session["is_running"] is False
    assert session["tags"] == report["tags"]
    assert session["video"] == "https://videos.example/run.mp4"
    assert session["host_env"]["SDK"]["AgentOps SDK Version"] == VERSION
    assert [(agent["id"], agent["name"]) for agent in session["agents"]] == [(report["agent_id"], "Researcher")]


def test_a_session_is_inherited_by_a_new_token_for_it(server: Server, reader: Reader, report: dict[str, Any]) -> None:
    session_id = drive(server, "silent").report["session_id"]
    drive(server, "inherited", session_id)
    session = reader.session(session_id)
    assert (session["end_state"], session["end_state_reason"]) == ("Success", "The heir ended it")
    assert session["stats"]["event_counts"] == {"llms": 0, "tools": 1, "actions": 1, "errors": 0}


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


def test_a_silent_exit_is_indeterminate_with_the_clients_reason(server: Server, reader: Reader) -> None:
    session = reader.session(drive(server, "silent").report["session_id"])
    reason = "Process exited without calling end_session()"
    assert (session["end_state"], session["end_state_reason"]) == ("Indeterminate", reason)
    assert session["is_running"] is False
