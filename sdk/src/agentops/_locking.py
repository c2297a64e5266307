"""Files of the spool that one process holds at a time.

The lock (flock) belongs to the open file, and the kernel lets go of it when the process dies, however it dies. A forked
child has the file open too: the lock lasts until both have closed it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ._ids import new_id
from .exceptions import SpoolError

try:
    import fcntl
except ImportError:  # a platform without flock keeps its records in memory
    fcntl = None  # type: ignore[assignment]

_UNFINISHED = ".new"
_LEFT_SECONDS = 60.0
_HOLD_ATTEMPTS = 100
_HOLD_PAUSE_SECONDS = 0.005


def create_locked(directory: Path, suffix: str, data: bytes = b"") -> tuple[Path, int]:
    """A new file, written and locked before it has the name by which others find it: its path and descriptor.

    Raises:
        OSError: the disk refuses.
    """
    path = directory / f"{new_id()}{suffix}"
    return path, publish_locked(path, lambda descriptor: write_whole(descriptor, data))


def publish_locked(path: Path, fill: Callable[[int], None]) -> int:
    """Make a file, which `fill` writes to its descriptor, and give it its name when it is done; the descriptor.

    Raises:
        OSError: the disk refuses, and nothing is left of it.
    """
    hidden = path.with_suffix(_UNFINISHED)
    descriptor = os.open(hidden, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        lock(descriptor)
        fill(descriptor)
        hidden.rename(path)
    except OSError:
        os.close(descriptor)
        hidden.unlink(missing_ok=True)
        raise
    return descriptor


def write_whole(descriptor: int, data: bytes) -> None:
    """Write all of it. SpoolError: the disk took only a part."""
    if os.write(descriptor, data) != len(data):
        raise SpoolError(f"the disk did not take {len(data)} bytes")


def open_locked(path: Path) -> int | None:
    """The descriptor of a file that nobody else holds; None while somebody does, or when it is gone."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        if lock(descriptor) and os.fstat(descriptor).st_nlink:
            return descriptor
    except OSError:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


def lock(descriptor: int) -> bool:
    """Lock an open file for this process; false if somebody holds it. SpoolError: no locks here."""
    if fcntl is None:
        raise SpoolError("this platform has no file locks")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Hold a lock file for a moment. OSError: it cannot be made, or whoever has it does not let go of it soon."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        for _ in range(_HOLD_ATTEMPTS):
            if lock(descriptor):
                break
            time.sleep(_HOLD_PAUSE_SECONDS)
        else:
            raise SpoolError(f"{path} stays locked")
        yield
    finally:
        os.close(descriptor)


def delete_unfinished(directory: Path) -> None:
    """Delete what processes left that died while they made a file: it has no content yet."""
    oldest = time.time() - _LEFT_SECONDS
    for path in directory.glob(f"*{_UNFINISHED}"):
        with suppress(OSError):  # its maker has finished it, or somebody else was first
            if path.stat().st_mtime < oldest:
                path.unlink()
