import base64
import json
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentops_server.auth.keys import Keys
from agentops_server.auth.tokens import SessionClaims, SessionTokens
from agentops_server.domain.clock import NS
from agentops_server.domain.ids import KeyId, ParticipantId, ProjectId, SessionId
from agentops_server.errors import Unauthorized
from agentops_server.storage.control.location import control_url
from agentops_server.storage.control.store import ControlStore

SECRET = bytes(range(32))
AT_NS = 1_790_000_000 * NS
DAY_NS = 24 * 3600 * NS
CLAIMS = SessionClaims(
    project_id=ProjectId(uuid.UUID(int=1)),
    session_id=SessionId(uuid.UUID(int=2)),
    participant_id=ParticipantId(uuid.UUID(int=3)),
    key_id=KeyId(uuid.UUID(int=4)),
)
TOKENS = SessionTokens(SECRET)


def encode_part(part: Any) -> str:
    text = part if isinstance(part, str) else json.dumps(part)
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def forge(changes: dict[str, Any], secret: bytes = SECRET, algorithm: str = "HS256") -> str:
    stated = jwt.decode(TOKENS.issue(CLAIMS, AT_NS), options={"verify_signature": False}) | changes
    return jwt.encode({k: v for k, v in stated.items() if v is not ...}, secret, algorithm=algorithm)


def test_a_token_says_what_it_was_issued_for() -> None:
    assert TOKENS.verify(TOKENS.issue(CLAIMS, AT_NS), AT_NS) == CLAIMS


def test_a_token_issued_now_is_valid_now() -> None:
    assert TOKENS.verify(TOKENS.issue(CLAIMS)) == CLAIMS


def test_a_token_is_an_hs256_jwt_of_24_hours() -> None:
    token = TOKENS.issue(CLAIMS, AT_NS)

    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}
    stated = jwt.decode(token, options={"verify_signature": False})
    assert (stated["iat"], stated["exp"]) == (AT_NS // NS, AT_NS // NS + 24 * 3600)
    assert stated["session_id"] == str(CLAIMS.session_id)


def test_a_token_expires_after_24_hours() -> None:
    token = TOKENS.issue(CLAIMS, AT_NS)

    assert TOKENS.verify(token, AT_NS + DAY_NS - 1) == CLAIMS
    with pytest.raises(Unauthorized, match=r"^Expired Token$"):
        TOKENS.verify(token, AT_NS + DAY_NS)


def test_the_lifetime_can_be_chosen() -> None:
    tokens = SessionTokens(SECRET, timedelta(minutes=1))

    with pytest.raises(Unauthorized, match=r"^Expired Token$"):
        tokens.verify(tokens.issue(CLAIMS, AT_NS), AT_NS + 60 * NS)


def test_a_token_survives_a_restart(tmp_path: Path) -> None:
    store = ControlStore.open(control_url(tmp_path))
    store.migrate()
    token = SessionTokens(store.secret("session_tokens")).issue(CLAIMS)
    store.close()

    reopened = ControlStore.open(control_url(tmp_path))
    assert SessionTokens(reopened.secret("session_tokens")).verify(token) == CLAIMS
    reopened.close()


def test_a_token_of_a_revoked_key_is_refused(control: ControlStore, keys: Keys) -> None:
    key, _text = keys.create("demo")
    claims = SessionClaims(key.project_id, CLAIMS.session_id, CLAIMS.participant_id, key.id)
    token = TOKENS.issue(claims)
    keys.check(TOKENS.verify(token).principal)

    control.revoke_key(key.id)

    with pytest.raises(Unauthorized, match="Invalid Token"):
        keys.check(TOKENS.verify(token).principal)


def test_a_forged_token_with_no_change_is_valid() -> None:
    # What the next tests change is all that makes their tokens invalid.
    assert TOKENS.verify(forge({}), AT_NS) == CLAIMS


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "agentops:page"},
        {"aud": ...},
        {"exp": ...},
        {"iat": ...},
        {"exp": "soon"},
        {"exp": None},
        {"session_id": ...},
        {"session_id": "garbage"},
        {"session_id": None},
        {"project_id": 7},
        {"participant_id": ["x"]},
        {"key_id": ...},
    ],
)
def test_claims_that_are_not_ours_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Unauthorized, match=r"^Invalid Token$"):
        TOKENS.verify(forge(changes), AT_NS)


def test_another_secret_is_refused() -> None:
    with pytest.raises(Unauthorized, match=r"^Invalid Token$"):
        TOKENS.verify(forge({}, secret=bytes(32)), AT_NS)


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm_is_refused(algorithm: str) -> None:
    with pytest.raises(Unauthorized, match=r"^Invalid Token$"):
        TOKENS.verify(forge({}, algorithm=algorithm), AT_NS)


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "", None, [], {}, 7, "RS256"])
@pytest.mark.parametrize("signature", ["", "c2ln"])
def test_alg_none_is_refused(alg: Any, signature: str) -> None:
    _header, payload, _signature = TOKENS.issue(CLAIMS, AT_NS).split(".")
    token = f"{encode_part({'alg': alg, 'typ': 'JWT'})}.{payload}.{signature}"

    with pytest.raises(Unauthorized, match=r"^Invalid Token$"):
        TOKENS.verify(token, AT_NS)


def test_every_change_of_a_character_is_refused() -> None:
    token = TOKENS.issue(CLAIMS, AT_NS)
    # The last character of an HS256 signature has two bits that mean nothing.
    for place in range(len(token) - 1):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(Unauthorized, match=r"^Invalid Token$"):
            TOKENS.verify(changed, AT_NS)


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "...",
        "\ud800",
        "ü.ü.ü",
        "\x00",
        "null",
        "Bearer x",
        f"{encode_part('[' * 200_000)}.e30.c2ln",
        f"{encode_part('9' * 10_000)}.e30.c2ln",
        f"{encode_part('{}')}.e30.c2ln",
        f"{encode_part('[]')}.e30.c2ln",
        f"{encode_part({'alg': 'HS256', 'crit': ['b64'], 'b64': False})}.e30.c2ln",
        f"{encode_part({'alg': 'HS256', 'kid': {}})}.e30.c2ln",
    ],
)
def test_garbage_is_refused(token: str) -> None:
    with pytest.raises(Unauthorized, match=r"^Invalid Token$"):
        TOKENS.verify(token, AT_NS)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
headers = st.fixed_dictionaries(
    {"alg": st.sampled_from(["HS256", "none"]) | json_values},
    optional=dict.fromkeys(("typ", "kid", "crit", "b64", "jwk", "zip"), json_values),
)


@settings(deadline=None)
@given(st.text() | st.lists(st.text("abcAZ019-_=", max_size=40), max_size=5).map(".".join))
def test_any_text_is_refused(token: str) -> None:
    with pytest.raises(Unauthorized, match=r"^Invalid Token$"):
        TOKENS.verify(token, AT_NS)


@settings(deadline=None)
@given(headers, json_values, st.text("abcAZ019-_", max_size=43))
def test_any_json_without_the_signature_is_refused(header: Any, payload: Any, signature: str) -> None:
    with pytest.raises(Unauthorized, match=r"^Invalid Token$"):
        TOKENS.verify(f"{encode_part(header)}.{encode_part(payload)}.{signature}", AT_NS)
