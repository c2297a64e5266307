"""How fast this machine is right now: the yardstick beside every figure."""

import hashlib
import os
import tempfile
import time
from pathlib import Path
from statistics import median

RUNS = 5
_BLOCK = bytes(1 << 20)


def hash_ms() -> float:
    """CPU milliseconds to hash 16 MiB with SHA-256, the median of five."""
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        for _ in range(16):
            hashlib.sha256(_BLOCK).digest()
        times.append((time.process_time() - start) * 1000)
    return round(median(times), 2)


def fsync_ms() -> float:
    """Milliseconds to append 4 KiB to a file and sync it, the median of a hundred."""
    times = []
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "file").open("ab", buffering=0) as file:
        for _ in range(100):
            start = time.perf_counter()
            file.write(_BLOCK[:4096])
            os.fsync(file.fileno())
            times.append((time.perf_counter() - start) * 1000)
    return round(median(times), 3)
