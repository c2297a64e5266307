"""What follows from a trace does not depend on the order in which its spans come, nor on how often they do."""

import uuid
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from agentops_server.domain.ids import AgentId, EventId, SessionId
from agentops_server.ingest.trace import Node, Trace

SESSION = SessionId(uuid.UUID(int=1))


@dataclass(frozen=True)
class Shape:
    """A span of a made-up trace; the parent is one of the spans before it, or none."""

    parent: int
    is_llm: bool
    has_usage: bool
    has_failed: bool
    agent: int


SHAPES = st.lists(
    st.builds(Shape, st.integers(-1, 9), st.booleans(), st.booleans(), st.booleans(), st.integers(0, 2)),
    min_size=1,
    max_size=9,
)


def event_id(number: int) -> EventId:
    return EventId(uuid.UUID(int=100 + number))


def make_node(number: int, shape: Shape) -> Node:
    parent = event_id(shape.parent) if 0 <= shape.parent < number else None
    agent = AgentId(uuid.UUID(int=shape.agent)) if shape.agent else None
    usage = shape.is_llm and shape.has_usage
    return Node(event_id(number), SESSION, parent, shape.is_llm, usage, shape.has_failed, agent)


def conclusions(trace: Trace) -> dict[EventId, tuple[AgentId | None, bool]]:
    return {node.id: (node.agent_id, node.is_repeat) for node in trace.nodes.values()}


def counted(trace: Trace) -> set[EventId]:
    return {node.id for node in trace.nodes.values() if node.is_llm and not node.is_repeat}


@given(SHAPES, st.randoms(use_true_random=False))
def test_the_order_does_not_matter(shapes: list[Shape], random: "object") -> None:
    whole = Trace({event_id(number): make_node(number, shape) for number, shape in enumerate(shapes)})
    whole.settle()
    piecewise = Trace()
    numbers = list(range(len(shapes)))
    random.shuffle(numbers)  # type: ignore[attr-defined]
    for number in numbers:
        piecewise.nodes[event_id(number)] = make_node(number, shapes[number])
        piecewise.settle()
    assert conclusions(piecewise) == conclusions(whole)


@given(SHAPES)
def test_no_call_with_tokens_is_lost_and_none_counts_twice(shapes: list[Shape]) -> None:
    trace = Trace({event_id(number): make_node(number, shape) for number, shape in enumerate(shapes)})
    trace.settle()
    kept = counted(trace)
    for node in trace.nodes.values():
        above, with_usage = node, []
        while above is not None:
            if above.id in kept and above.has_usage:
                with_usage.append(above.id)
            above = trace.nodes.get(above.parent_id) if above.parent_id else None
        assert len(with_usage) <= 1
        if node.is_llm and node.has_usage and not node.usage_below:
            assert node.id in kept


def test_an_error_moves_to_the_span_further_in_that_comes_later() -> None:
    outer = Node(event_id(0), SESSION, None, errors={"boom": event_id(10)})
    inner = Node(event_id(1), SESSION, event_id(0), errors={"boom": event_id(11)})
    trace = Trace({outer.id: outer})
    trace.settle()
    assert trace.tell_error(outer, "boom") == event_id(10)
    outer.is_stored = True
    trace.nodes[inner.id] = inner
    trace.settle()
    assert trace.tell_error(inner, "boom") == event_id(10)
    assert outer.errors == {"boom": None}
    assert trace.tell_error(outer, "boom") is None
