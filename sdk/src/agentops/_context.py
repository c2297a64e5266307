"""What is current: session, agent and parent event. Context variables: each asyncio task and thread has its own.

A session is current inside its `with` block. The open blocks of a context form a chain, the innermost in front, and a
block that is left is taken out of it wherever it stands: blocks in generators are not left in the order in which they
were entered, nor always in the context in which they were.

A generator has no context of its own: what it sets is its caller's to see. So a block remembers the generator that
opened it, and counts while that generator runs. Generators that exist to lend their block to their caller are told by
who resumes them.

Executors start a function in a thread's own context, so what is current is handed over with the function.
"""

from __future__ import annotations

import functools
import sys
import threading
import weakref
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from ._importing import ImportHook

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor
    from types import FrameType

    from ._session import Session

E = TypeVar("E", bound=BaseException)

_IS_GENERATOR = 0x20 | 0x200  # CO_GENERATOR and CO_ASYNC_GENERATOR, as in the standard library's inspect
_LENDERS = frozenset({"contextlib", "_pytest.fixtures"})
_EXECUTORS = "concurrent.futures.thread"
_INTERPRETERS = "concurrent.futures.interpreter"


class _Block:
    """One open `with session:`."""

    __slots__ = ("generator", "outer", "session", "task", "thread")

    def __init__(self, session: Session, outer: _Block | None, generator: FrameType | None) -> None:
        self.session: Session | None = session  # None once the block is left
        self.outer = outer
        self.generator = generator
        self.thread = threading.get_ident()
        self.task = None if generator is None else _find_task()

    def is_visible(self) -> bool:
        """False in the caller of a suspended generator. Tasks and threads that the generator started do see it."""
        generator = self.generator
        if generator is None or generator.f_back is not None or self.thread != threading.get_ident():
            return True
        # A suspended frame has nothing behind it.
        return (None if self.task is None else self.task()) is not _peek(_find_task())


_blocks: ContextVar[_Block | None] = ContextVar("agentops_session", default=None)
agent: ContextVar[UUID | str | None] = ContextVar("agentops_agent", default=None)
parent: ContextVar[UUID | str | None] = ContextVar("agentops_parent", default=None)
_carried: tuple[ContextVar[Any], ...] = (_blocks, agent, parent)


def enter(session: Session) -> None:
    """A `with` block of the session begins here."""
    _blocks.set(_Block(session, _find_open(_blocks.get()), _find_generator(sys._getframe(1))))


def leave(session: Session) -> None:
    """The innermost `with` block of the session ends. Nothing to do in a context that never entered it."""
    block = _blocks.get()
    while block is not None and block.session is not session:
        block = block.outer
    if block is not None:
        block.session = block.generator = None
        _blocks.set(_find_open(_blocks.get()))


def find_session() -> Session | None:
    """The session of the innermost block around the caller that has not been ended."""
    block = _blocks.get()
    while block is not None:
        session = block.session
        if session is not None and (session.is_running or session.is_interrupted) and block.is_visible():
            return session
        block = block.outer
    return None


def _find_open(block: _Block | None) -> _Block | None:
    while block is not None and block.session is None:
        block = block.outer
    return block


def _find_generator(frame: FrameType | None) -> FrameType | None:
    """The generator in which the block was opened, lenders passed over."""
    while frame is not None:
        if frame.f_code.co_flags & _IS_GENERATOR:
            resumer = frame.f_back
            if resumer is None or resumer.f_globals.get("__name__") not in _LENDERS:
                return frame
        frame = frame.f_back
    return None


def _find_task() -> weakref.ref[Any] | None:
    """The asyncio task that runs in this thread, if asyncio is in use at all."""
    current_task = getattr(sys.modules.get("asyncio"), "current_task", None)
    if current_task is None:
        return None
    try:
        task = current_task()
    except RuntimeError:  # no loop runs
        return None
    return None if task is None else weakref.ref(task)


def _peek(reference: weakref.ref[Any] | None) -> object:
    return None if reference is None else reference()


def without_our_frame(error: E) -> E:
    """The error without the first line of its traceback, for the frame of ours that passes it on with `raise`."""
    if error.__traceback__ is not None:
        error.__traceback__ = error.__traceback__.tb_next
    return error


class _Handed:
    """A function that runs with what was current where it was handed over."""

    __slots__ = ("_function", "_values")

    def __init__(self, function: Callable[..., Any], values: tuple[object, ...]) -> None:
        self._function = function
        self._values = values

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        tokens = [variable.set(value) for variable, value in zip(_carried, self._values, strict=True)]
        try:
            return self._function(*args, **kwargs)
        except BaseException as error:
            without_our_frame(error)
            raise
        finally:
            for variable, token in zip(_carried, tokens, strict=True):
                variable.reset(token)


def hand_over(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with what is current now; the function itself if nothing is."""
    values = tuple(variable.get() for variable in _carried)
    return function if values == (None,) * len(values) else _Handed(function, values)


class ExecutorHook:
    """Lays ours over `ThreadPoolExecutor.submit`, once there is one, and puts back what was there."""

    def __init__(self) -> None:
        self._is_active = False
        self._hook = ImportHook(lambda _name: self._lay_over())
        self._ours: Callable[..., Any] | None = None
        self._previous: Callable[..., Any] | None = None

    def install(self) -> None:
        self._is_active = True
        if _EXECUTORS in sys.modules:
            self._lay_over()
        else:
            self._hook.install({_EXECUTORS})
            if _EXECUTORS in sys.modules:  # another thread was quicker
                self._lay_over()

    def _lay_over(self) -> None:
        from concurrent.futures.thread import ThreadPoolExecutor  # noqa: PLC0415 - init() has no use for it

        if self._ours is not None and ThreadPoolExecutor.submit is self._ours:
            return
        previous: Callable[..., Any] = ThreadPoolExecutor.submit

        @functools.wraps(previous)
        def submit(self_: ThreadPoolExecutor, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            handed = hand_over(fn) if self._is_active and _shares_memory(self_) else fn
            try:
                future: Future[Any] = previous(self_, handed, *args, **kwargs)
            except BaseException as error:
                without_our_frame(error)
                raise
            return future

        self._previous, self._ours = previous, submit
        ThreadPoolExecutor.submit = submit  # type: ignore[method-assign, assignment]

    def uninstall(self) -> None:
        self._is_active = False
        self._hook.uninstall()
        if self._previous is None:
            return
        from concurrent.futures.thread import ThreadPoolExecutor  # noqa: PLC0415 - there is one to be put back

        if ThreadPoolExecutor.submit is self._ours:
            ThreadPoolExecutor.submit = self._previous  # type: ignore[method-assign]
            self._ours = self._previous = None


def _shares_memory(executor: ThreadPoolExecutor) -> bool:
    """False for executors of interpreters, a kind of thread pool to which functions are pickled."""
    return all(kind.__module__ != _INTERPRETERS for kind in type(executor).__mro__)
