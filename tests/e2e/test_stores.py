"""The whole server on a ClickHouse front and a real PostgreSQL, and what happens to them while it runs."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import urllib3

from tests.postgres import Postgres
from tests.serving import PROGRAM, Reader, Server

TIMEOUT_S = 60
FRONT = "tests.server.storage.warehouse.front"
ROOT = Path(__file__).parents[2]


class FrontProcess:
    """The front in a process of its own: its engine must not meet that of other tests."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self.url = ""
        self.start()

    def start(self) -> None:
        """Begin, on the same port as before."""
        port = str(urlsplit(self.url).port or 0)
        self._process = subprocess.Popen(
            [sys.executable, "-m", FRONT, str(self._folder), port],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()

    def kill9(self) -> None:
        self._process.kill()
        self.close()

    def close(self) -> None:
        self._process.communicate(timeout=TIMEOUT_S)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    yield server
    server.close()


@pytest.fixture
def front(tmp_path: Path) -> Iterator[FrontProcess]:
    front = FrontProcess(tmp_path / "front")
    yield front
    front.close()


@pytest.fixture
def stores(front: FrontProcess, postgres: Postgres) -> dict[str, str]:
    """The variables that name them."""
    database = postgres.make_database().render_as_string(hide_password=False)
    return {"AGENTOPS_WAREHOUSE_URL": front.url, "AGENTOPS_CONTROL_URL": database}


@pytest.fixture
def server(tmp_path: Path, stores: dict[str, str]) -> Iterator[Server]:
    server = Server(tmp_path / "one", env=stores)
    server.data_dir.mkdir(parents=True)
    server.start()
    yield server
    server.stop()


def post(server: Server, path: str, body: object, **headers: str) -> urllib3.BaseHTTPResponse:
    answer = urllib3.request("POST", server.url + path, json=body, headers=headers, retries=False, timeout=TIMEOUT_S)
    assert answer.status == 200, answer.data
    return answer


def record(server: Server, session_id: str, calls: int) -> list[str]:
    """A session with LLM calls; returns their ids."""
    token, session = begin(server, session_id)
    ids = record_calls(server, token, calls)
    end = {**session, "end_timestamp": "2026-11-20T12:01:00Z", "end_state": "Success"}
    post(server, "/v2/update_session", {"session": end}, **token)
    return ids


def begin(server: Server, session_id: str) -> tuple[dict[str, str], dict[str, object]]:
    session: dict[str, object] = {
        "session_id": session_id,
        "init_timestamp": "2026-11-20T12:00:00Z",
        "tags": ["it's", "東京"],
    }
    created = post(server, "/v2/create_session", {"session": session}, **{"X-Agentops-Api-Key": server.api_key})
    return {"Authorization": f"Bearer {created.json()['jwt']}"}, session


def record_calls(server: Server, token: dict[str, str], calls: int) -> list[str]:
    ids = [str(uuid.uuid4()) for _ in range(calls)]
    events = [
        {
            "id": each,
            "event_type": "llms",
            "init_timestamp": "2026-11-20T12:00:01Z",
            "end_timestamp": "2026-11-20T12:00:02Z",
            "model": "gpt-4o",
            "prompt": [{"role": "user", "content": 'a\\b\'c\n"d"'}],
            "completion": {"role": "assistant", "content": "x" * 1000},
            "prompt_tokens": 1000,
            "completion_tokens": 500,
        }
        for each in ids
    ]
    for _ in range(2):  # a retry changes nothing
        post(server, "/v2/create_events", {"events": events}, **token)
    return ids


def test_a_session_goes_the_whole_way(server: Server) -> None:
    session_id = str(uuid.uuid4())
    ids = record(server, session_id, 30)
    reader = Reader(server.url, server.api_key)

    stats = reader.stats(session_id)
    assert (stats["llms"], stats["prompt_tokens"], stats["end_state"]) == (30, 30_000, "Success")
    assert float(stats["cost"]) > 0
    export = reader.export(session_id)
    assert sorted(row["id"] for row in export["llms"]) == sorted(ids)
    assert export["llms"][0]["prompt"][0]["content"] == 'a\\b\'c\n"d"'
    listed = reader.get("/v2/sessions", tag="it's")["sessions"]
    assert [row["session_id"] for row in listed] == [session_id]
    assert not (server.data_dir / "control.sqlite").exists()
    assert not (server.data_dir / "warehouse").exists()


def test_everything_is_there_after_a_kill_and_a_restart_of_the_database(server: Server, postgres: Postgres) -> None:
    session_id = str(uuid.uuid4())
    record(server, session_id, 5)
    server.kill9()
    server.start()
    reader = Reader(server.url, server.api_key)
    assert reader.stats(session_id)["llms"] == 5

    postgres.stop()
    postgres.start()
    assert reader.stats(session_id)["llms"] == 5
    other = str(uuid.uuid4())
    record(server, other, 3)
    assert reader.stats(other)["llms"] == 3


def test_while_clickhouse_is_away_events_are_taken_and_reading_says_why(server: Server, front: FrontProcess) -> None:
    session_id = str(uuid.uuid4())
    token, _ = begin(server, session_id)
    record_calls(server, token, 2)
    reader = Reader(server.url, server.api_key)
    assert reader.stats(session_id)["llms"] == 2

    front.kill9()
    record_calls(server, token, 3)
    status, body = reader.ask(f"/v2/sessions/{session_id}/stats")
    assert status == 503
    assert "warehouse is behind" in body["message"] or "does not answer" in body["message"]
    front.start()
    while (answer := reader.ask(f"/v2/sessions/{session_id}/stats"))[0] == 503:
        """The loader tries again every few seconds."""
    assert answer[1]["llms"] == 5


def test_a_second_server_on_the_same_warehouse_is_refused(
    server: Server, stores: dict[str, str], tmp_path: Path
) -> None:
    second = Server(tmp_path / "two", env=stores)
    second.data_dir.mkdir(parents=True)
    with pytest.raises(AssertionError, match="this warehouse is that of the agentops-server with the data directory"):
        second.start()

    server.stop()
    taking = [str(PROGRAM), "migrate", "--take-over", "--data-dir", str(second.data_dir)]
    subprocess.run(taking, check=True, timeout=TIMEOUT_S, env={**os.environ, **stores})
    second.start()
    second.stop()
    with pytest.raises(AssertionError, match=str(second.data_dir)):
        server.start()


def test_keys_are_made_beside_the_server(server: Server, stores: dict[str, str]) -> None:
    command = [str(PROGRAM), "keys", "create", "--project", "other", "--data-dir", str(server.data_dir)]
    made = subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=TIMEOUT_S, env={**os.environ, **stores}
    )
    assert Reader(server.url, made.stdout.strip()).get("/v2/sessions")["sessions"] == []
