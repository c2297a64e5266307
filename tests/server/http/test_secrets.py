"""No secret reaches a log: every route is asked with secrets in every place that a request has."""

import re
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from agentops_server.app import build_app
from tests.serving import Server

from .api import Api, bearer, call, event
from .test_tenants import walk

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzZWNyZXQiOiJ0b2tlbiJ9.c3dvcmRmaXNo"
SECRETS = {
    "key": str(uuid.uuid4()),
    "token": TOKEN,
    "cookie": "cookie-swordfish-8c1f",
    "payload": "payload-swordfish-5a2e",
}
CREDENTIALS: tuple[dict[str, str], ...] = (
    {},
    {"X-Agentops-Api-Key": SECRETS["key"]},
    bearer(TOKEN),
    {"Authorization": f"Bearer {SECRETS['key']}"},
    {"Cookie": f"agentops_page={SECRETS['cookie']}"},
)
BODIES = (
    b'{"api_key": "%s", "session": {"session_id": "%s"}}' % (SECRETS["key"].encode(), SECRETS["payload"].encode()),
    b'{"events": [{"id": "%s"}, NaN' % SECRETS["payload"].encode(),
    SECRETS["payload"].encode(),
)


@pytest.fixture(scope="module")
def wordy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that logs all it can."""
    program = [sys.executable, str(Path(__file__).with_name("wordy_server.py"))]
    server = Server(Path(tmp_path_factory.mktemp("wordy")), program)
    server.start()
    yield server
    server.stop()


def routes() -> list[tuple[str, str]]:
    """Every method and path; parameters of paths are ids that nothing has."""
    paths = walk(build_app(cast("Any", None)).routes)
    return sorted(
        (method, re.sub(r"\{[^}]*\}", str(uuid.uuid4()), path)) for method, path in paths if method != "MOUNT"
    )


def test_every_route_can_fail_without_a_word_of_what_it_was_given(wordy: Server) -> None:
    api = Api(wordy.url, wordy.api_key)
    asked = 0
    for method, path in routes():
        for headers in CREDENTIALS:
            for body in BODIES if method != "GET" else (None,):
                status = api.ask(method, path, body, headers).status
                assert status < 500, (method, path, headers)
                asked += 1
    assert asked > 100
    assert_logged_nothing_of(wordy, list(SECRETS.values()))


def test_what_succeeds_is_not_logged_either(wordy: Server) -> None:
    api = Api(wordy.url, wordy.api_key)
    run = api.start(tags=[SECRETS["payload"]], host_env={"secret": SECRETS["payload"]})
    run.record(call(prompt=SECRETS["payload"]), event(params=SECRETS["payload"], cost=SECRETS["payload"]))
    run.update(end_state_reason=SECRETS["payload"])
    api.ask("POST", "/auth/sign_in", {"api_key": wordy.api_key})
    link = wordy.login_link
    answer = api.ask("GET", link.removeprefix(wordy.url), None, {})
    cookie = answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
    run.export()
    assert_logged_nothing_of(wordy, [SECRETS["payload"], wordy.api_key, run.token, cookie, link.rpartition("/")[2]])


def test_nor_is_what_fails_inside(wordy: Server) -> None:
    api = Api(wordy.url, wordy.api_key)
    run = api.start()
    (wordy.log_file.parent / "broken").touch()
    answer = api.ask("POST", "/v2/create_events", {"events": [event(params=SECRETS["payload"])]}, bearer(run.token))
    assert answer.status == 500
    assert Api(wordy.url, wordy.api_key).ask("GET", f"{run.path}/stats").status == 500
    (wordy.log_file.parent / "broken").unlink()
    text = assert_logged_nothing_of(wordy, [SECRETS["payload"], wordy.api_key, run.token])
    assert "broken as asked" in text


def assert_logged_nothing_of(server: Server, secrets: list[str]) -> str:
    text = server.log_file.read_text()
    assert len(text) > 1000
    for secret in secrets:
        assert secret not in text, f"{secret[:12]}… is in the log"
    return text
