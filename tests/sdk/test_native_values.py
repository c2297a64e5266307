"""What is compiled, by parts: JSON is as orjson writes it, and events are made as their classes make them."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any
from uuid import uuid4

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentops import ActionEvent, Event, LLMEvent, ToolEvent, _context

KINDS = (LLMEvent, ToolEvent, ActionEvent)
IDENTITIES = uuid4(), uuid4()
BLOCK = 1024  # characters that the encoder takes at a time
TEXTS = st.text(st.characters(codec="utf-8")) | st.text('"\\\n\t\x00\x1fab') | st.text("abcdé…😀", min_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner) | st.tuples(inner, inner),
    max_leaves=20,
)


@given(VALUES)
def test_json_is_as_orjson_writes_it(native: ModuleType, value: object) -> None:
    assert native.encode(value) == orjson.dumps(value)


@given(st.text("a", max_size=20), st.text('é…😀"\x01', min_size=1, max_size=3), st.integers(BLOCK - 24, 3 * BLOCK))
def test_texts_of_all_widths_and_lengths(native: ModuleType, start: str, others: str, length: int) -> None:
    text = (start + "b" * length + others + "c" * length)[: 2 * length]
    assert native.encode(text) == orjson.dumps(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_as_the_same_one(native: ModuleType, number: float) -> None:
    assert json.loads(native.encode(number)) == number


class Text(str):
    __slots__ = ()


def nest(depth: int) -> list[object]:
    nested: list[object] = []
    for _ in range(depth):
        nested = [nested]
    return nested


CYCLE: list[object] = []
CYCLE.append(CYCLE)


@pytest.mark.parametrize(
    "value",
    [{1: 2}, {Text("a"): 1}, Text("a"), "\ud800", "a…\udfff", 2**63, float("nan"), float("inf"), b"a", {1}, nest(200)]
    + [CYCLE, object(), uuid4()],
    ids=lambda value: type(value).__name__,
)
def test_what_is_for_another_encoder(native: ModuleType, value: object) -> None:
    assert native.encode(value) is None
    assert native.encode([value]) is None


def attributes(event: Event) -> dict[str, object]:
    slots = [slot for kind in type(event).__mro__ for slot in getattr(kind, "__slots__", ()) if slot != "__dict__"]
    return {slot: getattr(event, slot) for slot in slots if slot not in {"made_ns", "given_id"}} | event.__dict__


def parameters_of(kind: type[Event]) -> tuple[str, ...]:
    code = kind.__init__.__code__
    return code.co_varnames[1 : code.co_argcount]


@given(st.data())
def test_an_event_is_made_as_its_class_makes_it(native: ModuleType, data: st.DataObject) -> None:
    del native
    kind = data.draw(st.sampled_from(KINDS))
    names = parameters_of(kind)
    values = st.none() | st.sampled_from(["text", 5, "01900000-0000-7000-8000-000000000001", ["a"], IDENTITIES[0]])
    args = data.draw(st.lists(values, max_size=len(names)))
    rest = names[len(args) :]
    kwargs = data.draw(st.dictionaries(st.sampled_from(rest), values)) if rest else {}
    agent = data.draw(st.sampled_from([None, "Researcher", IDENTITIES[0]]))
    parent = data.draw(st.sampled_from([None, IDENTITIES[1]]))
    tokens = _context.agent.set(agent), _context.parent.set(parent)
    made, expected = kind(*args, **kwargs), kind.__new__(kind)
    expected.__init__(*args, **kwargs)  # type: ignore[misc]
    _context.agent.reset(tokens[0])
    _context.parent.reset(tokens[1])
    assert type(made) is kind
    assert attributes(made) == attributes(expected)
    assert type(made.given_id) is type(expected.given_id)
    assert 0 <= expected.made_ns - made.made_ns < 60_000_000_000
    assert made.id != expected.id or kwargs.get("id", (*args, *[None] * 7)[6]) is not None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("args", "kwargs"), [((1,) * 30, {}), ((), {"colour": 1}), ((1, 2), {"event_type": 3}), ((), {Text("nothing"): 1})]
)
def test_errors_are_those_of_the_class(
    native: ModuleType, kind: type[Event], args: tuple[object, ...], kwargs: dict[str, Any]
) -> None:
    del native
    with pytest.raises(TypeError) as expected:
        kind.__init__(kind.__new__(kind), *args, **kwargs)
    with pytest.raises(TypeError) as raised:
        kind(*args, **kwargs)
    assert str(raised.value) == str(expected.value)


def test_names_need_not_be_interned(native: ModuleType) -> None:
    del native
    name = "".join(["pro", "mpt"])
    assert LLMEvent(**{name: "hi"}).prompt == "hi"  # type: ignore[arg-type]
