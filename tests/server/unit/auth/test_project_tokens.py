from datetime import timedelta

import pytest

from agentops_server.auth.keys import Keys
from agentops_server.auth.project_tokens import ProjectTokens
from agentops_server.auth.tokens import SessionClaims, SessionTokens
from agentops_server.domain.clock import NS
from agentops_server.domain.ids import ParticipantId, SessionId, new_uuid7
from agentops_server.errors import Unauthorized
from agentops_server.storage.control.store import ControlStore

SECRET = bytes(range(32))
AT_NS = 1_790_000_000 * NS
MONTH_NS = 30 * 24 * 3600 * NS


def test_a_token_opens_its_keys_project_for_thirty_days(keys: Keys) -> None:
    principal, tokens = keys.authenticate(keys.create("shop")[1]), ProjectTokens(SECRET, keys)
    token = tokens.issue(principal, AT_NS)
    assert tokens.verify(token, AT_NS + MONTH_NS - NS) == principal
    with pytest.raises(Unauthorized, match="Expired"):
        tokens.verify(token, AT_NS + MONTH_NS)


def test_a_token_holds_nothing_of_the_keys_text(keys: Keys) -> None:
    text = keys.create("shop")[1]
    assert text not in ProjectTokens(SECRET, keys).issue(keys.authenticate(text))


def test_a_token_of_a_revoked_key_opens_nothing(control: ControlStore, keys: Keys) -> None:
    key, text = keys.create("shop")
    tokens = ProjectTokens(SECRET, keys)
    token = tokens.issue(keys.authenticate(text))
    control.revoke_key(key.id)
    with pytest.raises(Unauthorized, match="revoked"):
        tokens.verify(token)


@pytest.mark.parametrize("secret", [SECRET, bytes(32)])
def test_another_token_is_none(keys: Keys, secret: bytes) -> None:
    principal = keys.authenticate(keys.create("shop")[1])
    assert principal.key_id is not None
    claims = SessionClaims(principal.project_id, SessionId(new_uuid7()), ParticipantId(new_uuid7()), principal.key_id)
    for token in (SessionTokens(secret).issue(claims), ProjectTokens(bytes(32), keys).issue(principal), "", "a.b.c"):
        with pytest.raises(Unauthorized):
            ProjectTokens(SECRET, keys, timedelta(days=1)).verify(token)
