"""The golden samples say what README.md says of them: the server's decoding of old clients rests on these facts."""

import json
from typing import Any

import pytest

from tests.compat.clients import SCENARIOS
from tests.contract.record import SAMPLES

EVERY_SAMPLE = [(version, scenario) for version, names in SCENARIOS.items() for scenario in names]


def read_requests(version: str, scenario: str, path: str | None = None) -> list[dict[str, Any]]:
    sample = json.loads((SAMPLES / f"agentops-{version}" / f"{scenario}.json").read_text())
    return [request for request in sample["requests"] if path in (None, request["path"])]


def read_updates(version: str, scenario: str) -> list[dict[str, Any]]:
    return [request["body"]["session"] for request in read_requests(version, scenario, "/v2/update_session")]


@pytest.mark.parametrize(("version", "scenario"), EVERY_SAMPLE)
def test_every_scenario_has_a_sample_with_its_events(version: str, scenario: str) -> None:
    events = [event for r in read_requests(version, scenario, "/v2/create_events") for event in r["body"]["events"]]
    assert events


def test_0_3_says_is_running_until_the_end() -> None:
    tags, analytics, tags_again, end = read_updates("0.3.26", "whole")
    states = [(u["is_running"], u["end_state"], bool(u["end_timestamp"])) for u in (tags, analytics, tags_again, end)]
    running = [(True, "Indeterminate", False), (True, "Indeterminate", True), (True, "Indeterminate", True)]
    assert states == [*running, (False, "Success", True)]
    assert tags_again["end_timestamp"] == analytics["end_timestamp"] < end["end_timestamp"]


def test_0_2_has_no_is_running_and_a_state_only_at_the_end() -> None:
    tags, end = read_updates("0.2.6", "whole")
    assert "is_running" not in tags
    assert "is_running" not in end
    assert (tags["end_state"], tags["end_timestamp"]) == (None, None)
    assert end["end_state"] == "Success"
    assert end["end_timestamp"]


def test_0_2_sends_an_error_without_id_and_its_trigger_twice() -> None:
    (request,) = read_requests("0.2.6", "whole", "/v2/create_events")
    events = request["body"]["events"]
    (error,) = [event for event in events if event["event_type"] == "errors"]
    assert {"id", "init_timestamp"}.isdisjoint(error)
    assert [event.get("id") for event in events].count(error["trigger_event_id"]) == 2


def test_0_3_leaves_a_silent_session_open() -> None:
    assert read_updates("0.3.26", "silent") == []
