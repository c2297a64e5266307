"""Running a function of any kind with something current meanwhile, and being told what came of it.

Sync, async, generator and async generator functions are one table here; decorators say only what a call means to them.
Inside generators the context is set for each step, because between the steps it is the caller's.
"""

from __future__ import annotations

import functools
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from ._guard import guarded

if TYPE_CHECKING:
    from typing import Protocol

    class Call(Protocol):
        """One call of a decorated function."""

        def current(self) -> AbstractContextManager[object]:
            """What is set while the function runs."""
            ...

        def note(self, item: object) -> None:
            """A generator gave this."""

        def finish(self, result: object) -> None:
            """The function returned; a generator ended or was closed."""

        def fail(self, error: BaseException) -> None:
            """The function raised."""


class _NothingCall:
    """Stands in where announcing a call failed: the function runs all the same."""

    def current(self) -> AbstractContextManager[object]:
        return nullcontext()

    def note(self, item: object) -> None: ...

    def finish(self, result: object) -> None: ...

    def fail(self, error: BaseException) -> None: ...


_NOTHING = _NothingCall()
Begin = Callable[[tuple[Any, ...], dict[str, Any]], "Call | None"]
_Start = Callable[[tuple[Any, ...], dict[str, Any]], "Call"]


def wrap(function: Callable[..., Any], begin: Begin) -> Callable[..., Any]:
    """The function, with each call of it announced to `begin`, which may take keyword arguments out.

    It says what follows the call, or None where nothing does.
    """
    announce = guarded(begin)

    def begin_safely(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call:
        return announce(args, kwargs) or _NOTHING

    return functools.wraps(function)(_choose(function, begin_safely))


def _choose(function: Callable[..., Any], begin: _Start) -> Callable[..., Any]:
    import inspect  # noqa: PLC0415 - who decorates has it mostly; who only imports us need not wait for it

    if inspect.iscoroutinefunction(function):
        return _wrap_coroutine(function, begin)
    if inspect.isasyncgenfunction(function):
        return _wrap_async_generator(function, begin)
    if inspect.isgeneratorfunction(function):
        return _wrap_generator(function, begin)
    return _wrap_plain(function, begin)


def _wrap_plain(function: Callable[..., Any], begin: _Start) -> Callable[..., Any]:
    def run(*args: Any, **kwargs: Any) -> Any:
        call = begin(args, kwargs)
        try:
            with call.current():
                result = function(*args, **kwargs)
        except BaseException as error:
            call.fail(error)
            raise
        call.finish(result)
        return result

    return run


def _wrap_coroutine(function: Callable[..., Any], begin: _Start) -> Callable[..., Any]:
    async def run(*args: Any, **kwargs: Any) -> Any:
        call = begin(args, kwargs)
        try:
            with call.current():
                result = await function(*args, **kwargs)
        except BaseException as error:
            call.fail(error)
            raise
        call.finish(result)
        return result

    return run


def _wrap_generator(function: Callable[..., Any], begin: _Start) -> Callable[..., Any]:
    def run(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        call = begin(args, kwargs)
        generator = function(*args, **kwargs)
        step, given = generator.send, None
        while True:
            try:
                with call.current():
                    item = step(given)
            except StopIteration as stop:
                call.finish(stop.value)
                return stop.value
            except BaseException as error:
                call.fail(error)
                raise
            call.note(item)
            try:
                step, given = generator.send, (yield item)
            except GeneratorExit:
                generator.close()
                call.finish(None)
                raise
            except BaseException as error:  # noqa: BLE001 - thrown in by the caller: the function handles it
                step, given = generator.throw, error

    return run


def _wrap_async_generator(function: Callable[..., Any], begin: _Start) -> Callable[..., Any]:
    async def run(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        call = begin(args, kwargs)
        generator = function(*args, **kwargs)
        step, given = generator.asend, None
        while True:
            try:
                with call.current():
                    item = await step(given)
            except StopAsyncIteration:
                call.finish(None)
                return
            except BaseException as error:
                call.fail(error)
                raise
            call.note(item)
            try:
                step, given = generator.asend, (yield item)
            except GeneratorExit:
                await generator.aclose()
                call.finish(None)
                raise
            except BaseException as error:  # noqa: BLE001 - thrown in by the caller: the function handles it
                step, given = generator.athrow, error

    return run
