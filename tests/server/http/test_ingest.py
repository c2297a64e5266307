"""The routes that SDKs call, when everything is as documented."""

import gzip
import json
import uuid
import zlib
from typing import Any

import pytest

from .api import NOON, START, Api, bearer, call, event

pytestmark = pytest.mark.xdist_group("http-ingest")


def test_create_answers_a_token_an_address_and_the_project(api: Api) -> None:
    session_id = str(uuid.uuid4())
    created = api.post("/v2/create_session", {"session": {"session_id": session_id}})
    assert (created["status"], created["session_url"]) == ("Success", f"{api.url}/sessions/{session_id}")
    assert api.get(f"/v2/sessions/{session_id}")["project_id"] == created["project_id"]
    assert created.keys() == {"status", "jwt", "session_url", "project_id"}


def test_create_of_a_session_that_is_there_joins_it(api: Api) -> None:
    run = api.start(tags=["first"], init_timestamp=NOON)
    api.post("/v2/create_session", {"session": {"session_id": run.id, "tags": ["second"], "init_timestamp": START}})
    session = api.get(run.path)
    assert (session["tags"], session["init_timestamp"]) == (["first", "second"], START)


def test_create_goes_by_the_key_when_a_token_comes_with_it(api: Api) -> None:
    """SDK 0.2.6 sends the token of its last session with the first request of the next."""
    session_id = str(uuid.uuid4())
    headers = {"X-Agentops-Api-Key": api.api_key, **bearer("anything.but.valid")}
    answer = api.ask("POST", "/v2/create_session", {"session": {"session_id": session_id}}, headers)
    assert answer.status == 200
    api.get(f"/v2/sessions/{session_id}")


def test_reauthorize_gives_a_token_that_records(api: Api) -> None:
    run = api.start()
    answer = api.post("/v2/reauthorize_jwt", {"session_id": run.id})
    assert answer["status"] == "Success"
    api.post("/v2/create_events", {"events": [event()]}, answer["jwt"])
    assert run.stats()["events"] == 1


def test_each_token_is_a_participant_of_its_own(api: Api) -> None:
    run = api.start(tags=["parent"])
    heir = api.post("/v2/reauthorize_jwt", {"session_id": run.id})["jwt"]
    api.post("/v2/update_session", {"session": {"session_id": run.id, "tags": ["child"]}}, heir)
    run.update(tags=["parent", "still"])
    assert api.get(run.path)["tags"] == ["parent", "still", "child"]


def test_update_answers_the_figures_of_the_whole_session(api: Api) -> None:
    run = api.start()
    run.record(call(), event("tools"), event(), event("errors"), event("chain"))
    updated = run.update(end_timestamp=NOON, end_state="Success", end_state_reason="done")
    assert updated == {
        "status": "success",
        "token_cost": "0.0075",
        "cost_is_lower_bound": False,
        "unpriced_llms": 0,
        "estimated_llms": 0,
        "missing_events": 0,
        "refused_events": 0,
        "event_counts": {"llms": 1, "tools": 1, "actions": 2, "errors": 1},
        "session_url": f"{api.url}/sessions/{run.id}",
    }
    session = api.get(run.path)
    assert (session["is_running"], session["end_state"], session["end_state_reason"]) == (False, "Success", "done")


def test_events_are_accepted_and_there_at_once(api: Api) -> None:
    run = api.start()
    assert run.record(event(), event()) == {"status": "Success", "accepted": 2, "rejected": []}
    assert run.stats()["events"] == 2


def test_an_event_sent_again_changes_nothing_and_counts_as_accepted(api: Api) -> None:
    run, sent = api.start(), call(prompt="first")
    run.record(sent)
    assert run.record({**sent, "prompt": "second"})["accepted"] == 1
    assert [row["prompt"] for row in run.export()["llms"]] == ["first"]
    assert run.stats()["cost"] == "0.0075"


def test_update_events_replaces_and_creates(api: Api) -> None:
    run, sent, other = api.start(), call(prompt="first"), event(name="new")
    run.record(sent)
    assert run.replace({**sent, "prompt": "fixed", "completion_tokens": 1000}, other)["accepted"] == 2
    run.record(sent)
    export = run.export()
    assert ([row["prompt"] for row in export["llms"]], export["stats"]["cost"]) == (["fixed"], "0.0125")
    assert [row["name"] for row in export["actions"]] == ["new"]


def test_an_agent_is_created_and_renamed(api: Api) -> None:
    run, agent_id = api.start(), str(uuid.uuid4())
    assert api.post("/v2/create_agent", {"id": agent_id, "name": "Reader", "logs": "x"}, run.token) == "Success"
    api.post("/v2/create_agent", {"id": agent_id, "name": "Writer"}, run.token)
    agents = api.get(run.path)["agents"]
    assert agents == [{"id": agent_id, "session_id": run.id, "name": "Writer", "logs": None}]
    assert run.export()["agents"] == agents


@pytest.mark.parametrize(
    ("encoding", "compress"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("GZIP", gzip.compress)]
)
def test_a_compressed_body_is_taken(api: Api, encoding: str, compress: Any) -> None:
    run = api.start()
    body = compress(json.dumps({"events": [event()]}).encode())
    headers = {**bearer(run.token), "Content-Encoding": encoding}
    assert api.ask("POST", "/v2/create_events", body, headers).json()["accepted"] == 1
    assert run.stats()["events"] == 1


def test_events_after_the_end_still_count(api: Api) -> None:
    run = api.start()
    run.update(end_timestamp=NOON, end_state="Success")
    run.record(event())
    assert (run.stats()["events"], run.stats()["is_running"]) == (1, False)


def test_what_old_sdks_send_of_themselves_is_taken_and_kept_nowhere(api: Api) -> None:
    answer = api.ask("POST", "/v2/developer_errors", {"sdk_version": "0.2.6"})
    assert (answer.status, answer.body) == (204, b"")
    assert api.get(f"/v2/ttd/{uuid.uuid4()}") == []


def test_the_scheme_of_a_token_is_read_in_any_letter_case(api: Api) -> None:
    run = api.start()
    answer = api.ask("POST", "/v2/create_events", {"events": []}, {"authorization": f"bearer {run.token}"})
    assert answer.json() == {"status": "Success", "accepted": 0, "rejected": []}
