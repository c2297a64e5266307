"""Every route, walked with every credential that another project could have: nothing is shown, nothing is changed.

A new route fails `test_every_route_is_walked` until ROUTES says what strangers get from it.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import pytest
from starlette.routing import BaseRoute, Mount

from agentops_server.app import build_app
from tests.serving import Server

from .api import Api, Run, bearer, call, event, make_key

pytestmark = pytest.mark.xdist_group("http-tenants")

SECRET = "the-password-is-swordfish"
MEDIA_NAME = "0" * 64 + ".webm"

# What a stranger gets: with nothing, with another project's API key, with its cookie, with a token of its own session.
Statuses = tuple[int, int, int, int]
READING: Statuses = (401, 404, 404, 401)
BY_KEY: Statuses = (401, 200, 401, 401)
BY_TOKEN: Statuses = (401, 401, 401, 200)
PUBLIC: Statuses = (200, 200, 200, 200)
BY_EXPORTER: Statuses = (401, 415, 401, 415)
NO_KEY: Statuses = (401, 401, 401, 401)
NOT_OPERATOR: Statuses = (401, 403, 403, 401)
UNKNOWN_PARAMETER: Statuses = (401, 422, 422, 401)
ROUTES: dict[tuple[str, str], Statuses] = {
    ("GET", "/v2/sessions"): UNKNOWN_PARAMETER,
    ("GET", "/v2/search"): (401, 200, 200, 401),
    ("GET", "/v2/overview"): UNKNOWN_PARAMETER,
    ("GET", "/v2/overview/series"): UNKNOWN_PARAMETER,
    ("GET", "/v2/sessions/{session_id}"): READING,
    ("GET", "/v2/sessions/{session_id}/stats"): READING,
    ("GET", "/v2/sessions/{session_id}/events"): READING,
    ("GET", "/v2/sessions/{session_id}/events/{event_id}"): READING,
    ("GET", "/v2/sessions/{session_id}/savings"): READING,
    ("GET", "/v2/sessions/{session_id}/search"): READING,
    ("GET", "/v2/sessions/{session_id}/export"): READING,
    ("GET", "/v2/sessions/{session_id}/objects/{name}"): READING,
    ("GET", "/v2/objects/{name}"): READING,
    ("GET", "/v2/export"): (401, 200, 200, 401),
    ("POST", "/v2/import"): (401, 200, 200, 401),
    ("DELETE", "/v2/sessions/{session_id}"): READING,
    ("POST", "/v2/sessions/delete"): (401, 200, 200, 401),
    ("DELETE", "/v2/project"): (401, 422, 422, 401),
    ("GET", "/v2/retention"): (401, 200, 200, 401),
    ("PUT", "/v2/retention"): (401, 200, 200, 401),
    ("GET", "/v2/uploads/{name}"): BY_TOKEN,
    ("PUT", "/v2/uploads/{name}"): BY_TOKEN,
    ("POST", "/v2/reauthorize_jwt"): (401, 400, 401, 401),
    ("POST", "/v2/update_session"): (401, 401, 401, 400),
    ("POST", "/v2/create_events"): BY_TOKEN,
    ("POST", "/v2/update_events"): BY_TOKEN,
    ("POST", "/v2/create_agent"): BY_TOKEN,
    ("POST", "/v2/developer_errors"): (401, 204, 401, 401),
    ("GET", "/v2/ttd/{ttd_id}"): PUBLIC,
    **{("POST", f"/v1/{signal}"): BY_EXPORTER for signal in ("traces", "logs", "metrics")},
    ("POST", "/api/public/otel/v1/traces"): BY_EXPORTER,
    ("POST", "/v3/auth/token"): NO_KEY,
    ("GET", "/v3/auth/token"): NO_KEY,
    ("POST", "/v4/logs/upload/"): (401, 400, 401, 200),
    ("POST", "/public/v1/auth/access_token"): NO_KEY,
    ("GET", "/public/v1/project"): NO_KEY,
    ("GET", "/public/v1/traces/{trace_id}"): NO_KEY,
    ("GET", "/public/v1/traces/{trace_id}/metrics"): NO_KEY,
    ("GET", "/public/v1/spans/{span_id}"): NO_KEY,
    ("GET", "/public/v1/spans/{span_id}/metrics"): NO_KEY,
    ("GET", "/v2/prices"): (401, 200, 200, 401),
    ("PUT", "/v2/prices"): (401, 400, 400, 401),
    ("DELETE", "/v2/prices/{price_id}"): READING,
    ("POST", "/v2/sessions/tag"): (401, 400, 400, 401),
    ("GET", "/v2/keys"): (401, 200, 200, 401),
    ("POST", "/v2/keys"): (401, 200, 200, 401),
    ("DELETE", "/v2/keys/{key_id}"): READING,
    ("GET", "/v2/projects"): (401, 200, 200, 401),
    ("POST", "/v2/projects"): NOT_OPERATOR,
    ("PUT", "/v2/projects/{project_id}"): NOT_OPERATOR,
    ("POST", "/auth/project"): NOT_OPERATOR,
    ("GET", "/auth/me"): (401, 200, 200, 401),
    ("POST", "/auth/sign_in"): (401, 401, 401, 401),
    ("POST", "/auth/sign_out"): PUBLIC,
    ("GET", "/auth/link/{code}"): (303, 303, 303, 303),
    ("GET", "/healthz"): PUBLIC,
    ("GET", "/metrics"): PUBLIC,
    ("GET", "/openapi.json"): PUBLIC,
    ("GET", "/docs"): PUBLIC,
    ("GET", "/docs/start.js"): PUBLIC,
    ("GET", "/"): PUBLIC,
    **{("GET", path): PUBLIC for path in ("/sessions", "/overview", "/compare", "/settings", "/start")},
    ("GET", "/sessions/{rest:path}"): PUBLIC,
    ("GET", "/drilldown"): (307, 307, 307, 307),
    # The last one: from here on the other project has a session with the same id, of its own.
    ("POST", "/v2/create_session"): BY_KEY,
}
MOUNTS = {"/static", "/assets"}
# Answers that have no end: tests/server/http/test_live.py walks them.
STREAMS = {("GET", "/v2/live")}


@dataclass(frozen=True)
class Stranger:
    """Another project, and the session of ours that it is after."""

    api: Api
    run: Run
    victim: Run
    event_id: str
    cookie: str
    project_id: str
    """Of the victim."""

    def credentials(self) -> list[dict[str, str]]:
        key = {"X-Agentops-Api-Key": self.api.api_key}
        return [{}, key, {"Cookie": self.cookie}, bearer(self.run.token)]

    def fill(self, path: str) -> str:
        """The address with the victim's ids in every place and in the query."""
        ids = {"session_id": self.victim.id, "event_id": self.event_id, "name": MEDIA_NAME, "rest:path": self.victim.id}
        for name in ("ttd_id", "trace_id", "span_id", "code", "price_id", "key_id"):
            ids[name] = self.victim.id
        ids["project_id"] = self.project_id
        for name, value in ids.items():
            path = path.replace(f"{{{name}}}", value)
        assert "{" not in path, path
        return f"{path}?session_id={self.victim.id}&project_id={self.project_id}&size=1000000&offset=0&q=swordfish"

    def body(self) -> dict[str, Any]:
        """One body for every route: what it asks for of the victim's session."""
        session = {"session_id": self.victim.id, "tags": ["stolen"], "end_state": "Fail", "name": "stolen"}
        changed = event(id=self.event_id, name="stolen", session_id=self.victim.id)
        agent = {"id": self.event_id, "name": "stolen", "session_id": self.victim.id, "api_key": str(uuid.uuid4())}
        listed = {"session_ids": [self.victim.id], "project_id": self.project_id}
        return {"session": session, "events": [changed], **listed, **agent}


@pytest.fixture
def stranger(server: Server, api: Api) -> Stranger:
    victim, sent = api.start(tags=[SECRET], host_env={"OS": SECRET}), call(prompt=SECRET, params={"a": SECRET})
    victim.record(sent, event("errors", details=SECRET), event("tools", name=SECRET, logs=SECRET))
    api.post("/v2/create_agent", {"id": sent["id"], "name": SECRET}, victim.token)
    other = Api(api.url, make_key(server, f"stranger {uuid.uuid4()}"))
    signed_in = other.ask("POST", "/auth/sign_in", {"api_key": other.api_key}, {})
    cookie = signed_in.headers["Set-Cookie"].partition(";")[0]
    return Stranger(other, other.start(), victim, sent["id"], cookie, api.get(victim.path)["project_id"])


def walk(routes: Iterable[BaseRoute]) -> Iterator[tuple[str, str]]:
    for route in routes:
        if inner := getattr(route, "original_router", None):
            yield from walk(inner.routes)
        elif isinstance(route, Mount):
            yield "MOUNT", route.path
        else:
            for method in cast("set[str]", getattr(route, "methods", None) or {"?"}) - {"HEAD"}:
                yield method, cast("Any", route).path


def test_every_route_is_walked() -> None:
    known = set(ROUTES) | STREAMS | {("MOUNT", path) for path in MOUNTS}
    assert set(walk(build_app(cast("Any", None)).routes)) == known


def test_the_description_has_no_route_that_is_not_walked(api: Api) -> None:
    described = api.get("/openapi.json")["paths"]
    assert {(method.upper(), path) for path, methods in described.items() for method in methods} <= set(
        ROUTES
    ) | STREAMS


def test_no_route_shows_or_changes_another_projects_session(stranger: Stranger) -> None:
    before = stranger.victim.api.ask("GET", f"{stranger.victim.path}/export").body
    assert before.count(SECRET.encode()) >= 6
    for (method, path), expected in ROUTES.items():
        statuses = []
        for headers in stranger.credentials():
            body = None if method == "GET" else stranger.body()
            answer = stranger.api.ask(method, stranger.fill(path), body, headers)
            assert SECRET.encode() not in answer.body, (method, path)
            statuses.append(answer.status)
        assert tuple(statuses) == expected, (method, path)

    assert stranger.victim.api.ask("GET", f"{stranger.victim.path}/export").body == before
    assert stranger.victim.api.get("/auth/me")["project"]["name"] == "default"
    theirs = stranger.api.get(stranger.victim.path)
    assert (theirs["name"], theirs["stats"]["events"], theirs["agents"]) == ("stolen", 0, [])


def test_a_list_has_the_sessions_of_its_own_project_only(stranger: Stranger) -> None:
    listed = stranger.api.get("/v2/sessions?limit=200")["sessions"]
    assert [session["session_id"] for session in listed] == [stranger.run.id]


def test_a_cursor_of_another_project_shows_nothing_of_it(stranger: Stranger) -> None:
    stranger.victim.api.start()
    cursor = stranger.victim.api.get("/v2/sessions?limit=1")["next_cursor"]
    page = stranger.api.get(f"/v2/sessions?cursor={cursor}")
    assert {session["session_id"] for session in page["sessions"]} <= {stranger.run.id}
