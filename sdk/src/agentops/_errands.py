"""What no delivery waits for: uploads and signs of life, on a thread of their own.

A request of theirs that hangs holds up no event, and an event's none of theirs. The thread starts when there is
something to do for the first time; most programs end before that.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from ._guard import guarded

if TYPE_CHECKING:
    from typing import Protocol

    from ._protocol import Conversation

    class Errand(Protocol):
        """A kind of such work."""

        @property
        def next_due(self) -> float | None: ...
        @property
        def is_pending(self) -> bool: ...
        @property
        def has_adopted(self) -> bool: ...
        @property
        def keeps_awake(self) -> bool: ...
        def note_sent(self, session: bytes) -> None: ...
        def settle(self, session: bytes) -> None: ...
        def advance(self, conversation: Conversation) -> bool: ...
        def scan(self) -> None: ...
        def reset(self) -> None: ...

    class Superior(Protocol):
        """Whom an errand gives way to, and who is told when it got on."""

        def give_way(self, longest_seconds: float) -> None: ...
        def note_errand(self) -> None: ...


_GIVES_WAY_SECONDS = 5.0
_REST_SECONDS = 60.0
_ERROR_PAUSE_SECONDS = 30.0


class ErrandRunner:
    """The thread. `wake` is for all others: there may be something to do."""

    def __init__(self, errands: Sequence[Errand], converse: Callable[[], Conversation], superior: Superior) -> None:
        self._errands = errands
        self._converse = converse
        self._superior = superior
        self._reset()

    def reset(self) -> None:
        """In a forked child there is no thread, and what it did is the parent's to do."""
        self._reset()
        for errand in self._errands:
            errand.reset()

    def _reset(self) -> None:
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_stopping = False
        self._conversation: Conversation | None = None

    def wake(self) -> None:
        """Look what there is to do, and start the thread if there is something."""
        with self._changed:
            if self._thread is None and not self._is_stopping and self._next_due() is not None:
                self._thread = thread = threading.Thread(target=self._run, name="agentops-errands", daemon=True)
                with suppress(RuntimeError):  # at interpreter exit, or there are too many
                    thread.start()
                if thread not in threading.enumerate():
                    self._thread = None
            self._changed.notify_all()

    def stop(self) -> None:
        """End the thread after the request that it may be in."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()

    def join(self, timeout_seconds: float) -> bool:
        """Wait for the thread to end; false if it has not."""
        thread = self._thread  # which may end by itself meanwhile
        if thread is None or not thread.is_alive():
            return True
        thread.join(timeout_seconds)
        return not thread.is_alive()

    def _next_due(self) -> float | None:
        return min((due for errand in self._errands if (due := errand.next_due) is not None), default=None)

    def _run(self) -> None:
        more: bool | None = True
        while more is not False and not self._is_stopping:
            more = self._advance()
            if more is None:  # an error of ours: do not spin on it
                self._sleep(_ERROR_PAUSE_SECONDS)
        if self._conversation is not None:
            self._conversation.close()

    @guarded
    def _advance(self) -> bool:
        """Wait for what is next and do it; false when there is nothing to wait for."""
        with self._changed:  # from the look to the sleep: what comes between would not wake it
            due = self._next_due()
            if due is None:
                return self._await_work()
            wait_seconds = due - time.monotonic()
            if wait_seconds > 0:
                self._sleep(wait_seconds)
                return True
        self._superior.give_way(_GIVES_WAY_SECONDS)
        if self._conversation is None:
            self._conversation = self._converse()
        for errand in self._errands:
            errand.advance(self._conversation)
        self._superior.note_errand()
        return True

    def _await_work(self) -> bool:
        """False when there was none for long: the thread ends, and `wake` starts another one."""
        self._changed.wait(_REST_SECONDS)
        if self._is_stopping or self._next_due() is not None:
            return True
        self._thread = None
        return False

    def _sleep(self, seconds: float) -> None:
        with self._changed:
            if not self._is_stopping:
                self._changed.wait(max(0.0, seconds))
