"""A server that keeps its objects on an S3-compatible one."""

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3
from moto.server import ThreadedMotoServer

from tests.serving import Server

from .api import Api, call

PNG = b"\x89PNG\r\n\x1a\n" + os.urandom(30_000)
IMAGE = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"


@pytest.fixture
def s3_url() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def server_on_s3(s3_url: str, tmp_path: Path) -> Iterator[Server]:
    urllib3.request("PUT", f"{s3_url}/bucket", timeout=60)
    env = {
        "AGENTOPS_OBJECTS_URL": "s3://bucket/prefix",
        "AWS_ACCESS_KEY_ID": "any",
        "AWS_SECRET_ACCESS_KEY": "any",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": s3_url,
        "AWS_ALLOW_HTTP": "true",
    }
    server = Server(tmp_path, env=env)
    server.start()
    yield server
    server.stop()


def test_large_payloads_go_to_the_bucket_and_come_back(server_on_s3: Server, s3_url: str) -> None:
    api = Api(server_on_s3.url, server_on_s3.api_key)
    run = api.start()
    run.record(call(prompt=IMAGE))
    assert run.export()["llms"][0]["prompt"] == IMAGE
    listed = urllib3.request("GET", f"{s3_url}/bucket?list-type=2", timeout=60).data.decode()
    assert listed.count("<Key>prefix/") == 1
    assert not (server_on_s3.data_dir / "objects").exists()
    assert api.ask("DELETE", run.path).status == 200
    assert "<Key>" not in urllib3.request("GET", f"{s3_url}/bucket?list-type=2", timeout=60).data.decode()
