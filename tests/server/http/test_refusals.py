"""Every error is JSON with a message, and the same one whatever it could give away."""

import gzip
import http.client
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import Server

from .api import Answer, Api, bearer, event, make_key

pytestmark = pytest.mark.xdist_group("http-refusals")

LIMIT_BYTES = 100_000
SOME_EVENT = "0f6f3c52-94c0-4d2b-a5d1-7b3f0a1c2d3e"
SOMETHING = "8e0c7d8e-6d5c-4c06-9b0e-3c0a4a3d5b11"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One with a low limit on bodies."""
    server = Server(Path(tmp_path_factory.mktemp("server")), env={"AGENTOPS_MAX_BODY_BYTES": str(LIMIT_BYTES)})
    server.start()
    yield server
    server.stop()


def check_error(answer: Answer, status: int, code: str, path: str) -> str:
    """The message of an answer that has all that an error has."""
    body = answer.json()
    assert (answer.status, body["code"], body["path"]) == (status, code, path), body
    assert body.keys() == {"message", "code", "path", "request_id"}
    assert body["request_id"] == answer.headers["X-Request-Id"]
    message: str = body["message"]
    assert len(message) > 10
    return message


READS = ["", f"/{SOMETHING}", f"/{SOMETHING}/stats", f"/{SOMETHING}/events", f"/{SOMETHING}/export"]


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Agentops-Api-Key": ""}, {"X-Agentops-Api-Key": SOMETHING}, {"X-Agentops-Api-Key": "' OR 1=1"}]
    + [{"Cookie": "agentops_page=garbage"}, {"Cookie": "agentops_page=a.b.c"}, bearer(SOMETHING)],
)
@pytest.mark.parametrize("path", READS)
def test_reading_without_a_valid_credential_is_401(api: Api, path: str, headers: dict[str, str]) -> None:
    check_error(api.ask("GET", f"/v2/sessions{path}", None, headers), 401, "unauthorized", f"/v2/sessions{path}")


@pytest.mark.parametrize("route", ["create_session", "reauthorize_jwt", "developer_errors"])
@pytest.mark.parametrize("headers", [{}, {"X-Agentops-Api-Key": SOMETHING}, bearer(SOMETHING)])
def test_ingest_without_a_valid_key_is_401(api: Api, route: str, headers: dict[str, str]) -> None:
    check_error(api.ask("POST", f"/v2/{route}", {}, headers), 401, "unauthorized", f"/v2/{route}")


@pytest.mark.parametrize("route", ["update_session", "create_events", "update_events", "create_agent"])
@pytest.mark.parametrize(
    "headers", [{}, bearer(""), bearer("a.b.c"), {"Authorization": "Basic eDp5"}, {"X-Agentops-Api-Key": SOMETHING}]
)
def test_ingest_without_a_valid_token_is_401(api: Api, route: str, headers: dict[str, str]) -> None:
    check_error(api.ask("POST", f"/v2/{route}", {"events": []}, headers), 401, "unauthorized", f"/v2/{route}")


def test_an_api_key_is_no_token(api: Api) -> None:
    assert api.ask("POST", "/v2/create_events", {"events": []}).status == 401
    assert api.ask("POST", "/v2/create_events", {"events": []}, bearer(api.api_key)).status == 401


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"session": 7}', b'{"events": 7}', b"\xff", b"x" * 1000])
@pytest.mark.parametrize("route", ["create_session", "reauthorize_jwt"])
def test_a_malformed_body_with_a_key_is_400(api: Api, route: str, body: bytes) -> None:
    check_error(api.ask("POST", f"/v2/{route}", body), 400, "bad_request", f"/v2/{route}")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"events": [{]}', b'{"session": 7, "events": 7}', b"\xff"])
@pytest.mark.parametrize("route", ["update_session", "create_events", "update_events", "create_agent"])
def test_a_malformed_body_with_a_token_is_400(api: Api, route: str, body: bytes) -> None:
    answer = api.ask("POST", f"/v2/{route}", body, bearer(api.start().token))
    check_error(answer, 400, "bad_request", f"/v2/{route}")


def test_an_update_of_another_session_than_the_tokens_is_400(api: Api) -> None:
    run, other = api.start(), api.start(tags=["mine"])
    body = {"session": {"session_id": other.id, "tags": ["theirs"]}}
    check_error(
        api.ask("POST", "/v2/update_session", body, bearer(run.token)), 400, "bad_request", "/v2/update_session"
    )
    assert api.get(other.path)["tags"] == ["mine"]


def test_a_body_in_another_encoding_than_it_says_is_400(api: Api) -> None:
    headers = {**bearer(api.start().token), "Content-Encoding": "gzip"}
    for body in (b'{"events": []}', gzip.compress(b'{"events": []}')[:-3]):
        check_error(api.ask("POST", "/v2/create_events", body, headers), 400, "bad_request", "/v2/create_events")


def test_a_body_over_the_limit_is_413(api: Api) -> None:
    run = api.start()
    body = {"events": [event(params="x" * LIMIT_BYTES)]}
    message = check_error(
        api.ask("POST", "/v2/create_events", body, bearer(run.token)), 413, "too_large", "/v2/create_events"
    )
    assert str(LIMIT_BYTES) in message
    assert run.stats()["events"] == 0


def test_a_compressed_body_over_the_limit_is_413(api: Api) -> None:
    headers = {**bearer(api.start().token), "Content-Encoding": "gzip"}
    bomb = gzip.compress(bytes(50 << 20))
    assert len(bomb) < LIMIT_BYTES
    check_error(api.ask("POST", "/v2/create_events", bomb, headers), 413, "too_large", "/v2/create_events")


def test_a_body_over_the_limit_is_not_read_to_its_end(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.putrequest("POST", "/v2/create_session")
    connection.putheader("Content-Length", str(1 << 40))
    connection.endheaders()
    connection.send(b"x" * (2 * LIMIT_BYTES))
    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.parametrize("rest", ["", "/stats", "/events", "/export", f"/events/{SOME_EVENT}"])
def test_an_unknown_session_and_another_projects_are_the_same_404(server: Server, api: Api, rest: str) -> None:
    run = api.start()
    other = Api(api.url, make_key(server, "other"))
    answers = {}
    for session_id in (run.id, SOMETHING):
        path = f"/v2/sessions/{session_id}{rest}"
        message = check_error(other.ask("GET", path), 404, "not_found", path)
        answers[session_id] = message.replace(session_id, "<id>")
    assert answers[run.id] == answers[SOMETHING]


@pytest.mark.parametrize("session_id", ["x", "123", f"{{{SOMETHING}}}", "%00", "%F0%9F%98%80", SOMETHING + "0", "a'b"])
@pytest.mark.parametrize("rest", ["", "/stats", "/events", "/export"])
def test_an_id_that_is_none_is_422(api: Api, session_id: str, rest: str) -> None:
    answer = api.ask("GET", f"/v2/sessions/{session_id}{rest}")
    assert (answer.status, answer.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=1001",
        "limit=x",
        "end_state=Done",
        "since=yesterday",
        "until=never",
        "cursor=garbage",
        "cursor=e30",
    ],
)
def test_a_query_of_sessions_that_cannot_be_meant_is_422(api: Api, query: str) -> None:
    message = check_error(api.ask("GET", f"/v2/sessions?{query}"), 422, "invalid", "/v2/sessions")
    assert query.partition("=")[0] in message


@pytest.mark.parametrize("status_of", [("PUT", "/v2/create_events", 405), ("GET", "/v2/create_session", 405)])
def test_a_method_that_a_route_has_not_is_405(api: Api, status_of: tuple[str, str, int]) -> None:
    method, path, status = status_of
    check_error(api.ask(method, path), status, "bad_request", path)


@pytest.mark.parametrize("path", ["/v2", "/v2/nothing", "/v9/nothing", "/nothing", "/static/nothing.js"])
def test_an_unknown_route_is_404_with_a_message(api: Api, path: str) -> None:
    check_error(api.ask("GET", path), 404, "not_found", path)


def test_a_request_keeps_the_id_that_it_came_with(api: Api) -> None:
    assert api.ask("GET", "/nothing", None, {"X-Request-Id": "mine-7"}).json()["request_id"] == "mine-7"
    answer = api.ask("GET", "/nothing", None, {"X-Request-Id": "x" * 101})
    assert uuid.UUID(answer.json()["request_id"]).version == 7
