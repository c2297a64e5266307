"""The golden samples: every request of the published clients decodes, whole."""

import json
from typing import Any

import pytest

from agentops_server.domain.clock import decode_time
from agentops_server.domain.event import Event, Kind
from agentops_server.domain.session import EndState, Session, apply
from agentops_server.wire.v2.events import decode_events
from agentops_server.wire.v2.sessions import decode_agent, decode_reauthorization, decode_session
from tests.contract.test_samples import EVERY_SAMPLE, read_requests

from .bodies import ORIGIN

KINDS = {"llms": Kind.LLM, "tools": Kind.TOOL, "actions": Kind.ACTION, "errors": Kind.ERROR}


def bodies(version: str, scenario: str, path: str) -> list[bytes]:
    return [json.dumps(request["body"]).encode() for request in read_requests(version, scenario, path)]


def sent_events(version: str, scenario: str) -> list[dict[str, Any]]:
    requests = read_requests(version, scenario, "/v2/create_events")
    return [event for request in requests for event in request["body"]["events"]]


def decoded_events(version: str, scenario: str) -> list[Event]:
    batches = [decode_events(body, ORIGIN) for body in bodies(version, scenario, "/v2/create_events")]
    assert [drop for batch in batches for drop in batch.drops] == []
    return [event for batch in batches for event in batch.events]


def fold_sessions(version: str, scenario: str) -> Session:
    session = None
    for path in ("/v2/create_session", "/v2/update_session"):
        for body in bodies(version, scenario, path):
            session = apply(session, decode_session(body).update(ORIGIN))
    assert session is not None
    return session


@pytest.mark.parametrize(("version", "scenario"), EVERY_SAMPLE)
def test_every_event_of_a_sample_is_admitted_with_its_fields(version: str, scenario: str) -> None:
    for sent, event in zip(sent_events(version, scenario), decoded_events(version, scenario), strict=True):
        assert event.kind == KINDS.get(sent["event_type"], sent["event_type"])
        assert sent.get("id", str(event.id)) == str(event.id)
        start = sent.get("init_timestamp") or sent["timestamp"]
        assert event.init_ns == decode_time(start)
        assert json.loads(event.params_json or "null") == sent.get("params")
        assert json.loads(event.returns_json or "null") == sent.get("returns")
        assert (None if event.agent_id is None else str(event.agent_id)) == sent.get("agent_id")


@pytest.mark.parametrize("version", ["0.2.6", "0.3.26"])
def test_the_kinds_of_a_whole_sample_keep_their_own_fields(version: str) -> None:
    for sent, event in zip(sent_events(version, "whole"), decoded_events(version, "whole"), strict=True):
        if event.kind == Kind.LLM:
            usage = event.usage
            assert usage is not None
            assert event.model == (sent["model"] or "")
            assert (usage.input_tokens, usage.output_tokens) == (sent["prompt_tokens"], sent["completion_tokens"])
            assert json.loads(event.prompt_json) == sent["prompt"]
        elif event.kind == Kind.TOOL:
            assert event.name == (sent.get("name") or event.name)
        elif event.kind == Kind.ACTION:
            assert event.action_type == (sent.get("action_type") or "")
        elif event.kind == Kind.ERROR:
            assert (event.error_type, event.error_code) == (sent["error_type"], sent["code"] or "")
            assert json.loads(event.details_json) == sent["details"]


@pytest.mark.parametrize("version", ["0.2.6", "0.3.26"])
def test_a_whole_sample_has_every_kind_of_event(version: str) -> None:
    assert {event.kind for event in decoded_events(version, "whole")} >= set(KINDS.values())


def test_an_error_of_0_2_gets_one_id_however_often_it_is_sent() -> None:
    first, again = ([e.id for e in decoded_events("0.2.6", "whole") if e.kind == Kind.ERROR] for _ in range(2))
    assert len(first) == 1
    assert first == again


@pytest.mark.parametrize("version", ["0.2.6", "0.3.26"])
def test_a_whole_sample_ends_with_what_the_program_said(version: str) -> None:
    session = fold_sessions(version, "whole")
    assert session.end is not None
    assert (session.end.state, session.end.reason) == (EndState.SUCCESS, "All asked and answered")
    assert session.video == "https://videos.example/run.mp4"
    assert session.tags[:2] == ("first", "added")
    assert (session.host_env or {})["OS"]["Hostname"] == "workbench"
    assert session.display_name == "triage"


@pytest.mark.parametrize("version", ["0.2.6", "0.3.26"])
def test_an_interrupted_sample_ends_in_failure(version: str) -> None:
    end = fold_sessions(version, "interrupted").end
    assert end is not None
    assert (end.state, end.implicit) == (EndState.FAILURE, False)


def test_reading_analytics_in_0_3_does_not_end_the_session() -> None:
    updates = [decode_session(body).update(ORIGIN) for body in bodies("0.3.26", "whole", "/v2/update_session")]
    assert [update.end is not None for update in updates] == [False, False, False, True]


@pytest.mark.parametrize(("version", "scenario"), EVERY_SAMPLE)
def test_every_other_request_of_a_sample_decodes(version: str, scenario: str) -> None:
    for body in bodies(version, scenario, "/v2/reauthorize_jwt"):
        assert str(decode_reauthorization(body)[0]) == json.loads(body)["session_id"]
    for body in bodies(version, scenario, "/v2/create_agent"):
        assert decode_agent(body, ORIGIN).name == json.loads(body)["name"]
    assert {request["path"] for request in read_requests(version, scenario)} <= {
        f"/v2/{route}"
        for route in ("create_session", "update_session", "create_events", "create_agent", "reauthorize_jwt")
    }
