"""What is compiled, by parts: `Session.record` is the function that it stands in for, and takes a short way."""

from __future__ import annotations

import gc
import inspect
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any, ClassVar
from unittest.mock import create_autospec, patch
from weakref import ref

import pytest

from agentops import LLMEvent, Session

from .test_acceleration import Stores, stores

__all__ = ["stores"]


class Recorder:
    """What a session is for this."""

    __slots__ = ("_fast_path", "at_length", "in_python")
    swallowed: ClassVar[list[tuple[Exception, str]]] = []

    def __init__(self, fast_path: object) -> None:
        self._fast_path = fast_path
        self.at_length: list[object] = []
        self.in_python: list[object] = []

    def record(self, event: object) -> None:
        """Record it."""
        self.in_python.append(event)

    def _record_at_length(self, event: object) -> None:
        if isinstance(event, BaseException):
            raise event
        self.at_length.append(event)


class Like:
    """Not one, but in memory as one."""

    __slots__ = ("_fast_path", "in_python")

    def __init__(self, fast_path: object) -> None:
        self._fast_path = fast_path
        self.in_python: list[object] = []


FUNCTION = Recorder.record
RECORD = "Recorder.record"


def swallow(error: Exception, where: str) -> None:
    if isinstance(error, LookupError):
        raise error
    Recorder.swallowed.append((error, where))


@pytest.fixture
def recorder(native: ModuleType, stores: Stores) -> Iterator[Recorder]:
    Recorder.record = native.Method(Recorder, FUNCTION, "_fast_path", "_record_at_length", swallow)  # type: ignore[method-assign]
    Recorder.swallowed.clear()
    yield Recorder(stores.taker)
    Recorder.record = FUNCTION  # type: ignore[method-assign]


def test_what_the_fast_path_takes_runs_no_python(recorder: Recorder, stores: Stores) -> None:
    method = recorder.record
    recorder.record(LLMEvent())
    method(LLMEvent())
    Recorder.record(recorder, LLMEvent())
    Recorder.record.__get__(recorder)(LLMEvent())  # type: ignore[attr-defined]
    assert len(stores.read()) == 4
    assert recorder.in_python == recorder.at_length == []


def test_what_it_does_not_take_is_recorded_at_length(recorder: Recorder, stores: Stores) -> None:
    stores.take.side_effect = None
    stores.take.return_value = False
    event = LLMEvent(id="an id")
    recorder.record(event)
    assert (recorder.at_length, recorder.in_python) == ([event], [])


@pytest.mark.parametrize("fast_path", [lambda _event: True, None, "deleted"])
def test_without_a_compiled_fast_path_it_is_the_function(recorder: Recorder, fast_path: object) -> None:
    recorder._fast_path = fast_path
    if fast_path == "deleted":
        del recorder._fast_path
    event = LLMEvent()
    recorder.record(event)
    assert recorder.in_python == [event]


def test_it_is_called_as_the_function_is(recorder: Recorder) -> None:
    event = LLMEvent()
    recorder.record(event=event)
    Recorder.record(event=event, self=recorder)
    assert recorder.in_python == [event, event]
    like = Like(recorder._fast_path)
    Recorder.record(like, event)  # type: ignore[arg-type]
    assert like.in_python == [event]
    for args, kwargs in (((), {}), ((1, 2), {}), ((), {"colour": 1}), ((1,), {"event": 2})):
        with pytest.raises(TypeError) as expected:
            FUNCTION(recorder, *args, **kwargs)
        with pytest.raises(TypeError) as raised:
            recorder.record(*args, **kwargs)
        assert str(raised.value) == str(expected.value)


def test_errors_end_here_and_what_ends_more_does_not(recorder: Recorder, stores: Stores) -> None:
    error = ValueError("no look")
    stores.look.side_effect = error
    assert recorder.record(LLMEvent()) is None  # type: ignore[func-returns-value]
    assert Recorder.swallowed == [(error, RECORD)]
    assert error.__traceback__ is not None
    stores.look.side_effect, stores.take.side_effect, stores.take.return_value = None, None, False
    recorder.record(another := OSError("at length"))
    assert Recorder.swallowed[1:] == [(another, RECORD)]
    with pytest.raises(SystemExit):
        recorder.record(SystemExit())
    with pytest.raises(LookupError):
        recorder.record(LookupError("which `swallow` raises"))


def test_it_looks_like_the_function(recorder: Recorder) -> None:
    method: Any = Recorder.record
    assert (method.__name__, method.__qualname__, method.__doc__) == ("record", RECORD, "Record it.")
    assert (method.__module__, method.__wrapped__, method.__code__) == (__name__, FUNCTION, FUNCTION.__code__)
    assert inspect.signature(method) == inspect.signature(FUNCTION)
    assert inspect.signature(recorder.record) == inspect.signature(FUNCTION.__get__(recorder))
    assert inspect.getsource(method) == inspect.getsource(FUNCTION)
    assert repr(method) == repr(FUNCTION)
    assert inspect.isroutine(method)
    assert recorder.record == recorder.record
    with pytest.raises(AttributeError, match="colour"):
        _ = method.colour


def test_it_can_be_replaced_and_extended(recorder: Recorder, stores: Stores) -> None:
    class Own(Recorder):
        __slots__ = ()

        def record(self, event: object) -> None:
            super().record(event)

    Own(stores.taker).record(LLMEvent())
    method = Recorder.__dict__["record"]
    with patch.object(Recorder, "record", autospec=True) as replaced:
        recorder.record(LLMEvent())
    assert replaced.call_count == 1
    assert Recorder.__dict__["record"] is method
    create_autospec(Recorder)(None).record(LLMEvent())
    recorder.record(LLMEvent())
    assert len(stores.read()) == 2


@pytest.mark.parametrize(
    "parts", [(int, FUNCTION, "_fast_path"), (Recorder, len, "_fast_path"), (Recorder, FUNCTION, "swallowed")]
)
def test_parts_that_are_wrong_are_said_at_once(native: ModuleType, parts: tuple[object, ...]) -> None:
    with pytest.raises((TypeError, AttributeError)):
        native.Method(*parts, "_record_at_length", swallow)


def test_nothing_is_held_longer_than_needed(recorder: Recorder, stores: Stores) -> None:
    stores.take.side_effect = None
    stores.take.return_value = False
    objects = [stores.taker, recorder, None, False, True]
    other = LLMEvent(id="an id")
    for _ in range(2):
        before = [sys.getrefcount(each) for each in objects]
        for _ in range(500):
            recorder.record(LLMEvent())
            recorder.record(other)
            recorder.record(ValueError("swallowed"))
            recorder.at_length.clear()
            Recorder.swallowed.clear()
            stores.take.reset_mock()
        gc.collect()
        after = [sys.getrefcount(each) for each in objects]
    assert all(abs(now - then) < 250 for now, then in zip(after, before, strict=True))  # half of them


def test_a_class_goes_with_its_method(native: ModuleType) -> None:
    class Short:
        __slots__ = ("_fast_path",)

        def record(self, event: object) -> None: ...

    Short.record = native.Method(Short, Short.record, "_fast_path", "record", swallow)  # type: ignore[method-assign]
    gone = ref(Short)
    del Short
    gc.collect()
    assert gone() is None


def test_that_of_a_session_is_compiled(native: ModuleType) -> None:
    assert type(Session.__dict__["record"]) is native.Method
