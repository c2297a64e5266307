"""A server for a benchmark: a process on a folder of its own, which can be weighed."""

import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import psutil
import urllib3

PROGRAM = str(Path(sys.executable).with_name("agentops-server"))
START_TIMEOUT_S = 60


@dataclass
class Server:
    """A running server."""

    url: str
    folder: Path
    process: psutil.Process
    start_s: float
    api_key: str
    http: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(maxsize=16))

    @property
    def rss_mb(self) -> float:
        """Resident memory in MB."""
        return round(self.process.memory_info().rss / 1e6)

    @property
    def cpu_s(self) -> float:
        """CPU seconds that it has used."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    @property
    def disk_bytes(self) -> int:
        """What its data takes on disk. Files may go while they are counted."""
        sizes = 0
        for folder, _, names in os.walk(self.folder):
            for name in names:
                with suppress(FileNotFoundError):
                    sizes += (Path(folder) / name).stat().st_size
        return sizes


@contextmanager
def serve(
    folder: Path | None = None,
    program: Sequence[str] | None = None,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Server]:
    """Start a server, and stop it in the end.

    Args:
        folder: Of its data; a temporary one if none is given.
        program: Arguments to Python for another program in place of ``agentops-server``.
        environment: Variables beside those of this process.
    """
    with tempfile.TemporaryDirectory() as temporary:
        data = folder or Path(temporary) / "data"
        api_key = str(uuid.uuid4())
        start = time.perf_counter()
        process = subprocess.Popen(
            [
                *([PROGRAM] if program is None else [sys.executable, *program]),
                "serve",
                "--port",
                "0",
                "--data-dir",
                str(data),
            ],
            stdout=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                **environment,
                "AGENTOPS_INIT_API_KEY": api_key,
                "AGENTOPS_INIT_PROJECT": f"bench-{api_key[:8]}",
            },
        )
        assert process.stdout is not None
        url = process.stdout.readline().rsplit(" ", 1)[-1].strip()
        urllib3.request("GET", f"{url}/healthz", retries=False, timeout=START_TIMEOUT_S)
        try:
            yield Server(url, data, psutil.Process(process.pid), time.perf_counter() - start, api_key)
        finally:
            process.terminate()
            process.wait(START_TIMEOUT_S)
