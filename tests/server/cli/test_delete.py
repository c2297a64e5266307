"""``agentops-server delete`` and ``retention``: beside a running server, and without one."""

import subprocess
import uuid
from pathlib import Path

import pytest

from tests.server.http.api import Api, event, make_key
from tests.serving import PROGRAM, Server

from .conftest import Command

pytestmark = pytest.mark.xdist_group("cli-delete")
TIMEOUT_S = 120


def test_sessions_are_deleted_through_the_running_server(command: Command, server: Server) -> None:
    name = f"project {uuid.uuid4()}"
    api = Api(server.url, make_key(server, name))
    first, second, third = (api.start() for _ in range(3))
    by_name = ["--project", name, "--data-dir", server.data_dir, "--url", server.url]
    outcome = command("delete", "--session", first.id, *by_name)
    assert (outcome.code, outcome.out) == (0, "Deleted 1 of 1 sessions.\n")
    outcome = command("delete", "--session", second.id, "--api-key", api.api_key, "--url", server.url)
    assert outcome.code == 0
    assert [each["session_id"] for each in api.get("/v2/sessions")["sessions"]] == [third.id]
    unknown = uuid.uuid4()
    outcome = command("delete", "--session", unknown, *by_name)
    assert outcome.code == 1
    assert str(unknown) in outcome.err


def test_a_project_is_deleted_only_when_that_is_meant(command: Command, server: Server) -> None:
    name = f"project {uuid.uuid4()}"
    api = Api(server.url, make_key(server, name))
    api.start()
    options = ["--project", name, "--data-dir", server.data_dir, "--url", server.url]
    assert command("delete", *options).code == 1
    assert len(api.get("/v2/sessions")["sessions"]) == 1
    assert command("delete", *options, "--yes").code == 0
    assert api.ask("GET", "/v2/sessions").status == 401
    assert command("delete").code == 1


def test_without_a_server_it_is_done_in_its_data_directory(mortal_server: Server) -> None:
    api = Api(mortal_server.url, mortal_server.api_key)
    gone, kept = api.start(), api.start()
    gone.record(event())
    mortal_server.stop()
    options = ["--project", "default", "--data-dir", str(mortal_server.data_dir), "--url", "http://127.0.0.1:9"]
    done = subprocess.run(
        [str(PROGRAM), "delete", "--session", gone.id, *options],
        capture_output=True, text=True, timeout=TIMEOUT_S, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "Deleted 1 of 1 sessions.\n"), done.stderr
    mortal_server.start()
    assert [each["session_id"] for each in api.get("/v2/sessions")["sessions"]] == [kept.id]
    assert gone.record(event())["rejected"][0]["reason"] == "session_deleted"


def test_retention_is_set_and_shown(command: Command, tmp_path: Path) -> None:
    data_dir = ["--data-dir", tmp_path / "data"]
    command("keys", "create", "--project", "demo", *data_dir)
    assert command("retention", "show", *data_dir).out.splitlines()[1].split() == ["demo", "for", "ever", "for", "ever"]
    outcome = command("retention", "set", "--project", "demo", "--payload-days", 30, *data_dir)
    assert outcome.out == "demo: payloads 30 days, facts for ever\n"
    outcome = command("retention", "set", "--project", "demo", "--facts-days", 365, *data_dir)
    assert outcome.out == "demo: payloads 30 days, facts 365 days\n"
    assert command("retention", "set", "--project", "demo", "--facts-days", -1, *data_dir).code == 1
    outcome = command("retention", "set", "--project", "nope", "--facts-days", 1, *data_dir)
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
