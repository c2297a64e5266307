"""Whatever a client sends: never an answer of the 5xx, and always JSON."""

import json
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .api import Api, bearer

pytestmark = pytest.mark.xdist_group("http-random")

TEXT = st.text(st.characters(), max_size=6)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXT, st.just("2026-11-20T12:00:00Z"))
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=8)
SESSION_KEYS = st.sampled_from(
    ["init_timestamp", "end_timestamp", "end_state", "end_state_reason", "end_is_implicit", "is_running", "tags"]
    + ["host_env", "video", "participant_id", "name"]
)
EVENT_KEYS = st.sampled_from(
    ["init_timestamp", "end_timestamp", "timestamp", "agent_id", "parent_id", "params", "returns", "sequence", "prompt"]
    + ["completion", "model", "prompt_tokens", "completion_tokens", "cost", "thread_id", "name", "logs", "details"]
    + ["error_type", "code", "trigger_event_id", "screenshot", "action_type"]
)
EVENTS = st.builds(
    lambda kind, facts: {"id": str(uuid.uuid4()), "event_type": kind, **facts},
    st.sampled_from(["llms", "tools", "actions", "errors", "chain"]),
    st.dictionaries(EVENT_KEYS, JSON),
)
BYTES = st.binary(max_size=80) | JSON.map(json.dumps).map(str.encode)
slice_of = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def check(api: Api, route: str, body: Any, headers: dict[str, str]) -> int:
    answer = api.ask("POST", f"/v2/{route}", body, headers)
    assert answer.status in {200, 400, 415, 422}, (route, body, answer.body)
    assert answer.json()
    return answer.status


@pytest.mark.parametrize("route", ["create_events", "update_events"])
@slice_of
@given(events=st.lists(EVENTS | JSON, max_size=4))
def test_any_events_are_stored_or_rejected_and_can_be_read(api: Api, route: str, events: list[Any]) -> None:
    run = api.start()
    answer = api.post(f"/v2/{route}", {"events": events}, run.token)
    assert answer["accepted"] + len(answer["rejected"]) == len(events)
    assert run.stats()["events"] == answer["accepted"]
    export = run.export()
    assert sum(len(export[name]) for name in ("actions", "llms", "tools", "errors")) == answer["accepted"]
    assert len(api.get(f"{run.path}/events")["events"]) == answer["accepted"]


@slice_of
@given(facts=st.dictionaries(SESSION_KEYS, JSON))
def test_any_session_is_stored_or_refused_and_can_be_read(api: Api, facts: dict[str, Any]) -> None:
    run = api.start()
    check(api, "update_session", {"session": {"session_id": run.id, **facts}}, bearer(run.token))
    assert api.get(run.path)["session_id"] == run.export()["session"]["id"] == run.id


@pytest.mark.parametrize("route", ["create_session", "reauthorize_jwt"])
@slice_of
@given(body=BYTES | st.dictionaries(st.sampled_from(["session", "session_id"]), JSON).map(json.dumps).map(str.encode))
def test_any_body_with_a_key_is_answered(api: Api, route: str, body: bytes) -> None:
    check(api, route, body, {"X-Agentops-Api-Key": api.api_key})


@pytest.mark.parametrize("route", ["update_session", "create_events", "update_events", "create_agent"])
@slice_of
@given(body=BYTES, encoding=st.sampled_from(["", "gzip", "deflate", "zstd", "identity", "br"]))
def test_any_body_with_a_token_is_answered(api: Api, route: str, body: bytes, encoding: str) -> None:
    check(api, route, body, {**bearer(api.start().token), "Content-Encoding": encoding})


@slice_of
@given(tag=st.text(max_size=20), end_state=st.text(max_size=5), since=st.text(max_size=10), cursor=st.text(max_size=9))
def test_any_query_is_answered(api: Api, tag: str, end_state: str, since: str, cursor: str) -> None:
    fields = [("tag", tag), ("end_state", end_state), ("since", since), ("cursor", cursor)]
    for query in (fields[:1], fields):
        answer = api.pool.request(
            "GET",
            f"{api.url}/v2/sessions",
            fields=[(name, value.encode("utf-8", "replace").decode()) for name, value in query],
            headers={"X-Agentops-Api-Key": api.api_key},
        )
        assert answer.status in {200, 422}, (query, answer.data)
