"""OpenTelemetry's own exporter over HTTP, told by environment variables alone where to send and as whom."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.provision import client_python
from tests.serving import Reader, Server

pytestmark = pytest.mark.xdist_group("compat")
PROGRAM = Path(__file__).with_name("otlp_program.py")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("server"))
    running.start()
    yield running
    running.stop()


def export(session_id: str, variables: dict[str, str]) -> str:
    """Run the program; what it has said."""
    env = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    env = {name: value for name, value in env.items() if not name.startswith("OTEL_")} | variables
    # the environment of the published client is the one that has the exporter
    command = [str(client_python("0.4.21")), str(PROGRAM), session_id]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.parametrize(
    "headers",
    [
        "Authorization=Bearer%20{key}",
        "authorization=Bearer {key}",
        "X-Agentops-Api-Key={key}",
        "x-agentops-api-key={key},x-shop=1",
    ],
)
@pytest.mark.parametrize("signal", ["", "TRACES_"])
def test_headers_of_the_environment_are_a_credential(server: Server, headers: str, signal: str) -> None:
    session_id = str(uuid4())
    path = "/v1/traces" if signal else ""
    variables = {
        f"OTEL_EXPORTER_OTLP_{signal}ENDPOINT": f"{server.url}{path}",
        f"OTEL_EXPORTER_OTLP_{signal}HEADERS": headers.format(key=server.api_key),
    }
    assert "Failed to export" not in export(session_id, variables)
    (call,) = Reader(server.url, server.api_key).export(session_id)["llms"]
    assert call["name"] == "chat gpt-4o"


@pytest.mark.parametrize("headers", ["Authorization=Bearer%20{key}", "X-Agentops-Api-Key={key}", ""])
def test_a_key_that_is_none_is_refused(server: Server, headers: str) -> None:
    variables = {"OTEL_EXPORTER_OTLP_ENDPOINT": server.url}
    if headers:
        variables["OTEL_EXPORTER_OTLP_HEADERS"] = headers.format(key=uuid4())
    assert "code: 401" in export(str(uuid4()), variables)
