"""What is compiled, by parts: where moments and numbers come from."""

from __future__ import annotations

import ctypes
import itertools
import time
from collections.abc import Iterator
from types import ModuleType

import pytest

from agentops import LLMEvent, _clock, _events, _ids

from .test_acceleration import Stores, stores

__all__ = ["stores"]


@pytest.fixture
def sources(native: ModuleType) -> Iterator[None]:
    """Puts back what a test has changed."""
    del native
    before = _events.now_ns, _events.next_salt
    yield
    _events.use_sources(*before)


def test_a_counter_counts(native: ModuleType) -> None:
    counter = native.Counter(5)
    assert (next(counter), counter(), next(iter(counter)), counter()) == (5, 6, 7, 8)
    assert [*itertools.islice(native.Counter(-(2**62)), 2)] == [-(2**62), 1 - 2**62]
    for arguments, error in (((), TypeError), (("a",), TypeError), ((2**63,), OverflowError)):
        with pytest.raises(error):
            native.Counter(*arguments)
    with pytest.raises(TypeError):
        counter(1)
    with pytest.raises(TypeError):
        counter(start=1)


def test_ids_are_counted_from_a_random_number_on(native: ModuleType, sources: None) -> None:
    del sources
    firsts = set()
    for _ in range(3):
        _events.count_anew()
        assert type(_events.next_salt) is native.Counter
        first = LLMEvent().given_id
        assert isinstance(first, int)
        assert LLMEvent().given_id == first + 1
        firsts.add(first)
    assert len(firsts) == 3
    assert all(0 <= first < 2**_ids.SALT_BITS for first in firsts)


@pytest.mark.parametrize("salt", [0, 1, 2**30 - 1, 2**30, 2**60 - 1, 2**60, 2**62 - 1, 2**63 - 1, -1, -(2**62)])
def test_numbers_of_all_lengths_are_stored(stores: Stores, salt: int) -> None:
    event = LLMEvent()
    event.given_id = salt
    assert stores.taker(event) is True
    numbers = stores.path.read_bytes().split(b"[")[1].split(b"]")[0].split(b",")
    assert [int(number) for number in numbers[:3]] == [1, event.made_ns, salt]


@pytest.mark.parametrize("salt", [2**63, -(2**63) - 1, 2**100])
def test_longer_numbers_are_for_python(stores: Stores, salt: int) -> None:
    event = LLMEvent()
    event.given_id = salt
    stores.take.side_effect = None
    stores.taker(event)
    assert stores.take.called


def test_moments_are_those_of_the_clock(sources: None) -> None:
    del sources
    before = time.time_ns()
    made = LLMEvent().made_ns
    assert before <= made <= time.time_ns()
    _events.use_sources(lambda: 7, lambda: 42)
    assert (LLMEvent().made_ns, LLMEvent().given_id) == (7, 42)
    _events.use_sources(time.monotonic_ns, _events.next_salt)
    assert abs(LLMEvent().made_ns - time.monotonic_ns()) < 60 * 10**9


def raise_error() -> int:
    raise KeyError("no moment")


@pytest.mark.parametrize("moment", ["noon", 2**80, 1.5])
def test_a_clock_that_gives_no_moment_is_for_python(native: ModuleType, stores: Stores, moment: object) -> None:
    stores.take.side_effect = None
    native.Taker(**stores.parts | {"now_ns": lambda: moment})(LLMEvent())
    assert stores.take.called


def test_a_clock_that_fails_says_so(native: ModuleType, stores: Stores, sources: None) -> None:
    del sources
    with pytest.raises(KeyError, match="no moment"):
        native.Taker(**stores.parts | {"now_ns": raise_error})(LLMEvent())
    assert stores.read() == []
    _events.use_sources(raise_error, _events.next_salt)
    with pytest.raises(KeyError, match="no moment"):
        LLMEvent()


class MethodDef(ctypes.Structure):
    """PyMethodDef, as far as the function."""

    _fields_ = [("name", ctypes.c_char_p), ("function", ctypes.c_void_p)]


class Function(ctypes.Structure):
    """PyCFunctionObject, as far as its definition."""

    _fields_ = [
        ("references", ctypes.c_ssize_t),
        ("type", ctypes.c_void_p),
        ("definition", ctypes.POINTER(MethodDef)),
    ]


def test_a_clock_that_somebody_turned_is_asked(native: ModuleType, stores: Stores, sources: None) -> None:
    """What travels in time for tests puts another function into `time.time_ns`, which stays the same object."""
    del sources
    _events.use_sources(_clock.now_ns, _events.next_salt)
    taker = native.Taker(**stores.parts)
    definition = Function.from_address(id(time.time_ns)).definition.contents
    before = definition.function
    definition.function = Function.from_address(id(time.monotonic_ns)).definition.contents.function
    try:
        event = LLMEvent()
        is_taken = taker(event)
        now = time.time_ns()
        _events.use_sources(_clock.now_ns, _events.next_salt)
        late = LLMEvent()
    finally:
        definition.function = before
    assert is_taken
    recorded_ns = int(stores.path.read_bytes().split(b"[")[1].split(b"]")[0].split(b",")[3])
    assert event.made_ns <= recorded_ns <= now < late.made_ns < before_the_first_of_2020_ns()


def before_the_first_of_2020_ns() -> int:
    return 50 * 365 * 86400 * 10**9
