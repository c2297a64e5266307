"""What this machine could do at most: the senders alone, the engine alone and the disk alone, with the same events."""

import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import urllib3

from agentops_server.ingest.loader import BLOCK_BYTES
from agentops_server.storage.warehouse import migrations
from agentops_server.storage.warehouse.embedded import EmbeddedWarehouse
from agentops_server.storage.warehouse.rows import encode_rows, event_row
from agentops_server.wire.origin import Origin
from agentops_server.wire.v2.events import decode_events
from benchmarks.server.load import Events

BLOCKS = 4
SYNCS = 200
_NOTHING = """
import asyncio, sys, uvicorn
async def app(scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"{}"})
class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print(self.servers[0].sockets[0].getsockname()[1], flush=True)
Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off")).run()
"""


def list_limits(make_body: Callable[[], bytes], batch: int, senders: int, seconds: float) -> dict[str, str]:
    """Each limit by its name, as text.

    Args:
        make_body: Makes the next request's body.
        batch: How many events a body has.
        senders: How many send at once.
        seconds: How long they send.
    """
    rate = _send_to_nobody(make_body, batch, senders, seconds)
    engine = store_without_server(batch)
    return {
        "limit: events a second to a server that does nothing with them": f"{rate:,.0f}",
        "limit: engine's CPU per 1,000 events, inserts of blocks, no merges": f"{engine:.3f} s",
        "limit: appends of a request to a file and its sync, a second": f"{_sync(len(make_body())):,.0f}",
    }


def _send_to_nobody(make_body: Callable[[], bytes], batch: int, senders: int, seconds: float) -> float:
    count, lock = 0, threading.Lock()

    def run(url: str) -> None:
        nonlocal count
        http, deadline = urllib3.PoolManager(), time.monotonic() + seconds
        while time.monotonic() < deadline:
            with lock:
                body = make_body()
            assert http.request("POST", url, body=body).status == 200
            with lock:
                count += batch

    with _nobody() as url:
        threads = [threading.Thread(target=run, args=[url]) for _ in range(senders)]
        start = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return count / (time.monotonic() - start)


@contextmanager
def _nobody() -> Iterator[str]:
    process = subprocess.Popen([sys.executable, "-c", _NOTHING], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.terminate()
        process.wait(30)


def store_without_server(batch: int) -> float:
    """CPU seconds of the engine per 1,000 events in blocks as the loader makes them."""
    events, origin = Events(7), Origin(*(uuid.uuid4() for _ in range(3)), time.time_ns())  # type: ignore[arg-type]
    bodies = [events.body(batch) for _ in range(BLOCKS * BLOCK_BYTES // (4000 * batch) + 1)]
    rows = [event_row(event) for body in bodies for event in decode_events(body, origin).events]
    size = len(rows) // BLOCKS
    blocks = [encode_rows(rows[first : first + size]) for first in range(0, size * BLOCKS, size)]
    with tempfile.TemporaryDirectory() as folder:
        warehouse = EmbeddedWarehouse(Path(folder) / "warehouse")
        migrations.migrate(warehouse)
        warehouse.execute("SYSTEM STOP MERGES")
        start = time.process_time()
        for block in blocks:
            warehouse.insert("events", block)
        used_s = time.process_time() - start
        warehouse.close()
    return used_s / (size * BLOCKS) * 1000


def _sync(size_bytes: int) -> float:
    content = bytes(size_bytes)
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "file").open("wb", buffering=0) as file:
        start = time.monotonic()
        for _ in range(SYNCS):
            file.write(content)
            os.fdatasync(file.fileno())
        return SYNCS / (time.monotonic() - start)
