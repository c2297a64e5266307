"""The step that takes secrets out: what it takes, what it leaves, and that JSON stays JSON."""

import json
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentops_server.domain.batch import Batch
from agentops_server.domain.event import Event
from agentops_server.domain.ids import ProjectId
from agentops_server.errors import Invalid
from agentops_server.ingest.metrics import IngestMetrics
from agentops_server.ingest.patterns import PATTERNS
from agentops_server.ingest.redact import decode_patterns, redact_with
from tests.server.making import make_event, make_origin

ORIGIN = make_origin()
SECRETS = {
    "api_keys": ["sk-" + "aB3" * 10, "ghp_" + "x1" * 12, "AKIA" + "ABCD1234" * 2, "hf_" + "q9" * 12],
    "bearer_tokens": ["Bearer abcdef123456789", "bearer  A1b2.C3d4~E5f6+g7/=="],
    "jwts": ["eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl"],
    "passwords_in_urls": ["root:swordfish"],
    "emails": ["ada.lovelace+x@mail.example.org"],
    "cards": ["4111 1111 1111 1111", "378282246310005"],
}
NOT_SECRETS = ["sk-short", "bearer of news", "eyJ.x.y", "https://example.org:80/x", "ada@localhost", "4111111111111112"]


def redacted(event: Event, text: str = "all", metrics: IngestMetrics | None = None) -> Event:
    redact_with(decode_patterns(text), metrics or IngestMetrics())(Batch(events=[event]))
    return event


def in_context(name: str, secret: str) -> str:
    return f"postgres://{secret}@host/db" if name == "passwords_in_urls" else f"first\n{secret} and\tmore"


@pytest.mark.parametrize(("name", "secret"), [(name, secret) for name, all_ in SECRETS.items() for secret in all_])
def test_a_secret_is_taken_out_of_every_text_of_an_event(name: str, secret: str) -> None:
    text = in_context(name, secret)
    value: Any = {"deep": [{"text": text, "n": 7, text: None}]}
    fields = ("params_json", "returns_json", "logs_json", "prompt_json", "completion_json", "details_json")
    given = {field: json.dumps(value) for field in fields}
    event = redacted(make_event(ORIGIN, name=text, attributes={"k": text}, **given), name)
    expected = text.replace(secret, f"[redacted: {name}]")
    for field in fields:
        assert json.loads(getattr(event, field)) == {"deep": [{"text": expected, "n": 7, expected: None}]}
    assert (event.name, event.attributes) == (expected, {"k": expected})


@pytest.mark.parametrize("text", NOT_SECRETS)
def test_what_only_resembles_a_secret_stays(text: str) -> None:
    event = redacted(make_event(ORIGIN, params_json=json.dumps([text]), name=text))
    assert (event.params_json, event.name) == (json.dumps([text]), text)


def test_a_number_stays_a_number() -> None:
    assert redacted(make_event(ORIGIN, params_json="[4111111111111111]")).params_json == "[4111111111111111]"


def test_nothing_is_redacted_unless_it_is_asked_for() -> None:
    secret = json.dumps(SECRETS)
    assert redacted(make_event(ORIGIN, params_json=secret), "").params_json == secret
    other = f"all@{uuid.uuid4()}"
    assert redacted(make_event(ORIGIN, params_json=secret), other).params_json == secret


def test_a_project_may_have_patterns_of_its_own_beside_those_of_all() -> None:
    text = json.dumps([SECRETS["emails"][0], SECRETS["jwts"][0]])
    setting = f"jwts, emails@{ORIGIN.project_id}"
    assert json.loads(redacted(make_event(ORIGIN, params_json=text), setting).params_json) == [
        "[redacted: emails]",
        "[redacted: jwts]",
    ]
    stranger = make_origin(project_id=ProjectId(uuid.uuid4()))
    assert json.loads(redacted(make_event(stranger, params_json=text), setting).params_json) == [
        SECRETS["emails"][0],
        "[redacted: jwts]",
    ]


def test_secrets_are_all_but_personal_data() -> None:
    text = json.dumps([in_context(name, all_[0]) for name, all_ in SECRETS.items()])
    event = redacted(make_event(ORIGIN, params_json=text), "secrets")
    left = {name for name, all_ in SECRETS.items() if all_[0] in event.params_json}
    assert left == {"emails", "cards"}


def test_what_was_taken_out_is_counted_by_pattern() -> None:
    metrics = IngestMetrics()
    text = json.dumps(["a@b.example c@d.example", SECRETS["api_keys"][0]])
    redacted(make_event(ORIGIN, params_json=text), metrics=metrics)
    counted = {
        name: metrics.registry.get_sample_value("agentops_redactions_total", {"pattern": name}) for name in PATTERNS
    }
    assert {name: count for name, count in counted.items() if count} == {"emails": 2, "api_keys": 1}


@pytest.mark.parametrize("setting", ["nothing", "all,email", "emails@somebody", "@", "everything"])
def test_a_setting_that_cannot_be_meant_says_what_can(setting: str) -> None:
    with pytest.raises(Invalid, match="AGENTOPS_REDACT.*api_keys"):
        decode_patterns(setting)


@given(
    st.recursive(
        st.text() | st.integers() | st.sampled_from([secret for all_ in SECRETS.values() for secret in all_]), st.lists
    )
)
def test_json_stays_json_of_the_same_shape(value: Any) -> None:
    event = redacted(make_event(ORIGIN, params_json=json.dumps(value, ensure_ascii=False)))
    back = json.loads(event.params_json)
    assert shape(back) == shape(value)
    assert "ada.lovelace" not in event.params_json


def shape(value: Any) -> Any:
    return [shape(inner) for inner in value] if isinstance(value, list) else type(value)
