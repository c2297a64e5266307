"""Videos in local files: each waits as a job in the spool and goes to the server in parts, when nothing else does.

A job is a small locked file `<id>.upload` that says which file belongs to which session. The process that made it works
on it; when that one died, another of this machine does. How far an upload is, the server knows. What is sent is named
by its SHA-256, so a file that changed meanwhile starts anew. Never is more than one part in memory.
"""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from ._guard import attempt
from ._locking import create_locked, open_locked
from ._log import logger
from ._transfer import Transfer, TransferError

if TYPE_CHECKING:
    from ._log import Notices
    from ._protocol import Conversation

JOB_SUFFIX = ".upload"


class _Job:
    """One file for one session. `record` and `lock` are -1 and None where no disk can be written."""

    def __init__(self, transfer: Transfer, record: Path | None, lock: int, *, is_adopted: bool) -> None:
        self.transfer = transfer
        self.is_adopted = is_adopted
        self._record = record
        self._lock = lock

    def finish(self) -> None:
        """It is done, or cannot be: nobody has to see to it any more."""
        if self._record is not None:
            self._record.unlink(missing_ok=True)
        self.release()

    def release(self) -> None:
        """Leave it to another process."""
        self.transfer.close()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


class Uploads:
    """The jobs of one destination. `add` and `cancel` are for the agent's threads, all else for the worker's."""

    def __init__(self, directory: Path, notices: Notices) -> None:
        self._directory = directory
        self._notices = notices
        self._jobs: list[_Job] = []
        self.reset()

    def reset(self) -> None:
        """In a forked child the jobs are the parent's."""
        for job in self._jobs:
            attempt(job.release, None)
        self._jobs = []
        self._lock = threading.RLock()

    def add(self, session: bytes, path: Path, introduction: bytes) -> bool:
        """Take on a file; false, and said, if it cannot be read or is of no kind that can be shown."""
        try:
            transfer = Transfer(session, path, introduction)
            transfer.open()
        except (TransferError, ValueError) as error:  # a path with a NUL is no value
            logger.warning("AgentOps: the video %s of session %s is left out: %s.", path, UUID(bytes=session), error)
            return False
        description = {"session_id": str(UUID(bytes=session)), "path": str(path), "introduction": introduction.decode()}
        record, lock = attempt(create_locked, (None, -1), self._directory, JOB_SUFFIX, json.dumps(description).encode())
        with self._lock:
            self.cancel(session)
            self._jobs.append(_Job(transfer, record, lock, is_adopted=False))
        return True

    def cancel(self, session: bytes) -> None:
        """Forget the jobs that this process took on for a session."""
        with self._lock:
            for job in [job for job in self._jobs if job.transfer.session == session and not job.is_adopted]:
                self._jobs.remove(job)
                job.finish()

    @property
    def is_pending(self) -> bool:
        """True while a file that this process took on is not with the server."""
        return any(not job.is_adopted for job in list(self._jobs))

    @property
    def has_adopted(self) -> bool:
        """True while a file of a dead process is not with the server."""
        return any(job.is_adopted for job in list(self._jobs))

    @property
    def keeps_awake(self) -> bool:
        """True while a file is not with the server."""
        return bool(self._jobs)

    @property
    def next_due(self) -> float | None:
        """When (monotonic) to go on."""
        return min((job.transfer.due for job in list(self._jobs)), default=None)

    def note_sent(self, session: bytes) -> None:
        """A file does not care."""

    def settle(self, session: bytes) -> None:
        """Nor does anybody wait for a part of one."""

    def scan(self) -> None:
        """Adopt the jobs of dead processes."""
        for path in sorted(attempt(lambda: list(self._directory.glob(f"*{JOB_SUFFIX}")), [])):
            lock = attempt(open_locked, None, path)
            if lock is None:
                continue
            described: dict[str, str] = attempt(lambda path=path: json.loads(path.read_bytes()), {})
            try:
                session = UUID(described["session_id"]).bytes
                transfer = Transfer(session, Path(described["path"]), described["introduction"].encode())
            except (TransferError, TypeError, KeyError, ValueError) as error:
                logger.warning("AgentOps: %s cannot be used and is deleted: %s.", path, error)
                path.unlink(missing_ok=True)
                os.close(lock)
                continue
            with self._lock:
                self._jobs.append(_Job(transfer, path, lock, is_adopted=True))

    def advance(self, conversation: Conversation) -> bool:
        """Do one slice of the first job that is due; true if there is more to do at once."""
        now = time.monotonic()
        job = next((job for job in list(self._jobs) if job.transfer.due <= now), None)
        if job is None:
            return False
        transfer = job.transfer
        try:
            done = transfer.advance(conversation)
        except TransferError as error:
            done = True
            self._say_left_out(transfer, error)
        except OSError as error:
            done = True
            if job in self._jobs:  # else it was cancelled, and with that its file closed
                self._say_left_out(transfer, error)
        if done:
            self._remove(job)
        return any(job.transfer.due <= now for job in list(self._jobs))

    def _remove(self, job: _Job) -> None:
        with self._lock:
            if job in self._jobs:
                self._jobs.remove(job)
                job.finish()

    @staticmethod
    def _say_left_out(transfer: Transfer, error: Exception) -> None:
        session = UUID(bytes=transfer.session)
        logger.warning("AgentOps: the video %s of session %s is left out: %s.", transfer.path, session, error)

    def close(self) -> None:
        """Leave what is not done to the next process."""
        with self._lock:
            for job in self._jobs:
                job.release()
            self._jobs.clear()
