"""Takes the records of segments to the server, window by window, and keeps account of it in their cursors.

A session whose requests fail by themselves (5xx, or an answer that makes no sense) stays behind: the cursor passes it
and remembers where its records begin to wait, and the other sessions go on. Each such session has a backoff of its own.
A server that cannot be reached, refuses the key or asks for time holds up everything, because it is the same for all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from ._backoff import Backoff
from ._log import logger
from ._records import CREATE, EVENT, EVENTS, REPLACE, UPDATE, Record, iter_records, read_window

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Protocol

    from ._log import Notices
    from ._protocol import Conversation, Rejection, RetryLaterError, Step
    from ._segment import Segment

    class Pace(Protocol):
        """What the worker knows of time: whether to stop, to hurry, and how and for what to wait."""

        is_stopping: bool

        @property
        def is_flushing(self) -> bool: ...
        @property
        def has_other_work(self) -> bool: ...
        def pause(self, seconds: float, at_least_seconds: float | None = None) -> None: ...
        def settle_errands(self, session: bytes) -> None: ...


WINDOW_BYTES = 1_000_000
BATCH_EVENTS = 500
BACKOFF_FLUSHING_SECONDS = 0.5
_FAILING_SESSIONS = 4  # so many failing ones and no success between: it is the server, not the sessions
_FAILING_CAP_SECONDS = 5.0
_LATELY_SECONDS = 120.0


class _BrokenOffError(Exception):
    """Told to stop, or to give way, in the middle of a window: it is sent again later, from its beginning."""


class Courier:
    """Delivers with one conversation. Used on the worker's thread only."""

    def __init__(
        self, directory: Path, batch_events: int, notices: Notices, pace: Pace, note_sent: Callable[[bytes], None]
    ) -> None:
        self._directory = directory
        self._batch_events = max(1, min(batch_events, BATCH_EVENTS))
        self._notices = notices
        self._pace = pace
        self.conversation: Conversation | None = None
        self._note_sent = note_sent
        self._introductions: dict[int, dict[bytes, bytes]] = {}
        self._ahead: tuple[Segment, int, list[Record], int] | None = None
        self._backoff = Backoff()
        self._held: dict[bytes, Backoff] = {}
        self._last_success = b"", float("-inf")  # which session, and when (monotonic)

    def forget(self, segment: Segment) -> None:
        """The segment is gone."""
        self._introductions.pop(id(segment), None)
        self._ahead = None

    @property
    def next_retry(self) -> float | None:
        """When (monotonic) the first of the sessions that stayed behind is to be tried again."""
        limit = BACKOFF_FLUSHING_SECONDS if self._pace.is_flushing else None
        return min((backoff.due(limit) for backoff in self._held.values()), default=None)

    def deliver(self, segments: Sequence[Segment], at: int, end: int, *, gives_way: bool = False) -> bool:
        """Send the window at the cursor of `segments[at]` and advance it; false if that was broken off.

        Sessions that stayed behind in this segment, or in one before it, stay behind.
        """
        from ._protocol import plan_steps  # noqa: PLC0415 - it imports urllib3

        segment = segments[at]
        behind = {session for earlier in segments[: at + 1] for session in earlier.cursor.lags}
        records, following = self._take_window(segment, segment.cursor.offset, end)
        introductions = self._introductions_of(segment, records)
        assert self.conversation is not None  # noqa: S101 - set by the worker before it delivers
        self.conversation.meanwhile = partial(self._look_ahead, segment, following, end)
        lags: dict[bytes, int] = {}
        settled: list[tuple[Step, list[Rejection]]] = []
        for step in plan_steps(records, self._batch_events):
            rejections = None
            if step.session not in behind:
                try:
                    rejections = self._perform(step, introductions.get(step.session, b""), gives_way)
                except _BrokenOffError:
                    return False
            if rejections is None:
                behind.add(step.session)
                lags.setdefault(step.session, step.records[0].start)
            else:
                settled.append((step, rejections))
        segment.cursor.offset = following
        segment.cursor.lags = lags | segment.cursor.lags
        self._account(segment, settled)
        return True

    def _take_window(self, segment: Segment, offset: int, end: int) -> tuple[list[Record], int]:
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead[0] is segment and ahead[1] == offset:
            return ahead[2], ahead[3]
        return read_window(segment, offset, end, WINDOW_BYTES)

    def _look_ahead(self, segment: Segment, offset: int, end: int) -> None:
        """Read the next window, if there is one, while the server works at this one: it takes a third of the time."""
        if segment.cursor.offset < offset < end and self._ahead is None:
            self._ahead = (segment, offset, *read_window(segment, offset, end, WINDOW_BYTES))

    def catch_up(self, segments: Sequence[Segment], *, gives_way: bool = False) -> bool:
        """Try those sessions again that stayed behind and are due; true if any of them got on."""
        progress = False
        behind: set[bytes] = set()
        for segment in segments:
            for session in list(segment.cursor.lags):
                if session not in behind and self._is_due(session):
                    before = segment.cursor.lags[session]
                    if not self._catch_up(segment, session, gives_way):
                        progress |= segment.cursor.lags[session] > before
                        behind.add(session)
                        continue
                    progress = True
            behind.update(segment.cursor.lags)
        return progress

    def _is_due(self, session: bytes) -> bool:
        backoff = self._held.get(session)
        limit = BACKOFF_FLUSHING_SECONDS if self._pace.is_flushing else None
        return backoff is None or time.monotonic() >= backoff.due(limit)

    def _catch_up(self, segment: Segment, session: bytes, gives_way: bool) -> bool:
        """Send what waits of one session, up to where the others are; false if some of it still waits."""
        from ._protocol import plan_steps  # noqa: PLC0415 - it imports urllib3

        cursor = segment.cursor
        end = min(cursor.offset, segment.size)
        while cursor.lags[session] < end:
            records, following = read_window(segment, cursor.lags[session], end, WINDOW_BYTES)
            introduction = self._introductions_of(segment, records).get(session, b"")
            own = [record for record in records if record.session == session]
            for step in plan_steps(own, self._batch_events):
                try:
                    rejections = self._perform(step, introduction, gives_way)
                except _BrokenOffError:
                    rejections = None
                if rejections is None:
                    return False
                cursor.lags[session] = step.records[-1].end
                self._account(segment, [(step, rejections)])
            cursor.lags[session] = following
        del cursor.lags[session]
        segment.save_cursor()
        return True

    def _account(self, segment: Segment, settled: list[tuple[Step, list[Rejection]]]) -> None:
        """Keep what was rejected, count, and save the cursor."""
        from ._protocol import encode_rejection  # noqa: PLC0415 - it imports urllib3

        cursor = segment.cursor
        for step, rejections in settled:
            if rejections and self.conversation is not None:
                self.conversation.report(step, rejections)
            for rejection in rejections:
                self._say_rejected(rejection)
                segment.keep_rejected(encode_rejection(rejection))
            if step.kind in EVENTS:
                cursor.sent += len(step.records)
                cursor.acknowledged += len(step.records) - len(rejections)
                cursor.rejected += len(rejections)
        segment.save_cursor()

    def _introductions_of(self, segment: Segment, records: list[Record]) -> dict[bytes, bytes]:
        """The CREATE payload of each session so far; of an adopted segment, also from what is delivered already."""
        known = self._introductions.get(id(segment))
        if known is None:
            before = iter_records(segment, segment.cursor.offset)
            known = {record.session: record.payload for record in before if record.kind == CREATE}
            self._introductions[id(segment)] = known
        known.update((record.session, record.payload) for record in records if record.kind == CREATE)
        return known

    def _perform(self, step: Step, introduction: bytes, gives_way: bool) -> list[Rejection] | None:
        """Send one step, again and again until it is settled; None when its session has to stay behind."""
        from ._protocol import RetryLaterError  # noqa: PLC0415 - it imports urllib3

        assert self.conversation is not None  # noqa: S101 - set by the worker before it delivers
        if step.kind == UPDATE:
            self._pace.settle_errands(step.session)
        settled: list[Rejection] = []
        originals = {record.start: record for record in step.records}
        while not self._pace.is_stopping:
            try:
                rejections = self.conversation.perform(step, introduction)
            except RetryLaterError as error:
                later = error
            else:
                self._note_success(step.session)
                mended = self._mend(step, rejections, settled)
                if not mended:
                    return [rejection._replace(record=originals[rejection.record.start]) for rejection in settled]
                step = step._replace(records=mended)
                continue
            if later.topic == "session":
                self._hold(step.session, later)
                return None
            self._say_failure(later)
            wait_seconds = self._backoff.fail(at_once_longest=later.topic == "key")
            self._pace.pause(wait_seconds, later.after_seconds)
            if gives_way and self._pace.has_other_work:
                break
        raise _BrokenOffError

    def _mend(self, step: Step, rejections: list[Rejection], settled: list[Rejection]) -> list[Record]:
        """What was rejected, as it can be sent again: without the value that the server names. The rest is settled."""
        from ._mending import NAMESPACE, mend  # noqa: PLC0415 - seldom wanted

        mended: list[Record] = []
        may_mend = step.kind in {EVENT, REPLACE} and not (
            self.conversation and self.conversation.is_refused(step.session)
        )
        for rejection in rejections:
            found = mend(rejection.record.payload, rejection.message) if may_mend else None
            if found is None:
                settled.append(rejection)
                continue
            field, payload = found
            mended.append(rejection.record._replace(payload=payload))
            self._notices.warn(
                f"mended {step.session.hex()} {field}",
                "AgentOps: the server cannot take the %s of an event of session %s: %s. The event is kept without it; "
                "what was given is its attribute %s.%s. Others like it are kept so without a word.",
                field,
                UUID(bytes=step.session),
                rejection.message,
                NAMESPACE,
                field,
            )
        return mended

    def _hold(self, session: bytes, error: RetryLaterError) -> None:
        # One that hangs while others get on has a third of the time at most: they wait meanwhile.
        last, at = self._last_success
        spares_others = last != session and time.monotonic() - at < _LATELY_SECONDS
        self._held.setdefault(session, Backoff()).fail(least_seconds=2 * error.lost_seconds if spares_others else 0.0)
        self._notices.warn(
            f"held {session.hex()}",
            "AgentOps cannot deliver the session %s just now (%s). What it recorded stays on disk and is sent again; "
            "other sessions are not held up.",
            UUID(bytes=session),
            error,
        )
        if len(self._held) >= _FAILING_SESSIONS:
            is_first = self._backoff.is_clear
            wait_seconds = self._backoff.fail()
            if not is_first:
                self._pace.pause(min(wait_seconds, _FAILING_CAP_SECONDS))

    def _note_success(self, session: bytes) -> None:
        self._last_success = session, time.monotonic()
        self._note_sent(session)
        if self._held.pop(session, None) is not None:
            self._notices.clear(f"held {session.hex()}")
        self._backoff.clear()
        if self._notices.clear("unreachable") | self._notices.clear("key"):
            logger.info("AgentOps delivers again.")

    def _say_failure(self, error: RetryLaterError) -> None:
        if error.topic == "key":
            self._notices.warn(
                "key",
                "AgentOps: the server refuses the API key (%s). Everything recorded stays on disk and is sent once the "
                "key is known there: check AGENTOPS_API_KEY, or make one with `agentops-server keys create`.",
                error,
            )
        else:
            self._notices.warn(
                "unreachable",
                "AgentOps cannot deliver just now (%s). Everything recorded stays on disk and is sent when the server "
                "answers.",
                error,
            )

    def _say_rejected(self, rejection: Rejection) -> None:
        session = rejection.record.session
        self._notices.warn(
            f"rejected {session.hex()} {rejection.message.partition(':')[0]}",
            "AgentOps: the server rejected a record of session %s: %s. It is kept in a .rejected file in %s; others "
            "like it are kept there without a word.",
            UUID(bytes=session),
            rejection.message,
            self._directory,
        )
