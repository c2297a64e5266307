"""An export of a session that is much larger than the memory that it may take."""

import threading
import time
import uuid
from pathlib import Path

import psutil
import pytest
import urllib3

from tests.serving import Server

from .api import NOON, Api

pytestmark = pytest.mark.xdist_group("http-export-memory")

FEW_EVENTS, EVENTS, BATCH, PAYLOAD_BYTES = 8_000, 48_000, 800, 10_000
PAGE_BYTES = 4096
PAUSE_S = 0.01
# Until merges have ended.
REST_S, REST_PERCENT, LONGEST_REST_S = 2.0, 10.0, 60.0
MB = 1_000_000
# What one export may take, and how much more one that is six times as large, with half a gigabyte of payloads; the
# engine gives back memory meanwhile.
MOST_BYTES, MORE_BYTES = 300 * MB, 150 * MB


def resident_bytes(server: Server) -> int:
    return int(Path(f"/proc/{server.running.pid}/statm").read_text().split()[1]) * PAGE_BYTES


def rest(server: Server) -> None:
    """Wait until nothing is merged any more: that takes memory, and gives it back, at times of its own."""
    process, deadline = psutil.Process(server.running.pid), time.monotonic() + LONGEST_REST_S
    process.cpu_percent()
    while time.monotonic() < deadline:
        time.sleep(REST_S)
        if process.cpu_percent() < REST_PERCENT:
            return


def fill(api: Api, events: int) -> str:
    """A session with so many events of ten kilobytes, of which no two are the same."""
    run = api.start()
    for batch in range(events // BATCH):
        text = f"{batch} " * (PAYLOAD_BYTES // (len(str(batch)) + 1))
        run.record(
            *(
                {"id": str(uuid.uuid4()), "event_type": "actions", "init_timestamp": NOON, "params": f"{number}{text}"}
                for number in range(BATCH)
            )
        )
    return run.id


@pytest.fixture(scope="module")
def sessions(server: Server) -> dict[int, str]:
    """A session with few events, and one with half a gigabyte of them."""
    api = Api(server.url, server.api_key)
    return {events: fill(api, events) for events in (FEW_EVENTS, EVENTS)}


def growth_bytes(server: Server, path: str, least_bytes: float) -> int:
    """By how much an answer, which is read as fast as it comes, lets the server grow until its end."""
    rest(server)
    before, ended = resident_bytes(server), threading.Event()
    samples = [before]

    def sample() -> None:
        while not ended.wait(PAUSE_S):
            samples.append(resident_bytes(server))

    sampling = threading.Thread(target=sample)
    sampling.start()
    try:
        headers = {"X-Agentops-Api-Key": server.api_key}
        answer = urllib3.request("GET", server.url + path, headers=headers, preload_content=False, timeout=300)
        received = sum(map(len, answer.stream(1 << 20)))
    finally:
        ended.set()
        sampling.join()
    assert received > least_bytes
    return max(samples) - before


@pytest.mark.parametrize(("form", "share"), [("json", 0.95), ("ndjson", 0.95), ("csv", 0.95), ("parquet", 0.0)])
def test_memory_stays_flat_however_large_the_session(
    server: Server, sessions: dict[int, str], form: str, share: float
) -> None:
    """Of Parquet, which compresses, there need be no more than something."""
    small, large = (
        growth_bytes(server, f"/v2/sessions/{sessions[events]}/export?format={form}", events * PAYLOAD_BYTES * share)
        for events in (FEW_EVENTS, EVENTS)
    )
    told = f"{small / MB:.0f} MB for {FEW_EVENTS:,} events and {large / MB:.0f} MB for {EVENTS:,}"
    assert max(small, large) < MOST_BYTES, told
    assert large < max(0, small) + MORE_BYTES, told
