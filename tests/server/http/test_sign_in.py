"""Signing in to the page with a key or a link, and out."""

import uuid
from http.cookies import Morsel, SimpleCookie

import pytest

from tests.serving import Server

from .api import Answer, Api

pytestmark = pytest.mark.xdist_group("http-page")

THIRTY_DAYS_S = 30 * 86_400


def cookie_of(answer: Answer) -> "Morsel[str]":
    (morsel,) = SimpleCookie(answer.headers["Set-Cookie"]).values()
    return morsel


def as_header(morsel: "Morsel[str]") -> dict[str, str]:
    return {"Cookie": f"{morsel.key}={morsel.value}"}


@pytest.fixture
def signed_in(api: Api) -> dict[str, str]:
    return as_header(cookie_of(api.ask("POST", "/auth/sign_in", {"api_key": api.api_key}, {})))


def test_signing_in_gives_a_cookie_that_only_this_server_gets(api: Api) -> None:
    answer = api.ask("POST", "/auth/sign_in", {"api_key": api.api_key}, {})
    cookie = cookie_of(answer)
    assert (answer.status, answer.json()["project"]["name"]) == (200, "default")
    assert (cookie["httponly"], cookie["samesite"].lower(), cookie["path"]) == (True, "strict", "/")
    assert (int(cookie["max-age"]), cookie["domain"]) == (THIRTY_DAYS_S, "")
    assert api.api_key not in answer.headers["Set-Cookie"]


def test_the_cookie_opens_reading_of_its_project(api: Api, signed_in: dict[str, str]) -> None:
    run = api.start()
    for path in ("", "/stats", "/events", "/export"):
        assert api.ask("GET", f"{run.path}{path}", None, signed_in).status == 200
    listed = api.ask("GET", "/v2/sessions?limit=200", None, signed_in).json()["sessions"]
    assert run.id in [session["session_id"] for session in listed]
    me = api.ask("GET", "/auth/me", None, signed_in).json()
    project = {"id": api.get(run.path)["project_id"], "name": "default"}
    assert me == {"project": project, "is_operator": False}


@pytest.mark.parametrize("route", ["create_session", "create_events", "update_session", "create_agent"])
def test_the_cookie_does_not_open_ingest(api: Api, signed_in: dict[str, str], route: str) -> None:
    assert api.ask("POST", f"/v2/{route}", {"events": []}, signed_in).status == 401


@pytest.mark.parametrize("body", [{"api_key": str(uuid.UUID(int=7))}, {"api_key": ""}, {"api_key": "x' OR 1=1"}])
def test_signing_in_with_an_unknown_key_is_401_without_a_cookie(api: Api, body: object) -> None:
    answer = api.ask("POST", "/auth/sign_in", body, {})
    assert (answer.status, answer.json()["code"]) == (401, "unauthorized")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("body", [b"", b"{", b"{}", b'{"api_key": 7}', b"[]", b"\xff"])
def test_signing_in_without_a_key_is_400(api: Api, body: bytes) -> None:
    assert api.ask("POST", "/auth/sign_in", body, {}).status == 400


def test_signing_in_with_a_large_body_is_413(api: Api) -> None:
    assert api.ask("POST", "/auth/sign_in", {"api_key": "x" * 20_000}, {}).status == 413


def test_a_changed_cookie_is_none(api: Api, signed_in: dict[str, str]) -> None:
    name, _, value = signed_in["Cookie"].partition("=")
    head, body, signature = value.split(".")
    for forged in (f"{head}.{body}.{signature[::-1]}", f"{head}.{body}.", f"{head}.{body[:-2]}AA.{signature}", "x"):
        assert api.ask("GET", "/auth/me", None, {"Cookie": f"{name}={forged}"}).status == 401


def test_a_token_is_no_cookie_and_a_cookie_no_token(api: Api, signed_in: dict[str, str]) -> None:
    run = api.start()
    name, _, value = signed_in["Cookie"].partition("=")
    assert api.ask("GET", "/auth/me", None, {"Cookie": f"{name}={run.token}"}).status == 401
    headers = {"Authorization": f"Bearer {value}"}
    assert api.ask("POST", "/v2/create_events", {"events": []}, headers).status == 401


OTHER_PAGES = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},  # as a page on another port of the same machine
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "null"},
]


@pytest.mark.parametrize("sent", OTHER_PAGES, ids=str)
def test_another_page_changes_nothing_with_the_cookie(
    api: Api, signed_in: dict[str, str], sent: dict[str, str]
) -> None:
    for method, path in (("POST", "/v2/keys"), ("PUT", "/v2/retention"), ("DELETE", f"/v2/keys/{uuid.uuid4()}")):
        answer = api.ask(method, path, {}, {**signed_in, **sent})
        assert (answer.status, answer.json()["code"]) == (403, "forbidden")
    answer = api.ask("POST", "/auth/sign_in", {"api_key": api.api_key}, sent)
    assert (answer.status, "Set-Cookie" in answer.headers) == (403, False)


@pytest.mark.parametrize("sent", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "own"}], ids=str)
def test_our_own_page_changes_what_it_wants(api: Api, signed_in: dict[str, str], sent: dict[str, str]) -> None:
    own = {name: api.url if value == "own" else value for name, value in sent.items()}
    assert api.ask("PUT", "/v2/retention", {}, {**signed_in, **own}).status == 200


def test_an_api_key_is_taken_from_any_page(api: Api) -> None:
    headers = {"X-Agentops-Api-Key": api.api_key, "Sec-Fetch-Site": "cross-site"}
    assert api.ask("PUT", "/v2/retention", {}, headers).status == 200


def test_signing_out_takes_the_cookie_away(api: Api, signed_in: dict[str, str]) -> None:
    answer = api.ask("POST", "/auth/sign_out", {}, signed_in)
    cookie = cookie_of(answer)
    assert (answer.status, cookie.value, cookie["max-age"]) == (200, "", "0")
    assert signed_in["Cookie"].startswith(f"{cookie.key}=")


def test_an_unsigned_visitor_is_nobody(api: Api) -> None:
    answer = api.ask("GET", "/auth/me", None, {})
    assert (answer.status, answer.json()["code"]) == (401, "unauthorized")


def test_a_login_link_signs_in_once(server: Server, api: Api) -> None:
    path = server.login_link.removeprefix(server.url)
    first, second = (api.ask("GET", path, None, {}) for _ in range(2))
    assert (first.status, first.headers["Location"]) == (303, "/")
    me = api.ask("GET", "/auth/me", None, as_header(cookie_of(first))).json()
    assert (me["project"]["name"], me["is_operator"]) == ("default", True)
    assert (second.status, second.headers["Location"]) == (303, "/?link=expired")
    assert "Set-Cookie" not in second.headers


@pytest.mark.parametrize("code", ["x", "0" * 43, "%00", "%F0%9F%98%80", "a'b"])
def test_a_link_that_never_was_one_leads_to_the_sign_in(api: Api, code: str) -> None:
    answer = api.ask("GET", f"/auth/link/{code}", None, {})
    assert (answer.status, answer.headers["Location"]) == (303, "/?link=expired")
    assert "Set-Cookie" not in answer.headers
