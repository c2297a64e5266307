"""What outlives a request, a key or the whole process."""

import subprocess

import pytest

from tests.serving import PROGRAM, Server

from .api import Api, bearer, call, event, make_key

pytestmark = pytest.mark.xdist_group("http-lifetime")


def keys(server: Server, *arguments: str) -> str:
    """What the command prints beside the running server."""
    command = [str(PROGRAM), "keys", *arguments, "--data-dir", str(server.data_dir)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def test_everything_acknowledged_is_there_after_a_kill_and_the_token_still_works(mortal_server: Server) -> None:
    api = Api(mortal_server.url, mortal_server.api_key)
    run = api.start(tags=["a"], host_env={"OS": {"OS": "Linux"}})
    sent = [call() for _ in range(20)]
    run.record(*sent)
    run.update(tags=["b"])
    mortal_server.kill9()
    mortal_server.start()

    assert run.record(*sent, event())["accepted"] == 21
    run.update(end_timestamp="2026-11-20T12:00:00Z", end_state="Success")
    session = api.get(run.path)
    assert (session["tags"], session["host_env"], session["end_state"]) == (["b"], {"OS": {"OS": "Linux"}}, "Success")
    assert (session["stats"]["events"], session["stats"]["cost"]) == (21, "0.15")


def test_the_cookie_still_works_after_a_restart_and_a_new_link_is_printed(mortal_server: Server) -> None:
    api = Api(mortal_server.url, mortal_server.api_key)
    first_link = mortal_server.login_link
    cookie = api.ask("POST", "/auth/sign_in", {"api_key": api.api_key}, {}).headers["Set-Cookie"].partition(";")[0]
    mortal_server.restart()
    assert api.ask("GET", "/auth/me", None, {"Cookie": cookie}).status == 200
    assert mortal_server.login_link != first_link


def test_a_key_made_beside_the_running_server_is_valid_at_once(server: Server) -> None:
    api = Api(server.url, keys(server, "create", "--project", "beside"))
    run = api.start()
    run.record(event())
    assert run.stats()["events"] == 1
    assert api.get("/auth/me")["project"]["name"] == "beside"


def test_a_revoked_key_opens_nothing_nor_does_what_was_issued_for_it(server: Server) -> None:
    api = Api(server.url, make_key(server, "doomed"))
    run = api.start()
    cookie = api.ask("POST", "/auth/sign_in", {"api_key": api.api_key}, {}).headers["Set-Cookie"].partition(";")[0]
    assert api.ask("GET", run.path, None, {"Cookie": cookie}).status == 200

    keys(server, "revoke", api.api_key)

    assert api.ask("GET", run.path).status == 401
    assert api.ask("GET", run.path, None, {"Cookie": cookie}).status == 401
    assert api.ask("POST", "/v2/create_session", {"session": {"session_id": run.id}}).status == 401
    assert api.ask("POST", "/v2/create_events", {"events": [event()]}, bearer(run.token)).status == 401
