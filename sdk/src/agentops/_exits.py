"""Every way out of a process: sessions are ended in the spool, then whoever was there before us goes on.

Everything is hooked when the client starts and put back when it stops. A hook that somebody else laid over ours
meanwhile stays where it is, and finds ours doing nothing but passing on. None of our frames shows in a traceback.

SIGINT has a second hook. asyncio, trio and others take SIGINT over while they run, to cancel the main task first, but
only from Python's default handler: they ask whether `signal.default_int_handler` is in place, and set that when they
are done. So while we are active, ours goes by that name: they find it, take over from it, and put it back.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import get_ident
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from ._context import ExecutorHook, without_our_frame
from ._events import EndState, ErrorEvent, format_exception
from ._guard import guarded

try:  # what `signal.getsignal` wraps: the wrapper makes an enum of what it finds, at sixty times the cost
    from _signal import getsignal as _getsignal  # type: ignore[import-not-found]
except ImportError:
    _getsignal = signal.getsignal

if TYPE_CHECKING:
    from ._client import Client

    Handler = Callable[[int, FrameType | None], object]

get_handler: Callable[[int], object] = _getsignal
_SIGINT, _SIGTERM = int(signal.SIGINT), int(signal.SIGTERM)
_SIGNALS = (_SIGINT, _SIGTERM)
_MARK = "_agentops_exits"
_main_thread = threading.main_thread().ident


class Exits:
    """The hooks of one client."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._is_active = False
        self._handlers: dict[int, tuple[Handler, object]] = {}  # ours, and what each was laid over
        self.seen_handlers: dict[int, object] = dict.fromkeys(_SIGNALS)
        """What was in place when we looked last, by the number of its signal."""
        self._executors = ExecutorHook()
        self._python_default: Handler = signal.default_int_handler
        self._default = self._make_handler(self._interrupt)
        self._runner_handler: partial[object] | None = None
        self._process_pid = 0  # where we have begun in a child of multiprocessing
        self._left_pid = 0  # where we have done what is to do at the exit
        self._dies_of_interrupt = False

    def install(self) -> None:
        """Hook what is not hooked. Signals only from the main thread, because Python allows no other."""
        if not self._is_active:
            self._is_active = True
            atexit.register(self._at_exit)
            self._chain_excepthooks()
            self._executors.install()
            self._python_default = signal.default_int_handler
            _name_default(self._default)
            self._watch_processes()
            if _is_child_of_multiprocessing():
                self._begin_in_process()
        self.watch_signals()

    def watch_signals(self) -> None:
        """See to it that our handlers are in place, over one that the host set since. Cheap: called at every record."""
        seen = self.seen_handlers
        if get_handler(_SIGTERM) is seen[_SIGTERM] and get_handler(_SIGINT) is seen[_SIGINT]:
            return
        if get_ident() == _main_thread and self._is_active:
            for number, known in seen.items():
                if get_handler(number) is not known:
                    self._hook_signal(number)
                    seen[number] = get_handler(number)

    def uninstall(self) -> None:
        """Put back what was there, where it is still ours to put back."""
        if not self._is_active:
            return
        self._is_active = False
        atexit.unregister(self._at_exit)
        self._executors.uninstall()
        if sys.excepthook is self._excepthook:
            sys.excepthook = self._previous_excepthook
        if threading.excepthook is self._thread_excepthook:
            threading.excepthook = self._previous_thread_excepthook
        if signal.default_int_handler is self._default:
            _name_default(self._python_default)
        if threading.current_thread() is threading.main_thread():
            for number, (handler, previous) in self._handlers.items():
                if signal.getsignal(number) is handler:
                    signal.signal(number, previous)  # type: ignore[arg-type]
        self._handlers.clear()
        self.seen_handlers.update(dict.fromkeys(_SIGNALS))

    def begin_in_child(self) -> None:
        """In a forked child."""
        if self._is_active:
            self._watch_processes()

    def _watch_processes(self) -> None:
        """Be told when multiprocessing has set up this child: it forgets the finalizers that were set before.

        It may be imported after us, so a forked child asks again; a spawned one imports the program before that.
        """
        for name, begin in (("multiprocessing", Exits._begin_in_process), ("billiard", Exits._allow_termination)):
            util = sys.modules.get(f"{name}.util")
            if util is not None:
                util.register_after_fork(self, begin)

    def _allow_termination(self) -> None:
        """Let SIGTERM be what the parent takes it for, see `_hook_signal`."""
        handler, previous = self._handlers.get(signal.SIGTERM, (None, None))
        if previous == signal.SIG_DFL and signal.getsignal(signal.SIGTERM) is handler:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def _begin_in_process(self) -> None:
        if self._process_pid == os.getpid() or not self._is_active:
            return
        self._process_pid = os.getpid()
        self._allow_termination()
        self._finalize()
        if sys.version_info >= (3, 13):  # there, the exception is forgotten when finalizers run
            self._watch_run()

    def _watch_run(self) -> None:
        from multiprocessing import current_process  # noqa: PLC0415 - imported already in such a child

        process = current_process()
        run = process.run

        def run_watched() -> None:
            try:
                run()
            except Exception as error:
                if self._is_active:
                    self._end_for_error(error)
                without_our_frame(error)
                raise

        process.run = run_watched  # type: ignore[method-assign]

    def _finalize(self) -> None:
        """Children of multiprocessing leave without atexit and without excepthook, but not without finalizers."""
        from multiprocessing.util import Finalize  # noqa: PLC0415 - imported already in such a child

        Finalize(None, self._at_exit, exitpriority=0)

    def _at_exit(self) -> None:
        if not self._is_active or self._left_pid == os.getpid():
            return  # a spawned child has both a finalizer and atexit, and waits for delivery once
        self._left_pid = os.getpid()
        error = sys.exc_info()[1]
        if isinstance(error, Exception):
            self._end_for_error(error)
        self._client.exit()
        if self._dies_of_interrupt and not hasattr(sys, "ps1"):
            _remind_of_interrupt()

    def _hook_signal(self, number: int) -> None:
        """Lay a handler over the present one. What is ignored, or handled outside Python, stays so.

        So does the default action of SIGTERM in a child of multiprocessing: by it the parent's `terminate` ends the
        child at once, whatever it does, and waits for that. A handler of Python's runs only when the main thread comes
        to it, which one that is about to wait for the lock of a queue never does.
        """
        previous = signal.getsignal(number)
        if previous in {signal.SIG_IGN, None} or getattr(previous, _MARK, None) is self:
            return
        if number == signal.SIGTERM and previous == signal.SIG_DFL and _is_child_of_pool():
            return
        ours = self._default
        if number == signal.SIGINT and (runner_handler := _find_runner_handler(previous)) is not None:
            # Ours stays when the runner is done, as the default that the runner would put back.
            self._runner_handler = runner_handler
        elif number != signal.SIGINT or previous is not self._python_default:
            ours = self._make_handler(partial(self._pass_on, previous))
            if number == signal.SIGINT:
                self._runner_handler = None
        try:
            signal.signal(number, ours)
        except ValueError:  # another interpreter than the main one
            return
        self._handlers[number] = (ours, self._python_default if ours is self._default else previous)

    def _make_handler(self, follow: Handler) -> Handler:
        def handle(number: int, frame: FrameType | None) -> object:
            if self._is_active:
                self._end_for_signal(number)
            try:
                return follow(number, frame)
            except BaseException as error:
                without_our_frame(error)
                raise

        setattr(handle, _MARK, self)
        return handle

    def _interrupt(self, number: int, frame: FrameType | None) -> object:
        """What SIGINT does when the host handles it in no way of its own."""
        runner, self._runner_handler = self._runner_handler, None
        follow: Any = self._python_default
        if runner is not None and not runner.keywords["main_task"].done():
            follow = self._runner_handler = runner
        try:
            return follow(number, frame)
        except BaseException as error:
            without_our_frame(error)
            raise

    def _pass_on(self, previous: object, number: int, frame: FrameType | None) -> object:
        """What a signal does in a host with a handler of its own, or by the default action of the system."""
        if not callable(previous):
            self._die_of(number)
            return None
        try:
            return previous(number, frame)
        except BaseException as error:
            without_our_frame(error)
            raise

    @guarded
    def _end_for_signal(self, number: int) -> None:
        self._client.interrupt_all(f"Signal {signal.Signals(number).name} detected")

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
            # The interpreter itself calls this when the program is over; others may at any time, and go on.
            is_over = sys._getframe().f_back is None
            self._dies_of_interrupt = is_over and isinstance(error, KeyboardInterrupt)
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


def _remind_of_interrupt() -> None:
    """Have the interpreter die of SIGINT, as it does after an uncaught KeyboardInterrupt.

    It forgets that it is to when anything is evaluated from text meanwhile, as many an import of the worker does, and
    remembers only what was evaluated last (`run_eval_code_obj` in CPython's pythonrun.c).
    """
    with suppress(KeyboardInterrupt):
        exec("raise KeyboardInterrupt")  # noqa: S102 - this is what the interpreter looks at


def _name_default(handler: Handler) -> None:
    signal.default_int_handler = handler  # type: ignore[assignment]


def _find_runner_handler(handler: object) -> partial[object] | None:
    """The handler if asyncio.Runner set it, with which SIGINT cancels the main task before anything else."""
    if not isinstance(handler, partial) or "main_task" not in handler.keywords:
        return None
    is_of_runner = type(getattr(handler.func, "__self__", None)).__module__ == "asyncio.runners"
    return handler if is_of_runner else None


def _is_child_of_multiprocessing() -> bool:
    process = sys.modules.get("multiprocessing.process")
    if process is None:
        return False
    # A spawned child imports the program before it knows its parent, and does this meanwhile.
    return process.parent_process() is not None or getattr(process.current_process(), "_inheriting", False)


def _is_child_of_pool() -> bool:
    """Whether multiprocessing started this process, or billiard, which is Celery's edition of it."""
    process = sys.modules.get("billiard.process")
    return _is_child_of_multiprocessing() or (process is not None and process.current_process().name != "MainProcess")


def _note_main_thread() -> None:
    """In a forked child the thread that forked is the main one."""
    global _main_thread  # noqa: PLW0603 - a fact of the process, read at every record
    _main_thread = get_ident()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_note_main_thread)
