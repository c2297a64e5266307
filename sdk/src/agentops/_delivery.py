"""The worker: one daemon thread per destination that takes the spool to the server.

A cycle delivers everything that this process had recorded when the cycle began; then it tries again what had stayed
behind; then, one window at a time, what dead processes left. Uploads and signs of life have a thread of their own. A
flush is a ticket: it is done when a cycle that began after it was asked for is done, and what it is for has not stayed
behind.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ._adoption import Adoption
from ._courier import BACKOFF_FLUSHING_SECONDS, WINDOW_BYTES, Courier
from ._encoding import load_fast_encoder
from ._errands import ErrandRunner
from ._guard import guarded
from ._log import logger
from ._slow_imports import import_all
from ._spool import Spool

if TYPE_CHECKING:
    from ._errands import Errand
    from ._log import Notices
    from ._protocol import Conversation
    from ._segment import FileSegment, Segment

_FIRST_PAUSE_SECONDS = 0.02
_ERROR_PAUSE_SECONDS = 30.0
_COMPACTION_PAUSE_SECONDS = 60.0
_REST_SECONDS = 60.0


class Delivery:
    """Takes records from a spool to its destination. `start` may be called again after a fork."""

    def __init__(
        self,
        spool: Spool,
        converse: Callable[[], Conversation],
        prepare: Callable[[], None],
        errands: Sequence[Errand],
        flush_interval_ms: int,
        batch_events: int,
        notices: Notices,
    ) -> None:
        self._spool = spool
        self._converse = converse  # imports urllib3, so it is called on the worker's thread
        self._prepare = prepare  # host environment of new sessions
        self._errands = errands
        self._runner = ErrandRunner(errands, converse, self)
        self._flush_interval_seconds = flush_interval_ms / 1000
        self._batch_events = batch_events
        self._notices = notices
        self.reset()

    def reset(self) -> None:
        """Forget the thread: in a forked child there is none."""
        self._thread: threading.Thread | None = None
        self.has_started: bool = False  # from `start` on until it rests; cheaper than to ask the thread
        self._is_starting = False
        self._changed = threading.Condition()
        self.is_stopping: bool = False
        self._has_imported = False
        self._is_hurried = False
        self.has_news: bool = False
        self._began: float | None = None  # when the cycle began to deliver; None between cycles
        self._tickets = 0
        self._completed = 0
        self._flushers = 0
        self._behind: frozenset[bytes] = frozenset()
        self._has_adopted_all = False
        self._next_compaction = 0.0
        self._last_busy = time.monotonic()
        self._runner.reset()
        self._courier = Courier(self._spool.directory, self._batch_events, self._notices, self, self._note_sent)
        self._adoption = Adoption(self._spool, self._courier)

    def settle_errands(self, session: bytes) -> None:
        """Wait until none is on its way that must not be overtaken."""
        for errand in self._errands:
            errand.settle(session)

    def _note_sent(self, session: bytes) -> None:
        for errand in self._errands:
            errand.note_sent(session)
        self._runner.wake()

    def start(self) -> None:
        """Start the thread, if none runs. RuntimeError: none can be started; it is as if this had not been called."""
        with self._changed:
            if self._is_starting or self.is_running:  # by another thread, or by what a signal handler interrupted
                return
            self._is_starting = self.has_started = True
            self._thread = thread = threading.Thread(target=self._run, name="agentops-delivery", daemon=True)
            try:
                thread.start()
            finally:  # a signal handler may raise while it starts
                self._is_starting = False
                if thread not in threading.enumerate():
                    self._thread, self.has_started = None, False

    @property
    def adopted_segments(self) -> Sequence[FileSegment]:
        """What this process took over from dead ones and holds open."""
        return self._adoption.segments

    @property
    def is_running(self) -> bool:
        thread = self._thread
        return thread is not None and thread.is_alive()

    def announce(self) -> None:
        """There is something new. Called once per cycle, not once per event."""
        if not self.has_news:
            with self._changed:
                self.has_news = True
                self._has_adopted_all = False
                self._changed.notify_all()

    def begin_flush(self, *, and_adopted: bool) -> int:
        """Ask for delivery of all that was recorded before this call; the ticket to wait with."""
        with self._changed:
            self._tickets += 1
            self._has_adopted_all = False
            if and_adopted:
                self._adoption.next_scan = 0.0  # a process that ended a moment ago counts
            self._changed.notify_all()
            return self._tickets

    def flush(
        self, ticket: int, timeout_seconds: float, *, session: bytes | None = None, and_adopted: bool = False
    ) -> bool:
        """Wait until what a ticket was asked for is settled; false if it was not in time.

        With a `session`, what others left behind does not count, and nor do errands.
        """
        deadline = time.monotonic() + timeout_seconds
        self._runner.wake()
        with self._changed:
            self._flushers += 1
            self._changed.notify_all()
            try:
                while not self._is_settled(ticket, session, and_adopted):
                    remaining = deadline - time.monotonic()
                    if remaining <= 0 or not self.is_running:
                        return False
                    self._changed.wait(min(remaining, 0.5))
            finally:
                self._flushers -= 1
        return True

    def _is_settled(self, ticket: int, session: bytes | None, and_adopted: bool) -> bool:
        if self._completed < ticket or (and_adopted and not self._is_idle):
            return False
        if session is not None:
            return session not in self._behind
        return not self._behind and not any(errand.is_pending for errand in self._errands)

    @property
    def _is_idle(self) -> bool:
        """True when nothing is left of what dead processes left."""
        return self._has_adopted_all and not any(errand.has_adopted for errand in self._errands)

    def wake_errands(self) -> None:
        """There is an errand to run."""
        self._runner.wake()

    def note_errand(self) -> None:
        """An errand got on: who waits for it looks again."""
        with self._changed:
            self._changed.notify_all()

    def give_way(self, longest_seconds: float) -> None:
        """Wait until nothing recorded waits, but not for a cycle that gets nowhere."""
        with self._changed:
            stuck_seconds = 0.0 if self._began is None else time.monotonic() - self._began
            self._changed.wait_for(
                lambda: self.is_stopping or not (self.has_news or self._began is not None),
                longest_seconds - stuck_seconds,
            )

    def stop(self) -> None:
        """End the thread after the request that it may be in; unlock what it has not delivered."""
        with self._changed:
            self.is_stopping = True
            self._changed.notify_all()
        self._runner.stop()

    def join(self, timeout_seconds: float) -> bool:
        """Wait for the threads to end; false if one has not."""
        deadline = time.monotonic() + timeout_seconds
        thread = self._thread  # which may go to rest meanwhile
        if thread is not None:
            thread.join(timeout_seconds)
        return self._runner.join(max(0.0, deadline - time.monotonic())) and not self.is_running

    def await_imports(self, timeout_seconds: float) -> None:
        """Wait until everything that the worker needs is imported."""
        with self._changed:
            self._is_hurried = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._has_imported or not self.is_running, timeout_seconds)

    @guarded
    def _import(self) -> None:
        load_fast_encoder()
        import_all()

    def _run(self) -> None:
        with self._changed:
            # While a thread imports, another one gets on only every 5 ms (sys.getswitchinterval): init() goes first.
            self._changed.wait_for(lambda: self._is_hurried or self._is_wanted(), _FIRST_PAUSE_SECONDS)
        self._import()
        with self._changed:
            self._has_imported = True
            self._changed.notify_all()
        while not self.is_stopping and not self._try_rest():
            if not self._cycle():
                # An error of ours: do not spin on it.
                self.pause(_ERROR_PAUSE_SECONDS)
        self._adoption.close()
        if self._courier.conversation is not None:
            self._courier.conversation.close()

    def _try_rest(self) -> bool:
        """End the thread, and with it its files and connections, when it has long had nothing to do.

        A program may speak to many destinations, one after the other. The next record starts the thread again.
        """
        if time.monotonic() - self._last_busy < _REST_SECONDS or not self._has_adopted_all:
            return False
        if self._behind or any(errand.keeps_awake for errand in self._errands):
            return False
        self._spool.tidy()
        with self._changed:
            if self.has_other_work:
                return False
            self._thread = None
            self.has_started = False
        return True

    @guarded
    def _cycle(self) -> bool:
        with self._changed:
            ticket = self._tickets
            if self.has_other_work:
                self._last_busy = time.monotonic()
            self.has_news = False
            self._spool.withdraw_stores()  # what comes from here on is announced
            self._began = time.monotonic()
        self._prepare()
        if self._courier.conversation is None:
            self._courier.conversation = self._converse()
        if not self._deliver_own():
            return self.is_stopping
        self._complete(ticket)
        self._catch_up_own()
        if not self._deliver_adopted():
            self._wait_for_news()
        return True

    def _deliver_own(self) -> bool:
        """Everything that this process has recorded so far; false when told to stop."""
        segments = list(self._spool.segments)
        for at, segment in enumerate(segments):
            end = self._spool.size_of(segment)
            while segment.cursor.offset < end:
                if not self._courier.deliver(segments, at, end):
                    return False
        self._retire(segments)
        return True

    def _retire(self, segments: Sequence[Segment]) -> None:
        for segment in segments:
            if self._spool.retire(segment):
                self._courier.forget(segment)

    def _complete(self, ticket: int) -> None:
        with self._changed:
            self._completed = max(self._completed, ticket)
            self._began = None
            self._note_behind()

    def _note_behind(self) -> None:
        with self._changed:
            own = list(self._spool.segments)
            self._behind = frozenset(session for segment in own for session in segment.cursor.lags)
            self._changed.notify_all()

    def _catch_up_own(self) -> None:
        """What stayed behind, after all else: one that hangs again holds up nobody's news but those of meanwhile."""
        segments = list(self._spool.segments)
        if self._courier.catch_up(segments):
            self._retire(segments)
            self._note_behind()
        self._compact(self._spool.compact)

    def _compact(self, rewrite: Callable[[], list[FileSegment]]) -> None:
        """All that can be. A disk that refuses is asked again later: nothing depends on it now."""
        try:
            while time.monotonic() >= self._next_compaction and (gone := rewrite()):
                for segment in gone:
                    self._courier.forget(segment)
        except OSError as error:
            logger.debug("a segment cannot be compacted: %s", error)
            self._next_compaction = time.monotonic() + _COMPACTION_PAUSE_SECONDS

    def _wait_for_news(self) -> None:
        with self._changed:
            if not self.has_other_work:
                self._has_adopted_all = self._adoption.is_done
                self._changed.notify_all()
                self._changed.wait(max(0.02, self._next_wake() - time.monotonic()))
        self._let_batch_gather()

    def _next_wake(self) -> float:
        times = [self._adoption.next_scan, self._courier.next_retry]
        return min(moment for moment in times if moment is not None)

    def _let_batch_gather(self) -> None:
        """Wait the flush interval after the first record of a batch; whoever flushes cuts this short.

        Also when records came while the last batch was on its way: a busy program would else send one for every few
        events, and its own thread would share core and interpreter lock with this one all the time. What fills a window
        already is not waited for.
        """
        with self._changed:
            if self.has_news and self._spool.waiting_bytes < WINDOW_BYTES:
                self._changed.wait_for(self._is_wanted, self._flush_interval_seconds)

    def _is_wanted(self) -> bool:
        return self._tickets > self._completed or self.is_stopping

    @property
    def is_flushing(self) -> bool:
        """True while somebody waits for delivery."""
        return self._flushers > 0

    @property
    def has_other_work(self) -> bool:
        """True when there is something that goes before what dead processes left."""
        return self.has_news or self._is_wanted()

    def _deliver_adopted(self) -> bool:
        """One window of what dead processes left; false when there is nothing of it to do now."""
        if time.monotonic() >= self._adoption.next_scan:
            for errand in self._errands:
                errand.scan()
            self._runner.wake()
            self._adoption.scan()
        progress = self._adoption.deliver()
        self._compact(self._adoption.compact)
        return progress

    def pause(self, seconds: float, at_least_seconds: float | None = None) -> None:
        """Wait before the next attempt. A flush shortens our own backoff, but not what the server asked for."""
        started = time.monotonic()
        with self._changed:
            while not self.is_stopping:
                limit = min(seconds, BACKOFF_FLUSHING_SECONDS) if self._flushers else seconds
                remaining = started + max(limit, at_least_seconds or 0.0) - time.monotonic()
                if remaining <= 0:
                    return
                self._changed.wait(remaining)
