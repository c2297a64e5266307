"""What is remembered of a set of names is what asking anew would tell."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agentops_server.wire.dialects import precedence as table
from agentops_server.wire.dialects.attributes import Attributes
from agentops_server.wire.dialects.shape import LONGEST_NAMES, MOST_SHAPES, Shape, _shapes, shape_of
from agentops_server.wire.otlp.model import Source, Span

NAMES = st.sampled_from(
    [*table.MODEL, *table.INPUT, *table.OUTPUT, "llm.input_messages.0.message.content", "gen_ai.prompt.0.content"]
)
VALUES = st.sampled_from(["", "text", 0, 1, [], {}, None, True, '{"messages":[{"role":"user","content":"x"}]}'])


def make_span(values: dict[str, Any]) -> Span:
    return Span("1" * 32, "2" * 16, "", "call", 0, 1, 2, values, Source({}))


@given(st.dictionaries(NAMES, VALUES, max_size=6), st.lists(VALUES, min_size=6, max_size=6))
def test_finders_find_the_same_however_often_such_names_came(values: dict[str, Any], others: list[Any]) -> None:
    """What was learned from one span with these names holds for another one with other values."""
    _shapes.clear()
    first = Attributes(values)
    for finders in (table.PROMPTS, table.COMPLETIONS):
        table.first(finders, first, make_span(values))
    again = dict(zip(values, others, strict=False))
    learned = [
        table.first(finders, Attributes(again), make_span(again)) for finders in (table.PROMPTS, table.COMPLETIONS)
    ]
    _shapes.clear()
    anew = [table.first(finders, Attributes(again), make_span(again)) for finders in (table.PROMPTS, table.COMPLETIONS)]
    assert learned == anew


def test_names_are_told_in_the_order_in_which_they_are_wanted() -> None:
    shape = Shape(["b.c", "a"])
    assert shape.present(("a", "x", "b.c")) == ("a", "b.c")
    assert shape.starting("b.") == ("b.c",)
    assert shape.starting_any(("a", "b.")) == ("b.c", "a")
    assert shape.families == {"a", "b"}


def test_what_a_sender_makes_up_is_not_remembered_for_good() -> None:
    for number in range(2 * MOST_SHAPES):
        shape_of([f"name.{number}"])
    shape_of(["x" * (LONGEST_NAMES + 1)])
    assert len(_shapes) <= MOST_SHAPES
    assert not any(len(name) > LONGEST_NAMES for key in _shapes for name in key)
