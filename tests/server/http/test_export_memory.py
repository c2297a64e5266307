"""An export of a session that is much larger than the memory that it may take."""

import uuid
from pathlib import Path

import pytest
import urllib3

from tests.serving import Server

from .api import NOON, Api

pytestmark = pytest.mark.xdist_group("http-export-memory")

EVENTS, BATCH, PAYLOAD_BYTES = 48_000, 800, 10_000
PAGE_BYTES = 4096
MB = 1_000_000


def resident_bytes(server: Server) -> int:
    return int(Path(f"/proc/{server.running.pid}/statm").read_text().split()[1]) * PAGE_BYTES


def fill(api: Api) -> str:
    """A session with half a gigabyte of payloads, of which no two are the same."""
    run = api.start()
    for batch in range(EVENTS // BATCH):
        text = f"{batch} " * (PAYLOAD_BYTES // (len(str(batch)) + 1))
        run.record(
            *(
                {"id": str(uuid.uuid4()), "event_type": "actions", "init_timestamp": NOON, "params": f"{number}{text}"}
                for number in range(BATCH)
            )
        )
    return run.id


@pytest.mark.parametrize("query", ["/v2/sessions/{}/export", "/v2/export"])
def test_memory_stays_flat(server: Server, query: str) -> None:
    api = Api(server.url, server.api_key)
    listed = api.get("/v2/sessions")["sessions"]
    session_id = listed[0]["session_id"] if listed else fill(api)
    before = resident_bytes(server)
    headers = {"X-Agentops-Api-Key": server.api_key}
    answer = urllib3.request(
        "GET", server.url + query.format(session_id), headers=headers, preload_content=False, timeout=300
    )
    received = most = 0
    for chunk in answer.stream(1 << 20):
        received += len(chunk)
        most = max(most, resident_bytes(server))
    assert received > EVENTS * PAYLOAD_BYTES * 0.95
    assert most - before < 350 * MB, f"{(most - before) / MB:.0f} MB for an export of {received / MB:.0f} MB"
