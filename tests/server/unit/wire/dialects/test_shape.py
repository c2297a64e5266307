"""What is remembered of a set of names is what asking anew would tell."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentops_server.wire.dialects import precedence as table
from agentops_server.wire.dialects.attributes import Attributes
from agentops_server.wire.dialects.shape import LONGEST_NAMES, MOST_SHAPES, Shape, _shapes, shape_of
from agentops_server.wire.otlp.decoding import decode_export
from agentops_server.wire.otlp.model import Export, Source, Span
from tests.server.unit.wire.otlp.making import SENDER

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


_OF_TABLE = {name for names in vars(table).values() if isinstance(names, tuple) for name in names if type(name) is str}
_OF_DIALECTS = {
    *("agentops.span.kind", "openinference.span.kind", "langfuse.observation.type", "gen_ai.operation.name"),
    *("gen_ai.usage.input_tokens", "llm.token_count.completion", "langfuse.observation.usage_details"),
    *("agentops.sequence", "agentops.agent.id", "agentops.parent.id", "metadata", "crew_key", "graph.node.id"),
    *("llm.invocation_parameters", "langfuse.observation.cost_details", "ai.response.providerMetadata"),
}
ALL_NAMES = st.sampled_from(sorted(_OF_TABLE | _OF_DIALECTS))
ALL_VALUES = VALUES | st.sampled_from(["llm", "LLM", "agent", "tool", "generation", "chat", '{"input":5}', 7, "gpt-4o"])


@given(st.dictionaries(ALL_NAMES, ALL_VALUES, max_size=8), st.lists(ALL_VALUES, min_size=8, max_size=8))
def test_a_span_is_read_the_same_however_often_such_names_came(values: dict[str, Any], others: list[Any]) -> None:
    again = dict(zip(values, others, strict=False))
    _shapes.clear()
    decode_export(Export([make_span(values)]), SENDER)
    learned = decode_export(Export([make_span(again)]), SENDER)
    _shapes.clear()
    assert learned == decode_export(Export([make_span(again)]), SENDER)


@pytest.mark.parametrize("find", [find for find in table.KINDS if find not in table.LOOK_AT_SPANS])
def test_a_kind_that_is_known_by_attributes_is_found_without_the_span(find: Callable[[Attributes, Any], str]) -> None:
    """Else it would not be asked about a span with such names again, whatever else that one is."""
    assert find(Attributes({}), None) is None
    assert find(Attributes({"name": "x", "gen_ai.operation.name": ""}), None) is None


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
