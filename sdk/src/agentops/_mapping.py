"""A stretch of a file as memory: what is stored there is in the file, without a call of the kernel.

It survives the process as what was written does; the kernel has one copy of a file's pages, for both. But a call can
say that it failed, and a store cannot: where the disk has no room or is broken, the kernel sends SIGBUS, and the host
dies of it. So nothing is stored where the kernel did not say beforehand, by the result of a call, that it can be: there
is room for it (fallocate), and its pages wait for stores (madvise). That holds until the kernel writes a page to the
disk, from when on it asks the file system again; so whoever has a file synced asks anew, and stores nothing meanwhile.

This is for file systems of the machine itself. A server's may be gone at any time, and what is asked of it with it.
"""

from __future__ import annotations

import functools
import mmap
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from . import _acceleration

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCAL_FILE_SYSTEMS = frozenset({"ext4", "xfs", "tmpfs", "overlay"})
_MADV_POPULATE_WRITE = 23  # of Linux 5.14, in <asm-generic/mman-common.h>; the module has no name for it
_MOUNTS = Path("/proc/self/mountinfo")
# Without a descriptor of its own, which nothing needs, a mapping cannot close one that is the host's by then.
_KEEPS_NONE = {"trackfd": False} if sys.version_info >= (3, 13) else {}


def may_map(descriptor: int) -> bool:
    """True where what `reserve` and `map_file` say about this file can be relied on."""
    # Without the interpreter's lock, a store and another one would not come one after the other.
    is_one_at_a_time = getattr(sys, "_is_gil_enabled", lambda: True)()
    return sys.platform == "linux" and is_one_at_a_time and _is_local(os.fstat(descriptor).st_dev)


@functools.cache
def _is_local(device: int) -> bool:
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return f"{os.major(device)}:{os.minor(device)}" in _iter_local(mounts)


def _iter_local(mounts: str) -> Iterator[str]:
    """The devices that hold local file systems. The format is that of proc_pid_mountinfo(5)."""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        if after.split(" ", 1)[0] in LOCAL_FILE_SYSTEMS:
            yield before.split(" ", 3)[2]


class Mapping(mmap.mmap):
    """What `map_file` gives. `agentops._native.Memory` is the same, compiled."""

    start: int
    """Where in the file it begins."""

    def fill(self) -> int:
        """Its position, from which on there is no room any more. In one call, which nothing comes into."""
        return len(self) - len(self.read())


def reserve(descriptor: int, start: int, end: int) -> None:
    """Have room on the disk from `start` to `end`. What is in the file stays as it is; it gets as long as `end`.

    Raises:
        OSError: the disk has no room, or cannot say so beforehand.
    """
    os.posix_fallocate(descriptor, start, end - start)


def map_file(descriptor: int, start: int, end: int) -> Mapping:
    """Map a stretch for which there is room, once the kernel has made it ready for stores.

    It begins with the page that `start` is in. Its position, from which its `write` goes on, is `start`.

    Raises:
        OSError: it cannot be, or the kernel is too old to be asked.
        ValueError: the file ends before `end`.
    """
    offset = start - start % mmap.ALLOCATIONGRANULARITY
    mapping = Mapping(descriptor, end - offset, offset=offset, **_KEEPS_NONE)
    mapping.madvise(_MADV_POPULATE_WRITE)
    if _acceleration.native is not None:
        return cast("Mapping", _acceleration.native.Memory(mapping, offset, start - offset))
    mapping.start = offset
    mapping.seek(start - offset)
    return mapping
