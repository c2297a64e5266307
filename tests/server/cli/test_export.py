"""``agentops-server export`` and ``import`` against a running server."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.server.http.api import Api, call, event, make_key
from tests.serving import Server

from .conftest import Command

pytestmark = pytest.mark.xdist_group("cli-export")


@pytest.fixture
def name() -> str:
    return f"project {uuid.uuid4()}"


@pytest.fixture
def api(server: Server, name: str) -> Api:
    return Api(server.url, make_key(server, name))


def lines_of(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize("credential", ["key", "environment", "data directory"])
def test_a_project_goes_into_a_file(
    command: Command, server: Server, api: Api, name: str, credential: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = api.start()
    run.record(call(), event())
    monkeypatch.setenv("AGENTOPS_API_ENDPOINT", server.url)
    options: list[object] = ["-o", "out.ndjson"]
    if credential == "environment":
        monkeypatch.setenv("AGENTOPS_API_KEY", api.api_key)
    elif credential == "key":
        options += ["--api-key", api.api_key]
    else:
        options += ["--project", name, "--data-dir", server.data_dir]
    assert command("export", *options).code == 0
    assert [line["type"] for line in lines_of(Path("out.ndjson"))] == ["export", "session", "event", "event", "cursor"]


def test_a_range_a_table_and_one_session(command: Command, server: Server, api: Api) -> None:
    run = api.start(init_timestamp="2026-11-20T12:00:00Z")
    run.record(event(name="the event"))
    shared = ["--url", server.url, "--api-key", api.api_key]
    command("export", *shared, "--until", "2026-11-20T12:00:00Z", "-o", "none.ndjson")
    assert [line["type"] for line in lines_of(Path("none.ndjson"))] == ["export"]
    command("export", *shared, "--format", "csv", "--table", "sessions", "-o", "sessions.csv")
    assert run.id in Path("sessions.csv").read_text()
    command("export", *shared, "--session", run.id, "--format", "json", "-o", "session.json")
    assert json.loads(Path("session.json").read_text()) == run.export()
    command("export", *shared, "--format", "parquet", "-o", "events.parquet")
    assert Path("events.parquet").read_bytes()[:4] == b"PAR1"


@pytest.mark.parametrize("file_format", ["ndjson", "json"])
@pytest.mark.parametrize("indent", [None, 2])
def test_a_file_comes_back(command: Command, server: Server, api: Api, file_format: str, indent: int | None) -> None:
    run = api.start(tags=["x"])
    run.record(call(), event("tools"))
    command(
        "export", "--url", server.url, "--api-key", api.api_key, "--session", run.id, "--format", file_format, "-o", "f"
    )
    if file_format == "json":
        Path("f").write_text(json.dumps(json.loads(Path("f").read_text()), indent=indent))
    other = Api(server.url, make_key(server, f"project {uuid.uuid4()}"))
    outcome = command("import", "f", "--url", server.url, "--api-key", other.api_key)
    assert outcome.out == "Imported 1 sessions, 0 agents, 2 events; 0 refused.\n"
    assert outcome.code == 0
    assert other.get(f"{run.path}/stats") == run.stats()


def test_a_list_of_exports_comes_in(command: Command, server: Server, api: Api) -> None:
    documents = [api.start().export() for _ in range(2)]
    Path("f").write_text(json.dumps(documents, indent=1))
    other = Api(server.url, make_key(server, f"project {uuid.uuid4()}"))
    outcome = command("import", "f", "--url", server.url, "--api-key", other.api_key)
    assert outcome.out.startswith("Imported 2 sessions")


def test_bad_lines_are_told_and_end_with_1(command: Command, server: Server, api: Api) -> None:
    Path("f").write_text(json.dumps({"type": "session", "id": "seven"}) + "\n")
    outcome = command("import", "f", "--url", server.url, "--api-key", api.api_key)
    assert outcome.code == 1
    assert outcome.err.startswith("line 1: invalid_id: ")
    assert outcome.out.endswith("1 refused.\n")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["export"], "give an API key"),
        (["export", "--api-key", str(uuid.uuid4())], "no server answers at http://127.0.0.1:9"),
        (["export", "--project", "x"], "There is no control.sqlite"),
        (["import", "nothing.json"], "There is no file nothing.json"),
        (["export", "--api-key", "x", "--url", "ftp://x"], "is not an address like"),
    ],
)
def test_what_is_wrong_is_one_line(
    command: Command, monkeypatch: pytest.MonkeyPatch, arguments: list[str], problem: str
) -> None:
    monkeypatch.setenv("AGENTOPS_API_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.delenv("AGENTOPS_API_KEY", raising=False)
    outcome = command(*arguments)
    assert outcome.code == 1
    assert problem in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_refusal_of_the_server_is_its_own_message(command: Command, server: Server) -> None:
    outcome = command("export", "--url", server.url, "--api-key", uuid.uuid4())
    assert outcome.code == 1
    assert "Unknown API key" in outcome.err


def test_a_file_that_is_neither_is_refused(command: Command, server: Server, api: Api) -> None:
    Path("f").write_text("{nonsense")
    outcome = command("import", "f", "--url", server.url, "--api-key", api.api_key)
    assert outcome.code == 1
    assert "neither NDJSON nor JSON" in outcome.err
