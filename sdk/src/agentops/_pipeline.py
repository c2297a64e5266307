"""Where a session's records go: the spool and the worker of one destination, or nowhere when there is no API key."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from ._admissions import Admissions
from ._config import Configuration
from ._delivery import Delivery
from ._guard import attempt
from ._heartbeat import Heartbeat
from ._log import Notices, logger
from ._nokey import NoKeyPipeline
from ._process import is_young
from ._spool import Spool
from ._sync import Sync
from ._uploads import Uploads

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Protocol
    from uuid import UUID

    from ._fast_path import Door
    from ._protocol import Conversation, Listener
    from ._transport import Answer

    class Pipeline(Protocol):
        """What a session and a client ask of a destination."""

        def append(self, kind: int, session: bytes, sequence: int, payload: bytes, introduce: Introduce) -> bool: ...
        def open_door(self) -> Door | None: ...
        def attend(self, session: bytes, introduce: Introduce, encode_sign: Introduce) -> None: ...
        def leave(self, session: bytes) -> None: ...
        def upload(self, session: bytes, path: Path, introduce: Introduce) -> bool: ...
        def cancel_upload(self, session: bytes) -> None: ...
        def prepare_later(self, task: Callable[[], None]) -> None: ...
        def begin_flush(self, *, and_adopted: bool = False) -> int: ...
        def flush(
            self,
            timeout_seconds: float,
            *,
            session: bytes | None = None,
            and_adopted: bool = False,
            ticket: int | None = None,
        ) -> bool: ...
        def seconds_left(self, seconds: float) -> float: ...
        def fetch_stats(self, session_id: UUID, timeout_seconds: float) -> Answer | None: ...
        def prepare_fork(self) -> None: ...
        def reset_after_fork(self) -> None: ...
        def go_on(self) -> None: ...
        def await_imports(self, timeout_seconds: float) -> None: ...
        def tidy(self) -> None: ...
        def close(self) -> None: ...


Introduce = Callable[[], bytes]
_JOIN_SECONDS = 1.0


class SpoolPipeline:
    """The way to one endpoint with one key: spool first, worker behind it."""

    def __init__(self, config: Configuration, listener: Listener) -> None:
        self._config = config
        self._listener = listener
        self._notices = Notices()
        self._tasks: deque[Callable[[], None]] = deque()
        self._waited_in_vain: tuple[float, float] | None = None  # when the last wait began and ended, if it failed
        self._admissions = Admissions()
        self._spool = Spool(config.spool_directory, config.spool_quota_bytes, self._notices)
        self._sync = Sync(self._spool.sync)
        self._uploads = Uploads(config.spool_directory, self._notices)
        self._heartbeat = Heartbeat(config.heartbeat_interval)
        self._delivery = Delivery(
            self._spool,
            self._open_conversation,
            self._run_tasks,
            (self._uploads, self._heartbeat),
            config.flush_interval,
            config.max_queue_size,
            self._notices,
        )
        self._ensure_worker()

    def _open_conversation(self) -> Conversation:
        from ._protocol import Conversation  # noqa: PLC0415 - it imports urllib3
        from ._transport import Transport  # noqa: PLC0415

        config = self._config
        transport = Transport(config.endpoint, config.api_key or "", config.parent_key)
        return Conversation(transport, self._listener, self._admissions)

    def append(self, kind: int, session: bytes, sequence: int, payload: bytes, introduce: Introduce) -> bool:
        """Keep one record so that it survives this process; false if the spool is full."""
        if self._spool.pid != os.getpid():
            self.reset_after_fork()
        kept = self._spool.append(kind, session, sequence, payload, introduce)
        self._announce()
        return kept

    def open_door(self) -> Door:
        """Where what takes the fast path goes in."""
        from ._fast_path import Door  # noqa: PLC0415 - it knows sessions

        return Door(self._spool, self._delivery, self._sync, self._announce)

    def _announce(self) -> None:
        delivery = self._delivery
        try:
            if not delivery.has_news:
                delivery.announce()  # before the next look: a worker that is about to rest sees it, or is seen
            if not delivery.has_started:
                self._ensure_worker()
            if not self._sync.is_announced:
                self._sync.announce()
        finally:
            # A thread could not be started, or a signal handler raised: the next record tries again.
            if not (delivery.has_news and delivery.has_started and self._sync.is_announced):
                self._spool.withdraw_stores()

    def _ensure_worker(self) -> None:
        """Start the worker: at the beginning, in a forked child, after a rest. Where no thread starts, as at the exit,
        the spool keeps it all.
        """
        try:
            if not is_young():
                self._delivery.start()
        except RuntimeError:
            logger.debug("no worker can be started now; the next record tries again, or the next process delivers")

    def attend(self, session: bytes, introduce: Introduce, encode_sign: Introduce) -> None:
        """This process takes part in a session and lives: say so now and then until it leaves."""
        self._heartbeat.join(session, introduce, encode_sign)

    def leave(self, session: bytes) -> None:
        """The session has ended here."""
        self._heartbeat.leave(session)

    def upload(self, session: bytes, path: Path, introduce: Introduce) -> bool:
        """Have a file uploaded as the session's video once nothing recorded waits; false if it cannot be."""
        kept = self._uploads.add(session, path, introduce())
        self._delivery.announce()
        self._delivery.wake_errands()
        return kept

    def cancel_upload(self, session: bytes) -> None:
        """The session has another video now."""
        self._uploads.cancel(session)

    def prepare_later(self, task: Callable[[], None]) -> None:
        """Have the worker do something slow before it sends."""
        self._tasks.append(task)
        self._delivery.announce()

    def _run_tasks(self) -> None:
        while self._tasks:
            self._tasks.popleft()()

    def begin_flush(self, *, and_adopted: bool = False) -> int:
        """Ask for the delivery of what is recorded; a ticket with which `flush` waits for that, and not for more."""
        if self._spool.pid != os.getpid():
            self.reset_after_fork()
        if not self._delivery.is_running:
            self._ensure_worker()
        return self._delivery.begin_flush(and_adopted=and_adopted)

    def flush(
        self,
        timeout_seconds: float,
        *,
        session: bytes | None = None,
        and_adopted: bool = False,
        ticket: int | None = None,
    ) -> bool:
        """Wait until what is recorded is settled; false if out of time.

        With a `session`, until that one's is; without, uploads count too, and if asked, what dead processes left.
        """
        if ticket is None:
            ticket = self.begin_flush(and_adopted=and_adopted)
        began = time.monotonic()
        is_settled = self._delivery.flush(ticket, timeout_seconds, session=session, and_adopted=and_adopted)
        self._waited_in_vain = None if is_settled else (began, time.monotonic())
        return is_settled

    def seconds_left(self, seconds: float) -> float:
        """How much of a wait of `seconds` is left at the exit: an end that just waited in vain has used it up."""
        if self._waited_in_vain is None:
            return seconds
        began, ended = self._waited_in_vain
        now = time.monotonic()
        return seconds if now - ended > seconds else max(0.0, began + seconds - now)

    def fetch_stats(self, session_id: UUID, timeout_seconds: float) -> Answer | None:
        """Ask the server on the caller's thread; None if it does not answer in time."""
        from ._transport import BadAnswerError, Transport, UnreachableError  # noqa: PLC0415 - it imports urllib3

        transport = Transport(self._config.endpoint, self._config.api_key or "", self._config.parent_key)
        try:
            return transport.get(f"/v2/sessions/{session_id}/stats", timeout_seconds)
        except (UnreachableError, BadAnswerError):
            return None
        finally:
            transport.close()

    def prepare_fork(self) -> None:
        """Before a fork: what stores into a mapping would be the child's, too."""
        self._spool.prepare_fork()

    def reset_after_fork(self) -> None:
        """In a forked child: the segments and the thread are the parent's. Closing a shared file keeps its lock."""
        if self._spool.pid == os.getpid():  # done already, for what came before the hook
            return
        for segment in self._spool.segments + list(self._delivery.adopted_segments):
            attempt(segment.close, None)
        self._spool.reset()
        self._delivery.reset()
        self._sync.reset()
        self._tasks.clear()
        self._waited_in_vain = None
        self._admissions = Admissions()

    def go_on(self) -> None:
        """Have delivered what is there already."""
        if self._spool.segments:
            self._announce()

    def await_imports(self, timeout_seconds: float) -> None:
        self._delivery.await_imports(timeout_seconds)

    def tidy(self) -> None:
        """Leave no file behind for what is delivered."""
        self._spool.tidy()

    def close(self) -> None:
        """Stop the worker. What is not delivered waits for the next process."""
        self._delivery.stop()
        self._sync.stop()
        self._sync.join(_JOIN_SECONDS)
        if self._delivery.join(_JOIN_SECONDS):
            self._spool.close()
            self._uploads.close()


def open_pipeline(config: Configuration, listener: Listener) -> Pipeline:
    """The pipeline for a configuration's endpoint and key."""
    return SpoolPipeline(config, listener) if config.api_key else NoKeyPipeline()
