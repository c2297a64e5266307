"""The worker: one daemon thread per destination that takes the spool to the server.

A cycle delivers everything that this process had recorded when the cycle began; then, one window at a time, what dead
processes left behind. A flush is a ticket: it is done when a cycle that began after it was asked for is done.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from ._encoding import load_fast_encoder
from ._guard import attempt, guarded
from ._log import Notices, logger
from ._records import CREATE, EVENTS, Record, iter_records, read_window
from ._segment import FileSegment
from ._slow_imports import import_all
from ._spool import Spool
from ._totals import add_totals

if TYPE_CHECKING:
    from ._protocol import Conversation, Refusal, Step
    from ._segment import Segment

WINDOW_BYTES = 1_000_000
BATCH_EVENTS = 500
_BACKOFF_FIRST_SECONDS = 0.2
_BACKOFF_CAP_SECONDS = 30.0
_BACKOFF_FLUSHING_SECONDS = 0.5
_SCAN_SECONDS = 5.0
_ADOPTED_AT_ONCE = 16  # each is an open file


class Delivery:
    """Takes records from a spool to its destination. `start` may be called again after a fork."""

    def __init__(
        self,
        spool: Spool,
        converse: Callable[[], Conversation],
        prepare: Callable[[], None],
        flush_interval_ms: int,
        batch_events: int,
        notices: Notices,
    ) -> None:
        self._spool = spool
        self._converse = converse  # imports urllib3, so it is called on the worker's thread
        self._prepare = prepare  # host environment of new sessions
        self._flush_interval_seconds = flush_interval_ms / 1000
        self._batch_events = max(1, min(batch_events, BATCH_EVENTS))
        self._notices = notices
        self.reset()

    def reset(self) -> None:
        """Forget the thread: in a forked child there is none."""
        self._thread: threading.Thread | None = None
        self._changed = threading.Condition()
        self._is_stopping = False
        self._has_imported = False
        self.has_news = False
        self._tickets = 0
        self._completed = 0
        self._is_idle = False
        self._failures = 0
        self.adopted: list[FileSegment] = []
        self._introductions: dict[int, dict[bytes, bytes]] = {}
        self._next_scan = 0.0
        self._conversation: Conversation | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="agentops-delivery", daemon=True)
        self._thread.start()

    @property
    def has_started(self) -> bool:
        """True from `start` on; cheaper than to ask the thread, which does not end by itself."""
        return self._thread is not None

    @property
    def is_running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def announce(self) -> None:
        """There is something new. Called once per cycle, not once per event."""
        if not self.has_news:
            with self._changed:
                self.has_news = True
                self._is_idle = False
                self._changed.notify_all()

    def flush(self, timeout_seconds: float, *, and_adopted: bool = False) -> bool:
        """Wait until all that was recorded before this call is settled; false if it was not in time."""
        deadline = time.monotonic() + timeout_seconds
        with self._changed:
            self._tickets += 1
            ticket = self._tickets
            self._is_idle = False
            if and_adopted:
                self._next_scan = 0.0  # a process that ended a moment ago counts
            self._changed.notify_all()
            while self._completed < ticket or (and_adopted and not self._is_idle):
                remaining = deadline - time.monotonic()
                if remaining <= 0 or not self.is_running:
                    return False
                self._changed.wait(min(remaining, 0.5))
        return True

    def stop(self) -> None:
        """End the thread after the request that it may be in; unlock what it has not delivered."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()

    def join(self, timeout_seconds: float) -> bool:
        """Wait for the thread to end; false if it has not."""
        if self._thread is not None:
            self._thread.join(timeout_seconds)
        return not self.is_running

    def await_imports(self, timeout_seconds: float) -> None:
        """Wait until everything that the worker needs is imported."""
        with self._changed:
            self._changed.wait_for(lambda: self._has_imported or not self.is_running, timeout_seconds)

    @guarded
    def _import(self) -> None:
        load_fast_encoder()
        import_all()

    def _run(self) -> None:
        self._import()
        with self._changed:
            self._has_imported = True
            self._changed.notify_all()
        while not self._is_stopping:
            if not self._cycle():
                # An error of ours: do not spin on it.
                self._pause(_BACKOFF_CAP_SECONDS)
        for segment in self.adopted:
            segment.close()
        if self._conversation is not None:
            self._conversation.close()

    @guarded
    def _cycle(self) -> bool:
        with self._changed:
            ticket = self._tickets
            self.has_news = False
        self._prepare()
        self._conversation = self._conversation or self._converse()
        for segment in list(self._spool.segments):
            if not self._deliver_until(segment, segment.size):
                return self._is_stopping
            if self._spool.retire(segment):
                self._introductions.pop(id(segment), None)
        self._complete(ticket)
        if self._deliver_adopted():
            self._wait_for_news()
        return True

    def _complete(self, ticket: int) -> None:
        with self._changed:
            self._completed = max(self._completed, ticket)
            self._changed.notify_all()

    def _wait_for_news(self) -> None:
        with self._changed:
            if self.has_news or self._is_wanted():
                return
            self._is_idle = True
            self._changed.notify_all()
            self._changed.wait(max(0.05, self._next_scan - time.monotonic()))
        self._let_batch_gather()

    def _let_batch_gather(self) -> None:
        """Wait the flush interval after the first record of a batch; whoever flushes cuts this short."""
        with self._changed:
            if self.has_news:
                self._changed.wait_for(self._is_wanted, self._flush_interval_seconds)

    def _is_wanted(self) -> bool:
        return self._tickets > self._completed or self._is_stopping

    def _deliver_adopted(self) -> bool:
        """One window of what dead processes left; true when there is nothing of it."""
        if not self.adopted and time.monotonic() >= self._next_scan:
            self._next_scan = time.monotonic() + _SCAN_SECONDS
            for path in self._spool.list_foreign():
                segment = attempt(lambda path=path: FileSegment.adopt(path), None)
                if segment is not None:
                    self.adopted.append(segment)
                if len(self.adopted) == _ADOPTED_AT_ONCE:
                    break
        if not self.adopted:
            return True
        segment = self.adopted[0]
        if segment.cursor.offset < segment.size:
            self._deliver_window(segment, segment.size, gives_way=True)
        if segment.cursor.offset >= segment.size:
            self.adopted.pop(0)
            self._introductions.pop(id(segment), None)
            add_totals(self._spool.directory, segment.cursor)
            segment.delete()
            if not self.adopted:
                self._next_scan = 0.0  # there may be more than were taken at once
        return False

    def _deliver_until(self, segment: Segment, end: int) -> bool:
        while segment.cursor.offset < end:
            if not self._deliver_window(segment, end):
                return False
        return True

    def _deliver_window(self, segment: Segment, end: int, *, gives_way: bool = False) -> bool:
        """Send the records at the cursor and advance it; false if that was broken off."""
        from ._protocol import encode_refusal, plan_steps  # noqa: PLC0415 - it imports urllib3

        records, following = read_window(segment, segment.cursor.offset, end, WINDOW_BYTES)
        introductions = self._introductions_of(segment, records)
        refusals: list[Refusal] = []
        for step in plan_steps(records, self._batch_events):
            refused = self._perform(step, introductions.get(step.session, b""), gives_way)
            if refused is None:
                return False
            refusals += refused
        events = sum(record.kind in EVENTS for record in records)
        refused_events = sum(refusal.record.kind in EVENTS for refusal in refusals)
        for refusal in refusals:
            self._say_refused(refusal)
            segment.keep_refused(encode_refusal(refusal))
        segment.cursor.offset = following
        segment.cursor.sent += events
        segment.cursor.acknowledged += events - refused_events
        segment.cursor.refused += refused_events
        segment.save_cursor()
        return True

    def _introductions_of(self, segment: Segment, records: list[Record]) -> dict[bytes, bytes]:
        """The CREATE payload of each session so far; of an adopted segment, also from what is delivered already."""
        known = self._introductions.get(id(segment))
        if known is None:
            before = iter_records(segment, segment.cursor.offset)
            known = {record.session: record.payload for record in before if record.kind == CREATE}
            self._introductions[id(segment)] = known
        known.update((record.session, record.payload) for record in records if record.kind == CREATE)
        return known

    def _perform(self, step: Step, introduction: bytes, gives_way: bool) -> list[Refusal] | None:
        """Send one step, again and again until it is settled.

        None when told to stop, or when it failed and gives way to news.
        """
        from ._protocol import RetryLaterError  # noqa: PLC0415 - it imports urllib3

        assert self._conversation is not None  # noqa: S101 - set by the cycle
        while not self._is_stopping:
            try:
                refusals = self._conversation.perform(step, introduction)
            except RetryLaterError as error:
                later = error
            else:
                self._say_resumed()
                return refusals
            self._failures += 1
            self._say_failure(later.topic, str(later))
            self._pause(self._backoff_seconds(later.topic), later.after_seconds)
            if gives_way and (self.has_news or self._is_wanted()):
                return None
        return None

    def _backoff_seconds(self, topic: str) -> float:
        ceiling = _BACKOFF_CAP_SECONDS
        if topic != "key":
            ceiling = min(ceiling, _BACKOFF_FIRST_SECONDS * 2.0 ** min(self._failures - 1, 16))
        return ceiling * random.uniform(0.5, 1.0)  # noqa: S311 - spreads agents apart, guards nothing

    def _pause(self, seconds: float, at_least_seconds: float | None = None) -> None:
        """Wait before the next attempt. A flush shortens our own backoff, but not what the server asked for."""
        started = time.monotonic()
        with self._changed:
            while not self._is_stopping:
                limit = min(seconds, _BACKOFF_FLUSHING_SECONDS) if self._tickets > self._completed else seconds
                remaining = started + max(limit, at_least_seconds or 0.0) - time.monotonic()
                if remaining <= 0:
                    return
                self._changed.wait(remaining)

    def _say_failure(self, topic: str, reason: str) -> None:
        if topic == "key":
            self._notices.warn(
                topic,
                "AgentOps: the server refuses the API key (%s). Everything recorded stays on disk and is sent once the "
                "key is known there: check AGENTOPS_API_KEY, or make one with `agentops-server keys create`.",
                reason,
            )
        else:
            self._notices.warn(
                "unreachable",
                "AgentOps cannot deliver just now (%s). Everything recorded stays on disk and is sent when the server "
                "answers.",
                reason,
            )

    def _say_resumed(self) -> None:
        self._failures = 0
        if self._notices.clear("unreachable") | self._notices.clear("key"):
            logger.info("AgentOps delivers again.")

    def _say_refused(self, refusal: Refusal) -> None:
        self._notices.warn(
            f"refused by the server: {refusal.message}",
            "AgentOps: the server refused a record: %s. It is kept in a .refused file in %s.",
            refusal.message,
            self._spool.directory,
        )
