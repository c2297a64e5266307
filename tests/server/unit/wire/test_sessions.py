"""Session, agent and token requests."""

import json
import sys
import uuid
from typing import Any

import pytest

from agentops_server.domain.session import End, EndState, SessionUpdate
from agentops_server.errors import BadRequest
from agentops_server.wire.v2.sessions import decode_agent, decode_reauthorization, decode_session
from tests.server.making import NOON_NS

from .bodies import ID, ORIGIN

NOON = "2026-11-20T12:00:00.000000+00:00"


def decode(**given: Any) -> SessionUpdate:
    return decode_session(json.dumps({"session": {"session_id": ID, **given}}).encode()).update(ORIGIN)


def test_a_session_says_what_it_knows() -> None:
    participant = uuid.uuid4()
    update = decode(
        init_timestamp=NOON,
        tags=["b", "a", "b"],
        host_env={"OS": {"OS": "Linux"}},
        video="https://videos.example/1",
        name="triage",
        participant_id=str(participant),
    )
    assert (update.init_ns, update.tags, update.host_env) == (NOON_NS, ("b", "a"), {"OS": {"OS": "Linux"}})
    assert (update.video, update.name, update.participant_id) == ("https://videos.example/1", "triage", participant)


def test_a_session_that_says_nothing_changes_nothing() -> None:
    update = decode(init_timestamp=None, tags=None, host_env=None, video=None, name="", end_timestamp=None)
    facts = (update.init_ns, update.tags, update.host_env, update.video, update.name, update.end)
    assert facts == (None, None, None, None, None, None)


def test_a_participant_is_that_of_the_token_when_it_is_not_named() -> None:
    assert decode().participant_id == ORIGIN.participant_id
    assert decode(participant_id="garbage").participant_id == ORIGIN.participant_id


def test_where_a_session_belongs_comes_from_the_credential() -> None:
    update = decode(project_id=str(uuid.uuid4()))
    assert (update.project_id, update.session_id) == (ORIGIN.project_id, ORIGIN.session_id)


def test_a_bare_string_is_one_tag() -> None:
    assert decode(tags="production").tags == ("production",)


def test_tags_that_are_no_strings_become_text() -> None:
    assert decode(tags=["a", "", None, 7, {"b": 1}]).tags == ("a", "7", '{"b":1}')


def test_an_empty_list_of_tags_takes_them_away() -> None:
    assert decode(tags=[]).tags == ()


@pytest.mark.parametrize("spelling", ["Fail", "FAILURE", "fail"])
def test_an_end_is_read_in_every_spelling(spelling: str) -> None:
    update = decode(end_timestamp=NOON, end_state=spelling, end_state_reason="broke")
    assert update.end == End(NOON_NS, EndState.FAILURE, "broke", implicit=False)


@pytest.mark.parametrize("state", [{}, {"end_state": None}, {"end_state": "Indeterminate"}])
def test_an_end_without_a_word_on_how_is_implicit(state: dict[str, Any]) -> None:
    assert decode(end_timestamp=NOON, **state).end == End(NOON_NS, EndState.INDETERMINATE, None, implicit=True)


@pytest.mark.parametrize(("state", "implicit"), [("Success", True), ("Indeterminate", False)])
def test_an_end_may_say_itself_whether_it_is_implicit(state: str, implicit: bool) -> None:
    end = decode(end_timestamp=NOON, end_state=state, end_is_implicit=implicit).end
    assert end is not None
    assert end.implicit is implicit


def test_a_running_session_has_no_end_whatever_its_end_timestamp() -> None:
    assert decode(end_timestamp=NOON, end_state="Success", is_running=True).end is None
    assert decode(end_timestamp=NOON, end_state="Success", is_running=False).end is not None


def test_a_state_without_a_time_is_no_end() -> None:
    assert decode(end_state="Indeterminate").end is None


@pytest.mark.parametrize(
    "given",
    [
        {"session_id": None},
        {"session_id": "x"},
        {"session_id": 7},
        {"init_timestamp": "yesterday"},
        {"init_timestamp": 1795176000},
        {"end_timestamp": "never"},
        {"end_timestamp": NOON, "end_state": "Done"},
        {"end_timestamp": NOON, "end_state": 7},
        {"tags": 7},
        {"tags": {"a": 1}},
    ],
)
def test_a_session_that_cannot_be_meant_is_a_bad_request(given: dict[str, Any]) -> None:
    with pytest.raises(BadRequest, match="|".join(given)):
        decode(**given)


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b'{"session": 7}', b'{"session": null}', b'{"session": []}', b"\xff"]
)
def test_a_body_without_a_session_is_a_bad_request(body: bytes) -> None:
    with pytest.raises(BadRequest):
        decode_session(body)


def test_numbers_that_are_none_become_strings_in_a_host_environment() -> None:
    assert decode(host_env={"a": float("nan"), "b": [float("inf")]}).host_env == {"a": "NaN", "b": ["Infinity"]}


def test_a_host_environment_that_readers_could_not_decode_is_a_bad_request() -> None:
    value: dict[str, Any] = {}
    for _ in range(sys.getrecursionlimit() - 200):
        value = {"a": value}
    with pytest.raises(BadRequest, match="host_env is nested too deeply"):
        decode(host_env=value)


@pytest.mark.parametrize("field", ["tags", "name", "video", "end_state_reason", "host_env"])
def test_every_depth_is_taken_or_a_bad_request(field: str) -> None:
    for levels in range(sys.getrecursionlimit() - 200, sys.getrecursionlimit() + 20):
        value = b"[" * levels + b"]" * levels
        body = b'{"session": {"session_id": "%s", "end_timestamp": "%s", "%s": %s}}'
        try:
            decode_session(body % (ID.encode(), NOON.encode(), field.encode(), value)).update(ORIGIN)
        except BadRequest as refused:
            assert "nested too deeply" in refused.message  # noqa: PT017 - at some depth it is, at another it is not


def test_a_reauthorization_names_the_session_and_perhaps_the_process() -> None:
    participant = uuid.uuid4()
    assert decode_reauthorization(b'{"session_id": "%s"}' % ID.encode()) == (uuid.UUID(ID), None)
    body = json.dumps({"session_id": ID, "participant_id": str(participant)}).encode()
    assert decode_reauthorization(body) == (uuid.UUID(ID), participant)


@pytest.mark.parametrize("body", [b"{}", b'{"session_id": null}', b'{"session_id": "x"}', b"[]", b"x"])
def test_a_reauthorization_without_a_session_is_a_bad_request(body: bytes) -> None:
    with pytest.raises(BadRequest):
        decode_reauthorization(body)


def test_an_agent_has_an_id_a_name_and_logs() -> None:
    agent = decode_agent(json.dumps({"id": ID, "name": "Researcher", "logs": {"a": 1}}).encode(), ORIGIN)
    assert (str(agent.id), agent.name, agent.logs) == (ID, "Researcher", '{"a":1}')
    assert (agent.project_id, agent.session_id) == (ORIGIN.project_id, ORIGIN.session_id)


@pytest.mark.parametrize("body", [b"{}", b'{"id": "x", "name": "a"}', b'{"name": "a"}', b"[]", b""])
def test_an_agent_without_an_id_is_a_bad_request(body: bytes) -> None:
    with pytest.raises(BadRequest):
        decode_agent(body, ORIGIN)
