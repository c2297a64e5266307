"""Projects: an operator, who came by a link of the server, has all of them; an API key opens its own and no other."""

import uuid
from typing import Any

import pytest

from agentops_server.auth.cookies import NAME, SECRET_NAME, PageCookies
from agentops_server.auth.keys import Keys
from agentops_server.domain.ids import KeyId, ProjectId
from agentops_server.domain.project import Principal
from agentops_server.storage.control.location import control_url
from agentops_server.storage.control.store import ControlStore
from tests.serving import Server

from .api import Api, call, make_key, sign_in_as_operator

pytestmark = pytest.mark.xdist_group("http-page")


@pytest.fixture
def operator(server: Server) -> dict[str, str]:
    return sign_in_as_operator(server)


def fresh_name() -> str:
    return f"project {uuid.uuid4()}"


def create(api: Api, operator: dict[str, str], name: str) -> Any:
    answer = api.ask("POST", "/v2/projects", {"name": name}, operator)
    assert answer.status == 200, answer.body
    return answer.json()


def listed(api: Api, headers: dict[str, str] | None) -> list[dict[str, Any]]:
    projects: list[dict[str, Any]] = api.ask("GET", "/v2/projects", None, headers).json()["projects"]
    return projects


def switch(api: Api, operator: dict[str, str], project_id: str) -> dict[str, str]:
    answer = api.ask("POST", "/auth/project", {"project_id": project_id}, operator)
    assert answer.status == 200, answer.body
    return {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}


def test_an_operator_makes_a_project_whose_first_key_is_shown_once(api: Api, operator: dict[str, str]) -> None:
    name = fresh_name()
    made = create(api, operator, f"  {name} ")
    assert (made["project"]["name"], made["project"]["is_own"], made["project"]["is_fixed"]) == (name, False, False)
    theirs = Api(api.url, made["api_key"])
    assert theirs.get("/auth/me") == {"project": {"id": made["project"]["id"], "name": name}, "is_operator": False}
    run = theirs.start()
    run.record(call())
    assert [row["session_id"] for row in theirs.get("/v2/sessions")["sessions"]] == [run.id]
    assert made["api_key"] not in api.ask("GET", "/v2/projects", None, operator).body.decode()
    (key,) = theirs.get("/v2/keys")["keys"]
    assert (key["label"], key["hint"]) == ("first key", made["api_key"][-4:])


def test_an_operator_sees_all_projects_and_an_api_key_its_own(
    server: Server, api: Api, operator: dict[str, str]
) -> None:
    name = fresh_name()
    theirs = Api(api.url, make_key(server, name))
    assert {"default", name} <= {each["name"] for each in listed(api, operator)}
    assert [each["name"] for each in listed(api, operator) if each["is_own"]] == ["default"]
    (own,) = listed(theirs, None)
    assert (own["name"], own["is_own"]) == (name, True)
    assert theirs.get("/v2/projects")["is_operator"] is False


@pytest.mark.parametrize(
    ("name", "problem"),
    [("", "empty"), ("  ", "empty"), ("x" * 101, "100"), ("a\nb", "control"), ("default", "already")],
)
def test_a_name_that_is_none_or_taken_is_422(api: Api, operator: dict[str, str], name: str, problem: str) -> None:
    project = create(api, operator, fresh_name())["project"]
    for method, path in (("POST", "/v2/projects"), ("PUT", f"/v2/projects/{project['id']}")):
        answer = api.ask(method, path, {"name": name}, operator)
        assert (answer.status, answer.json()["code"]) == (422, "invalid")
        assert problem in answer.json()["message"]
    assert project["name"] in {each["name"] for each in listed(api, operator)}


def test_a_renamed_project_keeps_its_keys_and_sessions(api: Api, operator: dict[str, str]) -> None:
    made, name = create(api, operator, fresh_name()), fresh_name()
    theirs = Api(api.url, made["api_key"])
    run = theirs.start()
    answer = api.ask("PUT", f"/v2/projects/{made['project']['id']}", {"name": name}, operator)
    assert (answer.status, answer.json()["name"]) == (200, name)
    assert theirs.get("/auth/me")["project"]["name"] == name
    assert theirs.get(run.path)["session_id"] == run.id


def test_the_project_that_a_setting_names_keeps_its_name(api: Api, operator: dict[str, str]) -> None:
    (fixed,) = [each for each in listed(api, operator) if each["is_fixed"]]
    assert fixed["name"] == "default"
    answer = api.ask("PUT", f"/v2/projects/{fixed['id']}", {"name": fresh_name()}, operator)
    assert answer.status == 422
    assert "AGENTOPS_INIT_PROJECT" in answer.json()["message"]


def test_an_operator_switches_to_a_project_and_sees_nothing_of_another(api: Api, operator: dict[str, str]) -> None:
    made = create(api, operator, fresh_name())
    ours, theirs = api.start(), Api(api.url, made["api_key"]).start()
    there = switch(api, operator, made["project"]["id"])
    assert api.ask("GET", "/auth/me", None, there).json()["project"]["name"] == made["project"]["name"]
    assert api.ask("GET", theirs.path, None, there).status == 200
    assert api.ask("GET", ours.path, None, there).status == 404
    assert [row["session_id"] for row in api.ask("GET", "/v2/sessions", None, there).json()["sessions"]] == [theirs.id]
    back = switch(api, there, next(each["id"] for each in listed(api, there) if each["name"] == "default"))
    assert (api.ask("GET", theirs.path, None, back).status, api.ask("GET", ours.path, None, back).status) == (404, 200)


@pytest.mark.parametrize("project_id", [str(uuid.UUID(int=7)), "x", ""])
def test_a_project_that_is_not_there_is_404(api: Api, operator: dict[str, str], project_id: str) -> None:
    assert api.ask("POST", "/auth/project", {"project_id": project_id}, operator).status == 404
    assert api.ask("PUT", f"/v2/projects/{project_id or 'x'}", {"name": "new"}, operator).status == 404


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"name": 7}'])
def test_a_body_without_a_name_is_400(api: Api, operator: dict[str, str], body: bytes) -> None:
    assert api.ask("POST", "/v2/projects", body, operator).status == 400


def test_an_api_key_makes_renames_and_chooses_no_project(server: Server, api: Api, operator: dict[str, str]) -> None:
    theirs = Api(api.url, make_key(server, fresh_name()))
    (own,) = listed(theirs, None)
    cookie = theirs.ask("POST", "/auth/sign_in", {"api_key": theirs.api_key}, {}).headers["Set-Cookie"]
    before = listed(api, operator)
    for headers in (None, {"Cookie": cookie.partition(";")[0]}, {**operator, "X-Agentops-Api-Key": theirs.api_key}):
        for method, path, body in (
            ("POST", "/v2/projects", {"name": fresh_name()}),
            ("PUT", f"/v2/projects/{own['id']}", {"name": fresh_name()}),
            ("POST", "/auth/project", {"project_id": before[0]["id"]}),
        ):
            answer = theirs.ask(method, path, body, headers)
            assert (answer.status, answer.json()["code"]) == (403, "forbidden")
            assert "agentops-server serve" in answer.json()["message"]
            assert "Set-Cookie" not in answer.headers
    assert listed(api, operator) == before


def test_no_key_and_no_cookie_of_before_makes_an_operator(server: Server, api: Api) -> None:
    own = ProjectId(uuid.UUID(api.get("/auth/me")["project"]["id"]))
    (first, *_) = api.get("/v2/keys")["keys"]
    control = ControlStore.open(control_url(server.data_dir))
    try:
        signed = PageCookies(control.secret(SECRET_NAME), Keys(control))
        by_key = signed.issue(Principal(own, KeyId(uuid.UUID(first["id"])), is_operator=True))
        of_before = signed.issue(Principal(own, None))
    finally:
        control.close()
    for value in (by_key, of_before):
        answer = api.ask("GET", "/v2/projects", None, {"Cookie": f"{NAME}={value}"})
        assert (answer.status, answer.json()["is_operator"]) == (200, False)


def test_an_operator_whose_project_was_deleted_chooses_another(api: Api, operator: dict[str, str]) -> None:
    made = create(api, operator, fresh_name())
    there = switch(api, operator, made["project"]["id"])
    gone = api.ask("DELETE", f"/v2/project?confirm={made['project']['name'].replace(' ', '+')}", None, there)
    assert gone.status == 200
    assert api.ask("GET", "/auth/me", None, there).status == 401
    assert made["project"]["id"] not in {each["id"] for each in listed(api, there)}
    back = switch(api, there, next(each["id"] for each in listed(api, there) if each["name"] == "default"))
    assert api.ask("GET", "/auth/me", None, back).json()["project"]["name"] == "default"


def test_the_operators_cookie_does_not_open_ingest(api: Api, operator: dict[str, str]) -> None:
    assert api.ask("POST", "/v2/create_session", {"session": {"session_id": str(uuid.uuid4())}}, operator).status == 401


def test_another_page_makes_no_project(api: Api, operator: dict[str, str]) -> None:
    answer = api.ask("POST", "/v2/projects", {"name": fresh_name()}, {**operator, "Sec-Fetch-Site": "same-site"})
    assert (answer.status, answer.json()["code"]) == (403, "forbidden")
