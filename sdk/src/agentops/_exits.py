"""Every way out of a process: sessions are ended in the spool, then whoever was there before us goes on.

Everything is hooked when the client starts and put back when it stops. A hook that somebody else laid over ours
meanwhile stays where it is, and finds ours doing nothing but passing on.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from collections.abc import Callable
from threading import get_ident
from types import FrameType, TracebackType
from typing import TYPE_CHECKING

from ._events import EndState, ErrorEvent, format_exception
from ._guard import guarded

try:  # what `signal.getsignal` wraps: the wrapper makes an enum of what it finds, at sixty times the cost
    from _signal import getsignal as _getsignal  # type: ignore[import-not-found]
except ImportError:
    _getsignal = signal.getsignal

if TYPE_CHECKING:
    from ._client import Client

    Handler = Callable[[int, FrameType | None], object]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_MARK = "_is_of_agentops"
_MAIN_THREAD = threading.main_thread().ident


class Exits:
    """The hooks of one client."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._is_active = False
        self._handlers: dict[int, tuple[Handler, object]] = {}  # ours, and what each was laid over
        self._seen: dict[int, object] = dict.fromkeys(_SIGNALS)  # what was in place when we looked last

    def install(self) -> None:
        """Hook what is not hooked. Signals only from the main thread, because Python allows no other."""
        if not self._is_active:
            self._is_active = True
            atexit.register(self._at_exit)
            self._chain_excepthooks()
        self.watch_signals()

    def watch_signals(self) -> None:
        """See to it that our handlers are in place, over one that the host set since. Cheap: called at every record."""
        if get_ident() == _MAIN_THREAD and self._is_active:
            for number, seen in self._seen.items():
                if _getsignal(number) is not seen:
                    self._hook_signal(number)
                    self._seen[number] = _getsignal(number)

    def uninstall(self) -> None:
        """Put back what was there, where it is still ours to put back."""
        if not self._is_active:
            return
        self._is_active = False
        atexit.unregister(self._at_exit)
        if sys.excepthook is self._excepthook:
            sys.excepthook = self._previous_excepthook
        if threading.excepthook is self._thread_excepthook:
            threading.excepthook = self._previous_thread_excepthook
        if threading.current_thread() is threading.main_thread():
            for number, (handler, previous) in self._handlers.items():
                if signal.getsignal(number) is handler:
                    signal.signal(number, previous)  # type: ignore[arg-type]
        self._handlers.clear()
        self._seen = dict.fromkeys(_SIGNALS)

    def _at_exit(self) -> None:
        self._client.exit()

    def _hook_signal(self, number: int) -> None:
        """Lay a handler over the present one. What is ignored, or handled outside Python, stays so."""
        previous = signal.getsignal(number)
        if previous in {signal.SIG_IGN, None} or hasattr(previous, _MARK):
            return

        def handle(signal_number: int, frame: FrameType | None) -> object:
            if self._is_active:
                self._end_for_signal(signal_number)
                # The interpreter forgets that it is to die of SIGINT when something is evaluated from text meanwhile,
                # as many an import does. So those of the worker come first.
                self._client.await_imports()
            if callable(previous):
                return previous(signal_number, frame)
            self._die_of(signal_number)
            return None

        setattr(handle, _MARK, True)
        signal.signal(number, handle)
        self._handlers[number] = (handle, previous)

    @guarded
    def _end_for_signal(self, number: int) -> None:
        reason = f"Signal {signal.Signals(number).name} detected"
        self._client.end_all(EndState.FAILURE, reason, is_implicit=False)

    def _die_of(self, number: int) -> None:
        """The default action: nothing of Python runs after it, so delivery is waited for here."""
        guarded(self._client.flush)()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def _chain_excepthooks(self) -> None:
        self._previous_excepthook = sys.excepthook
        self._previous_thread_excepthook = threading.excepthook
        # Bound once, so that `uninstall` can tell whether they are still the ones in place.
        self._excepthook = self._on_uncaught
        self._thread_excepthook = self._on_uncaught_in_thread
        sys.excepthook = self._excepthook
        threading.excepthook = self._thread_excepthook

    def _on_uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if self._is_active:
            self._end_for_error(error)
        self._previous_excepthook(kind, error, trace)

    @guarded
    def _end_for_error(self, error: BaseException) -> None:
        reason = "Signal SIGINT detected" if isinstance(error, KeyboardInterrupt) else format_exception(error)
        self._client.end_all(EndState.FAILURE, reason, is_implicit=False)

    def _on_uncaught_in_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if self._is_active:
            self._record_error(arguments)
        self._previous_thread_excepthook(arguments)

    @guarded
    def _record_error(self, arguments: threading.ExceptHookArgs) -> None:
        """A thread died, the session goes on."""
        error, session = arguments.exc_value, self._client.find_current()
        if session is not None and error is not None and not isinstance(error, SystemExit):
            session.record(ErrorEvent(exception=error))
