import uuid
from datetime import timedelta

import pytest

from agentops_server.auth.cookies import NAME, PageCookies
from agentops_server.auth.keys import Keys
from agentops_server.auth.tokens import SessionClaims, SessionTokens
from agentops_server.domain.clock import NS
from agentops_server.domain.ids import ParticipantId, ProjectId, SessionId
from agentops_server.domain.project import Principal
from agentops_server.errors import Unauthorized
from agentops_server.storage.control.store import ControlStore

SECRET = bytes(range(32))
AT_NS = 1_790_000_000 * NS
THIRTY_DAYS_NS = 30 * 24 * 3600 * NS
LINKED = Principal(project_id=ProjectId(uuid.UUID(int=1)), key_id=None)


@pytest.fixture
def cookies(keys: Keys) -> PageCookies:
    return PageCookies(SECRET, keys)


def test_a_cookie_says_who_signed_in(keys: Keys, cookies: PageCookies) -> None:
    _key, text = keys.create("demo")
    principal = keys.authenticate(text)

    assert cookies.verify(cookies.issue(principal)) == principal
    assert cookies.verify(cookies.issue(LINKED)) == LINKED


def test_a_cookie_needs_no_quoting(cookies: PageCookies) -> None:
    assert NAME == "agentops_page"
    assert set(cookies.issue(LINKED)) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
    assert len(cookies.issue(Principal(LINKED.project_id, key_id=uuid.UUID(int=2)))) < 1000  # type: ignore[arg-type]


def test_a_cookie_expires_after_30_days(cookies: PageCookies) -> None:
    value = cookies.issue(LINKED, AT_NS)

    assert cookies.verify(value, AT_NS + THIRTY_DAYS_NS - 1) == LINKED
    with pytest.raises(Unauthorized, match="signed in no longer"):
        cookies.verify(value, AT_NS + THIRTY_DAYS_NS)


def test_a_cookie_of_a_revoked_key_is_refused(control: ControlStore, keys: Keys, cookies: PageCookies) -> None:
    key, text = keys.create("demo")
    value = cookies.issue(keys.authenticate(text))

    control.revoke_key(key.id)

    with pytest.raises(Unauthorized, match="signed in no longer"):
        cookies.verify(value)


def test_no_cookie(cookies: PageCookies) -> None:
    with pytest.raises(Unauthorized, match="Nobody is signed in"):
        cookies.verify(None)


@pytest.mark.parametrize("value", ["", "garbage", "a.b.c", "\ud800", "e30.e30."])
def test_garbage_is_refused(cookies: PageCookies, value: str) -> None:
    with pytest.raises(Unauthorized, match="signed in no longer"):
        cookies.verify(value)


def test_a_cookie_of_another_secret_is_refused(keys: Keys, cookies: PageCookies) -> None:
    with pytest.raises(Unauthorized):
        cookies.verify(PageCookies(bytes(32), keys).issue(LINKED))


def test_cookies_and_tokens_do_not_open_each_other(keys: Keys, cookies: PageCookies) -> None:
    key, text = keys.create("demo")
    tokens = SessionTokens(SECRET, timedelta(days=1))
    claims = SessionClaims(key.project_id, SessionId(uuid.uuid4()), ParticipantId(uuid.uuid4()), key.id)

    with pytest.raises(Unauthorized):
        cookies.verify(tokens.issue(claims))
    with pytest.raises(Unauthorized, match=r"^Invalid Token$"):
        tokens.verify(cookies.issue(keys.authenticate(text)))
