"""Getting the spool onto the disk itself: what is written survives the process at once, and a power cut a second later.

A thread of its own, because the worker may wait a minute for a server. It sleeps while nothing is recorded.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from ._guard import attempt, guarded
from ._process import is_young

INTERVAL_SECONDS = 1.0
_REST_SECONDS = 60.0
_sync = getattr(os, "fdatasync", os.fsync)


class Sync:
    """Calls `sync` a second after `announce`, and again each second while it is announced, or `sync` gives true."""

    def __init__(self, sync: Callable[[], bool]) -> None:
        self._sync = sync
        self.reset()

    def reset(self) -> None:
        """In a forked child there is no thread yet."""
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_stopping = False
        self.is_announced: bool = False

    def announce(self) -> None:
        """Something was written. Called once a second at most, not once per event."""
        with self._changed:
            if is_young():  # then it is announced again
                return
            if self._thread is None and not self._is_stopping:
                self._thread = thread = threading.Thread(target=self._run, name="agentops-sync", daemon=True)
                try:
                    thread.start()
                except RuntimeError:  # at interpreter exit, or there are too many; the next announcement tries again
                    return
                finally:  # a signal handler may raise while it starts
                    if thread not in threading.enumerate():
                        self._thread = None
            self.is_announced = True
            self._changed.notify_all()

    def stop(self) -> None:
        """End the thread."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()

    def join(self, timeout_seconds: float) -> None:
        """Wait for the thread to end."""
        thread = self._thread  # which may end by itself meanwhile
        if thread is not None and thread.is_alive():
            thread.join(timeout_seconds)

    def _run(self) -> None:
        changed = self._changed
        while True:
            with changed:
                if not changed.wait_for(lambda: self.is_announced or self._is_stopping, _REST_SECONDS):
                    self._thread = None  # the next record starts another one
                    return
                changed.wait_for(lambda: self._is_stopping, INTERVAL_SECONDS)
                if self._is_stopping:
                    return
                self.is_announced = False
            if guarded(self._sync)():
                with changed:
                    self.is_announced = True


def sync_file(descriptor: int) -> None:
    """Have the disk keep what was written to an open file. One that was closed meanwhile needs it no more."""
    attempt(_sync, None, descriptor)


def sync_directory(path: os.PathLike[str]) -> None:
    """Have the disk keep the names in a directory."""
    descriptor = attempt(os.open, None, path, os.O_RDONLY)
    if descriptor is not None:
        attempt(os.fsync, None, descriptor)
        os.close(descriptor)
