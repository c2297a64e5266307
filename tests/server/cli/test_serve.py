"""``agentops-server serve``: what it says, where it listens, how it ends."""

import os
import re
import signal
import socket
import subprocess
from pathlib import Path

import pytest
import urllib3

from tests.serving import PROGRAM, STOP_TIMEOUT_S, Server

pytestmark = pytest.mark.xdist_group("serve")

TIMEOUT_S = 60


def serve(data_dir: Path, *options: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """A start that must end by itself."""
    command = [str(PROGRAM), "serve", "--data-dir", str(data_dir), *options]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False, env={**os.environ, **env}
    )


def test_the_first_start_makes_everything_and_says_what_to_do(server: Server) -> None:
    link = server.login_link
    healthz = urllib3.request("GET", f"{server.url}/healthz", timeout=TIMEOUT_S)
    assert healthz.status == 200
    said = "".join(server.printed)
    assert said.startswith(f"AgentOps is ready at {server.url}\n")
    assert link.startswith(f"{server.url}/auth/link/")
    assert f"agentops-server keys create --project default --data-dir {server.data_dir}" in said
    assert server.api_key not in said
    assert (server.data_dir / "control.sqlite").is_file()
    assert (server.data_dir / "warehouse").is_dir()


def test_the_command_for_a_key_that_it_prints_works(server: Server) -> None:
    assert server.login_link
    (line,) = [line for line in server.printed if "keys create" in line]
    words = line.split()[line.split().index("agentops-server") + 1 :]
    made = subprocess.run([str(PROGRAM), *words], capture_output=True, text=True, check=True, timeout=TIMEOUT_S)
    headers = {"X-Agentops-Api-Key": made.stdout.strip()}
    assert urllib3.request("GET", f"{server.url}/v2/sessions", headers=headers, timeout=TIMEOUT_S).status == 200


def test_the_log_has_no_secrets_and_no_word_of_a_good_run(mortal_server: Server) -> None:
    headers = {"X-Agentops-Api-Key": mortal_server.api_key}
    urllib3.request("GET", f"{mortal_server.url}/v2/sessions", headers=headers, timeout=TIMEOUT_S)
    mortal_server.stop()
    assert mortal_server.log_file.read_text() == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(mortal_server: Server, number: signal.Signals) -> None:
    mortal_server.running.send_signal(number)
    assert mortal_server.running.wait(STOP_TIMEOUT_S) == 0
    mortal_server.start()


def test_a_second_server_on_the_same_data_is_told_so(server: Server) -> None:
    second = serve(server.data_dir, "--port", "0")
    assert second.returncode == 1
    assert re.fullmatch(
        rf"agentops-server: {server.data_dir}/warehouse is in use by another agentops-server "
        rf"\(process {server.running.pid}\); stop it or choose another --data-dir\n",
        second.stderr,
    )


def test_a_port_that_is_taken_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = serve(tmp_path / "data", "--port", str(port))
    assert run.returncode == 1
    assert run.stderr.startswith(f"agentops-server: cannot listen on 127.0.0.1:{port}: Address already in use")
    assert not (tmp_path / "data").exists()


def test_an_address_that_is_not_of_this_machine_is_one_line(tmp_path: Path) -> None:
    run = serve(tmp_path / "data", "--host", "192.0.2.1", "--port", "0")
    assert run.returncode == 1
    assert re.fullmatch(r"agentops-server: cannot listen on 192\.0\.2\.1:0: .+\n", run.stderr)


@pytest.mark.parametrize(
    ("name", "value"),
    [("MAX_BODY_BYTES", "many"), ("QUERY_TIMEOUT_S", "0")],
)
def test_a_setting_that_cannot_be_meant_is_named(tmp_path: Path, name: str, value: str) -> None:
    run = serve(tmp_path / "data", "--port", "0", **{f"AGENTOPS_{name}": value})
    assert run.returncode == 1
    assert re.match(rf"agentops-server: AGENTOPS_{name}: ", run.stderr)
    assert run.stderr.count("\n") == 1


def test_a_seed_key_that_is_no_uuid_is_refused_without_being_shown(tmp_path: Path) -> None:
    run = serve(tmp_path / "data", "--port", "0", AGENTOPS_INIT_API_KEY="hunter2-hunter2")
    assert run.returncode == 1
    assert "AGENTOPS_INIT_API_KEY is not a UUID" in run.stderr
    assert "hunter2" not in run.stderr + run.stdout


def test_a_folder_that_cannot_be_one_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    run = serve(tmp_path / "file", "--port", "0")
    assert run.returncode == 1
    assert run.stderr.startswith("agentops-server: ")
    assert run.stderr.count("\n") == 1


def test_the_page_is_named_by_the_app_url_where_one_is_set(tmp_path: Path) -> None:
    program = [str(PROGRAM), "serve", "--port", "0", "--data-dir", str(tmp_path)]
    with subprocess.Popen(
        program, stdout=subprocess.PIPE, text=True, env={**os.environ, "AGENTOPS_APP_URL": "https://agents.example"}
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "AgentOps is ready at https://agents.example\n"
            assert "https://agents.example/auth/link/" in process.stdout.readline()
        finally:
            process.terminate()
            process.wait(STOP_TIMEOUT_S)
