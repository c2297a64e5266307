"""The page, its files and the API's own page: served by the same process, asking nobody else for anything."""

import http.client
import re
import uuid
from typing import Any

import pytest

from agentops_server import __version__
from tests.serving import Server

from .api import Api

pytestmark = pytest.mark.xdist_group("http-page")

LOADED = re.compile(r"""(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]+)""")
READING = [
    "/v2/sessions",
    "/v2/sessions/{session_id}",
    "/v2/sessions/{session_id}/stats",
    "/v2/sessions/{session_id}/events",
    "/v2/sessions/{session_id}/events/{event_id}",
    "/v2/sessions/{session_id}/export",
    "/auth/me",
]


@pytest.mark.parametrize("path", ["/", "/sessions", f"/sessions/{uuid.UUID(int=7)}", "/sessions/a/b/c"])
def test_every_address_of_the_page_is_the_page(api: Api, path: str) -> None:
    answer = api.ask("GET", path, None, {})
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.body == api.ask("GET", "/", None, {}).body


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_what_a_page_loads_is_there_and_from_here(api: Api, path: str) -> None:
    loaded = LOADED.findall(api.ask("GET", path, None, {}).body.decode())
    assert len(loaded) >= 2
    for address in loaded:
        assert address.startswith("/"), address
        assert not address.startswith("//"), address
        assert api.ask("GET", address, None, {}).status == 200, address


def test_its_files_are_compressed_for_whoever_takes_that(api: Api) -> None:
    plain = api.ask("GET", "/assets/app.js", None, {})
    zipped = api.ask("GET", "/assets/app.js", None, {"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.body == plain.body, "once it is unpacked"
    assert "Content-Encoding" not in plain.headers


def test_the_drilldown_of_old_sdks_leads_to_the_session(api: Api) -> None:
    session_id = str(uuid.uuid4())
    answer = api.ask("GET", f"/drilldown?session_id={session_id}", None, {})
    assert (answer.status, answer.headers["Location"]) == (307, f"/sessions/{session_id}")


@pytest.mark.parametrize("query", ["", "?session_id=", "?session_id=//evil.example", "?session_id=%0d%0aX:1"])
def test_a_drilldown_to_nowhere_leads_to_the_page(api: Api, query: str) -> None:
    answer = api.ask("GET", f"/drilldown{query}", None, {})
    assert (answer.status, answer.headers["Location"]) == (307, "/")


@pytest.mark.parametrize("path", ["/", "/v2/sessions", "/docs", "/healthz", "/nothing", "/openapi.json"])
def test_every_answer_keeps_the_page_to_itself(api: Api, path: str) -> None:
    headers = api.ask("GET", path).headers
    policy = dict(rule.strip().partition(" ")[::2] for rule in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy.get("script-src", "'self'") == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Agentops-Version"] == __version__


def test_answers_of_the_api_are_kept_by_no_cache(api: Api) -> None:
    assert api.ask("GET", "/v2/sessions").headers["Cache-Control"] == "no-store"


def test_healthz_is_open_to_everyone(api: Api) -> None:
    assert api.ask("GET", "/healthz", None, {}).json() == {"status": "ok", "version": __version__}


@pytest.mark.parametrize("root", ["static", "assets"])
@pytest.mark.parametrize("climb", ["../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..\\", "....//"])
def test_files_outside_of_the_bundle_are_not_served(server: Server, root: str, climb: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    for target in (climb * 12 + "etc/passwd", climb * 2 + "page.py", climb * 3 + "app.py"):
        connection.request("GET", f"/{root}/{target}")
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 404, (target, body[:100])
        assert b"root:" not in body
    connection.close()


def test_the_description_is_openapi_3_1(api: Api) -> None:
    described = api.get("/openapi.json")
    assert described["openapi"].startswith("3.1")
    assert described["info"] == {"title": "AgentOps", "version": __version__}


@pytest.mark.parametrize("path", READING)
def test_every_reading_route_describes_its_answer(api: Api, path: str) -> None:
    described = api.get("/openapi.json")
    schema = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    names = [each["$ref"].rpartition("/")[2] for each in schema.get("anyOf", [schema])]
    assert all(described["components"]["schemas"][name]["properties"] for name in names)


def test_every_reference_of_the_description_leads_somewhere(api: Api) -> None:
    described = api.get("/openapi.json")

    def references(value: Any) -> "list[str]":
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [found for inner in value.values() for found in references(inner)]
        return [found for inner in value for found in references(inner)] if isinstance(value, list) else []

    names = {reference.removeprefix("#/components/schemas/") for reference in references(described)}
    assert names <= described["components"]["schemas"].keys()


@pytest.mark.parametrize(
    ("path", "shape"),
    [("", "SessionView"), ("/stats", "StatsView"), ("/events", "EventsView"), ("/export", "ExportView")],
)
def test_an_answer_has_exactly_the_keys_that_are_described(api: Api, path: str, shape: str) -> None:
    described = api.get("/openapi.json")["components"]["schemas"][shape]["properties"]
    assert api.get(f"{api.start().path}{path}").keys() == described.keys()
