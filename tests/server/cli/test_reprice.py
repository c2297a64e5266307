"""``agentops-server reprice`` with a server that runs, without one, and with one that is killed amid it."""

import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.http.api import Api, Run, call
from tests.serving import PROGRAM, Server

PATIENCE_S = 60


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path, env={"AGENTOPS_INIT_PROJECT": "demo"})
    server.start()
    yield server
    server.stop()


def agentops_server(server: Server, *arguments: str, answer: str = "") -> "subprocess.CompletedProcess[str]":
    command = [str(PROGRAM), *arguments, "--project", "demo", "--data-dir", str(server.data_dir)]
    return subprocess.run(command, input=answer, capture_output=True, text=True, timeout=PATIENCE_S, check=False)


def record_calls(api: Api, count: int) -> Run:
    run = api.start()
    run.record(*(call(model="house-7b") for _ in range(count)), call())
    return run


def set_price(server: Server, price: str) -> None:
    assert agentops_server(server, "prices", "set", "house-*", f"input={price}", f"output={price}").returncode == 0


def cost(run: Run) -> tuple[str, bool]:
    stats = run.stats()
    return stats["cost"], stats["cost_is_lower_bound"]


def listed_cost(run: Run) -> Any:
    sessions = run.api.get("/v2/sessions")["sessions"]
    return next(each["stats"]["cost"] for each in sessions if each["session_id"] == run.id)


def test_reprice_beside_a_server_that_runs(server: Server) -> None:
    run = record_calls(Api(server.url, server.api_key), 3)
    assert cost(run) == ("0.0075", True)
    set_price(server, "1")

    dry = agentops_server(server, "reprice", "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert "4 calls: 3 have another price, 0 the same one by another list; $0.0075 becomes $0.012." in dry.stdout
    assert cost(run) == ("0.0075", True)

    refused = agentops_server(server, "reprice", answer="n\n")
    assert "Nothing was changed" in refused.stdout
    assert cost(run) == ("0.0075", True)

    done = agentops_server(server, "reprice", "--since", "2026-11-20", "--model", "house-*", answer="y\n")
    assert done.returncode == 0, done.stderr
    assert "3 calls were changed" in done.stdout
    assert cost(run) == ("0.012", False)
    assert listed_cost(run) == "0.012"

    again = agentops_server(server, "reprice", "--yes")
    assert "Nothing was changed" in again.stdout


def test_reprice_without_a_server(server: Server) -> None:
    run = record_calls(Api(server.url, server.api_key), 2)
    server.stop()
    set_price(server, "1")

    done = agentops_server(server, "reprice", "--yes")
    assert done.returncode == 0, done.stderr
    assert "2 calls were changed" in done.stdout

    server.start()
    assert cost(run) == ("0.0105", False)
    assert listed_cost(run) == "0.0105"


def test_reprice_goes_on_when_the_server_was_killed_amid_it(server: Server) -> None:
    api = Api(server.url, server.api_key)
    runs = [record_calls(api, 200) for _ in range(12)]
    set_price(server, "1")
    command = [str(PROGRAM), "reprice", "--yes", "--project", "demo", "--data-dir", str(server.data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as repricing:
        assert repricing.stdout is not None
        for line in repricing.stdout:
            if line.startswith("2412 calls"):  # the plan is there, and confirmed at once
                break
        server.kill9()
        _, problem = repricing.communicate(timeout=PATIENCE_S)
    assert repricing.returncode in (0, 1)
    assert "Traceback" not in problem

    server.start()
    until = time.monotonic() + PATIENCE_S
    while any(cost(run) != ("0.3075", False) for run in runs):
        assert time.monotonic() < until, [cost(run) for run in runs]
        time.sleep(0.1)
    assert [listed_cost(run) for run in runs] == ["0.3075"] * len(runs)


@pytest.mark.parametrize(
    ("arguments", "named"), [(("--since", "yesterday"), "--since"), (("--until", "2026-13-01"), "--until")]
)
def test_a_time_that_is_none_is_refused(server: Server, arguments: tuple[str, ...], named: str) -> None:
    outcome = agentops_server(server, "reprice", *arguments)
    assert outcome.returncode == 1
    assert named in outcome.stderr


def test_a_project_that_is_not_there_is_named(server: Server) -> None:
    command = [str(PROGRAM), "reprice", "--project", str(uuid.uuid4()), "--data-dir", str(server.data_dir)]
    outcome = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert (outcome.returncode, "There is no project" in outcome.stderr) == (1, True)
