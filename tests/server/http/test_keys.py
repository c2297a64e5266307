"""API keys of one's own project over HTTP: made, listed, revoked."""

import uuid

import pytest

from .api import Api

pytestmark = pytest.mark.xdist_group("http-keys")


def test_a_new_key_is_shown_once_and_opens_the_project(own: Api) -> None:
    session_id = own.start().id
    made = own.post("/v2/keys", {"label": "  canary "})
    assert made["key"]["label"] == "canary"
    assert made["api_key"].endswith(made["key"]["hint"])
    assert Api(own.url, made["api_key"]).get(f"/v2/sessions/{session_id}")["session_id"] == session_id
    assert made["api_key"] not in own.ask("GET", "/v2/keys").body.decode()


def test_the_list_says_which_key_is_ours_and_when_each_was_used(own: Api) -> None:
    made = own.post("/v2/keys", {"label": "second"})
    first, second = own.get("/v2/keys")["keys"]
    assert (first["is_own"], second["is_own"]) == (True, False)
    assert first["last_used_at"] is not None
    assert (second["id"], second["last_used_at"], second["revoked_at"]) == (made["key"]["id"], None, None)


def test_a_revoked_key_opens_nothing(own: Api) -> None:
    made = own.post("/v2/keys", {})
    other = Api(own.url, made["api_key"])
    assert other.ask("GET", "/v2/sessions").status == 200
    revoked = own.ask("DELETE", f"/v2/keys/{made['key']['id']}")
    assert revoked.status == 200
    assert revoked.json()["revoked_at"] is not None
    assert other.ask("GET", "/v2/sessions").status == 401


def test_another_projects_key_cannot_be_revoked(own: Api, api: Api) -> None:
    key_id = own.post("/v2/keys", {})["key"]["id"]
    assert api.ask("DELETE", f"/v2/keys/{key_id}").status == 404
    assert api.ask("DELETE", f"/v2/keys/{uuid.uuid4()}").status == 404
    assert api.ask("DELETE", "/v2/keys/x").status == 422


def test_a_label_that_is_too_long_is_refused(own: Api) -> None:
    answer = own.ask("POST", "/v2/keys", {"label": "x" * 201})
    assert answer.status == 422
    assert "label" in answer.json()["message"]
