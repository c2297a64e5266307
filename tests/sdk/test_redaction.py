"""What is taken out of events: before they are written, in every text, and safely when a function fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import agentops
from agentops import ActionEvent, Configuration, ErrorEvent, LLMEvent, Session, ToolEvent
from agentops._encoding import Encoder
from agentops._redaction import FAILED_MARKER, MARKER, Redactor
from agentops.exceptions import ConfigurationError
from agentops.testing import capture

from .recording_server import RecordingServer

Start = Callable[..., Session]
Warnings = Callable[[], list[str]]

BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" * 3
SECRETS = {
    "api key": [
        "sk-" + "a1B2" * 8,
        "sk-ant-api03-" + "x_-9" * 10,
        "sk_live_" + "4eC39HqLyjWDarjtT1zd",
        "ghp_" + "a1B2c3D4e5" * 4,
        "github_pat_" + "11ABCDEFG0_" * 4,
        "xoxb-" + "1234567890-abcdef",
        "AIza" + "SyA1234567890abcdefghijklmnopqrstuvw",
        "hf_" + "abcdefghij" * 3,
    ],
    "aws key": ["AKIA" + "IOSFODNN7EXAMPLE"],
    "aws secret": ["aws_secret_access_key = " + "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"],
    "bearer": ["Bearer " + "abc123def456ghi789", "bearer  " + "AbC.-_~+/12345=="],
    "basic": ['Authorization": "Basic ' + "dXNlcjpwYXNz"],
    "token": ["eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0" + ".dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"],
    "private key": [
        f"-----BEGIN PRIVATE KEY-----\n{BODY}\n-----END PRIVATE KEY-----",
        f"-----BEGIN RSA PRIVATE KEY-----\\n{BODY}\\n-----END RSA PRIVATE KEY-----",
        f"-----BEGIN OPENSSH PRIVATE KEY-----\n{BODY}",
    ],
    "password": ["user:hunter2"],
}
CASES = [(kind, secret) for kind, secrets in SECRETS.items() for secret in secrets]


@pytest.mark.parametrize(("kind", "secret"), CASES)
def test_known_shapes_are_replaced_and_what_is_around_them_is_kept(kind: str, secret: str) -> None:
    around = ("postgres://", "@host/db") if kind == "password" else ("before ", "" if "BEGIN" in secret else " after")
    redacted = Redactor(["secrets"]).redact(secret.join(around))
    assert redacted == f"[redacted: {kind}]".join(around)


@pytest.mark.parametrize(
    "text",
    [
        "ask-me-anything-about-it sk-learn",
        "The bearer certificates of 1923, bearerofgoodnews",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "https://example.com:8080/a@b eyJhbGciOiJIUzI1NiJ9",
        "AKIAfoo and MAKIA1234567890ABCDEF",
        "a@b 4111 1111",
        "",
    ],
)
def test_what_only_looks_a_little_like_a_secret_is_kept(text: str) -> None:
    assert Redactor(["secrets", "emails", "cards"]).redact(text) == text


def test_emails_and_cards_are_opt_in() -> None:
    text = "mail jane.doe+x@mail.example.co.uk, card 4111 1111 1111 1111 or 5500-0000-0000-0004, order 4111111111111112"
    assert Redactor(["secrets"]).redact(text) == text
    assert Redactor(["emails", "cards"]).redact(text) == (
        "mail [redacted: e-mail], card [redacted: card] or [redacted: card], order 4111111111111112"
    )


def test_every_text_of_an_event_goes_through_and_nothing_else(start: Start, server: RecordingServer) -> None:
    secret = "sk-" + "a1B2" * 8
    seen: list[str] = []

    def look(text: str) -> str:
        seen.append(text)
        return text

    session = start(redact=["secrets", look], default_tags=[secret])
    error = ErrorEvent(exception=ValueError(f"bad {secret}"), details={"at": secret}, code=secret)
    events = [
        LLMEvent(prompt=[{"role": "user", "content": secret}], completion=secret, model="gpt-4o", cost="0.1"),
        ToolEvent(name=secret, params={secret: {1, secret}}, returns=secret.encode(), logs=(secret,)),
        ActionEvent(secret, screenshot=secret, returns=RuntimeError(secret), logs={"password": "hunter2", "n": 1}),
        error,
    ]
    for event in events:
        session.record(event)
    session.create_agent(secret)
    session.end_session("Failure", f"because {secret}")
    assert secret not in json.dumps([request.body for request in server.requests])
    assert not any(secret in text for text in seen)
    stored = server.events[str(session.session_id)]
    assert set(stored) == {str(event.id) for event in events}
    first = stored[str(events[0].id)]
    assert (first["model"], first["cost"], first["event_type"]) == ("gpt-4o", "0.1", "llms")
    assert first["prompt"] == [{"role": "user", "content": "[redacted: api key]"}]
    assert stored[str(events[2].id)]["logs"] == {"password": MARKER, "n": 1}
    assert not {str(events[0].id), str(session.session_id), "gpt-4o", "llms"} & set(seen)


def test_it_is_applied_before_anything_is_written(client: object, spool_dir: Path) -> None:
    secret = "sk-" + "a1B2" * 8
    session = agentops.init("key", endpoint="http://127.0.0.1:9", redact="secrets", max_wait_time=50)
    assert session is not None
    session.record(LLMEvent(prompt="safe " + secret))
    data = b"".join(path.read_bytes() for path in spool_dir.rglob("*.seg"))
    assert b"safe [redacted: api key]" in data
    assert secret.encode() not in data


def fail(text: str) -> str:
    raise RuntimeError(text)


def return_nothing(text: str) -> Any:
    return None


def return_bytes(text: str) -> Any:
    return text.encode()


def recurse(text: str) -> str:
    return recurse(text)


@pytest.mark.parametrize("function", [fail, return_nothing, return_bytes, recurse, lambda: "no argument"])
def test_a_function_that_fails_lets_no_text_through_and_is_named_once(
    start: Start, server: RecordingServer, warnings: Warnings, function: Any
) -> None:
    session = start(redact=function)
    session.record(ActionEvent(params={"deep": ["secret text", 5]}))
    session.record(ActionEvent(logs="secret text"))
    assert session.end_session("Success", "secret text") == "0.0075"
    assert "secret text" not in json.dumps([request.body for request in server.requests])
    first, second = server.events[str(session.session_id)].values()
    assert first["params"] == {FAILED_MARKER: [FAILED_MARKER, 5]}
    assert second["logs"] == FAILED_MARKER
    said = [warning for warning in warnings() if "redaction" in warning]
    assert len(said) == 1
    assert "secret text" not in said[0]


def test_a_choice_that_is_none_raises_where_it_may_and_else_keeps_every_text_out(
    start: Start, server: RecordingServer, warnings: Warnings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigurationError, match="redact"):
        Configuration(redact="secrtes")
    monkeypatch.setenv("AGENTOPS_REDACT", "nonsense")
    assert Configuration().redact == ("everything",)
    monkeypatch.delenv("AGENTOPS_REDACT")
    session = start(redact=["secrets", 7])
    session.record(LLMEvent(prompt="text", model="gpt-4o"))
    assert session.flush()
    (event,) = server.events[str(session.session_id)].values()
    assert (event["prompt"], event["model"]) == (MARKER, "gpt-4o")
    assert any("redact" in warning for warning in warnings())


def test_the_variable_and_a_configuration_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTOPS_REDACT", "secrets, emails")
    assert Configuration().redact == ("secrets", "emails")
    with capture() as captured:
        agentops.init("key")
        agentops.record(ActionEvent(params="a@example.com 4111111111111111"))
        other = agentops.start_session(config=Configuration(redact="cards"))
        assert other is not None
        other.record(ActionEvent(params="a@example.com 4111111111111111"))
    assert [event["params"] for event in captured.events] == [
        "[redacted: e-mail] 4111111111111111",
        "a@example.com [redacted: card]",
    ]


def test_numbers_bytes_and_long_texts_are_looked_at_too() -> None:
    encoder = Encoder(100, Redactor(["cards", "secrets"]))
    secret = "sk-" + "a1B2" * 8
    wire = {"params": [4111111111111111, 4111111111111112, 12.5, 7], "returns": "x" * 90 + " " + secret}
    decoded = json.loads(encoder.encode(wire))
    assert decoded["params"] == ["[redacted: card]", 4111111111111112, 12.5, 7]
    assert decoded["returns"].startswith("x" * 90 + " [redacted")  # redacted first, cut afterwards
    assert "sk-" not in decoded["returns"]


_TEXT = st.text(max_size=30)
_VALUES = st.recursive(
    st.none() | st.integers() | _TEXT | st.binary(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=10,
)


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for item in pair for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []


@given(_VALUES, st.sampled_from([secret for _, secret in CASES if ":hunter" not in secret]))
def test_a_secret_anywhere_in_any_value_does_not_come_out(value: object, secret: str) -> None:
    encoder = Encoder(redactor=Redactor(["secrets"]))
    for wrapped in ([value, secret], {"key": value, secret: secret}, (secret, [[{"x": f"a {secret} b"}]], value)):
        decoded = json.loads(encoder.encode({"params": wrapped}))
        assert not any(secret in text for text in _texts(decoded))


@given(_VALUES)
def test_what_holds_no_secret_is_as_without_redaction(value: object) -> None:
    redacting, usual = Encoder(redactor=Redactor([str])), Encoder()
    wire: dict[str, object] = {"params": usual._plain(value)}
    assert redacting.encode(wire) == usual.encode(wire)


@given(st.text(alphabet="-BEGINPRVATKY eyJ.sk_:@/bearr 0159", max_size=400))
def test_any_text_is_gone_through(text: str) -> None:
    Redactor(["secrets", "emails", "cards"]).redact(text)
