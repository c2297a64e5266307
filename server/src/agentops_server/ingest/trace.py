"""One trace while it comes in: its spans as nodes of a tree, and what follows from who is above whom.

Spans come in any order and in several exports. So nothing is decided for good: with every export the whole tree is
looked at again, and what follows for a span that is stored already is corrected there.

- Of model calls within each other one counts: the innermost that has token counts. The others repeat it, and so do
  their errors.
- A span belongs to the nearest agent above it.
- An error that passes through several spans is one: that of the innermost. So is one that was caught and raised again
  as another, which quotes it, or has it in its traceback.
"""

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field

from agentops_server.domain.ids import AgentId, EventId, SessionId

_MOST_SIGNATURES = 100
_SHORTEST_QUOTE = 8
"""Characters of a message that are no coincidence in another one."""


@dataclass(slots=True)
class Node:
    """A span of the trace. What follows from the tree is in `agent_id`, `is_repeat` and `errors`."""

    id: EventId
    session_id: SessionId
    parent_id: EventId | None
    is_llm: bool = False
    has_usage: bool = False
    has_failed: bool = False
    own_agent_id: AgentId | None = None
    """The agent that the span itself names."""
    agent_id: AgentId | None = None
    is_stored: bool = False
    """Whether it came before the export that is settled now."""
    is_repeat: bool = False
    """Whether it repeats what another model call counts."""
    errors: dict[str, EventId | None] = field(default_factory=dict)
    """By signature the id of the event that tells of it; None where a span further in does."""
    agent_above: AgentId | None = None
    usage_above: bool = False
    llm_above: bool = False
    llm_below: bool = False
    usage_below: bool = False
    errors_below: dict[str, "Node"] = field(default_factory=dict)

    @property
    def has_model_call_around(self) -> bool:
        """Whether it is the innermost of several model calls within each other."""
        return self.is_llm and not self.is_repeat and self.llm_above


@dataclass(slots=True)
class Trace:
    """The spans of a trace that are known, and messages that came for spans that are not."""

    nodes: dict[EventId, Node] = field(default_factory=dict)
    parts: dict[EventId, str] = field(default_factory=dict)
    """Log records with messages, by the span's event, as JSON."""
    stand_ins: dict[EventId, SessionId] = field(default_factory=dict)
    """Spans that did not come yet, and the session in which their messages wait."""
    unsettled: "set[Future[None]]" = field(default_factory=set)
    """Exports that are on their way to the disk."""

    @property
    def size_bytes(self) -> int:
        """What it takes in memory, about."""
        return 500 * len(self.nodes) + sum(map(len, self.parts.values()))

    def settle(self) -> list[Node]:
        """Draw what follows from the tree; returns the nodes for which something changed."""
        order = list(self._from_the_roots())
        for node in order:
            _look_up(node, self.nodes.get(node.parent_id) if node.parent_id else None)
        for node in order:
            node.llm_below = node.usage_below = False
            node.errors_below = {}
        for node in reversed(order):
            parent = self.nodes.get(node.parent_id) if node.parent_id else None
            if parent is not None:
                _look_down(parent, node)
        return [node for node in order if _conclude(node)]

    def tell_error(self, node: Node, signature: str, text: str = "") -> EventId | None:
        """The id of the event that tells of a span's error; None where the error is that of a span further in.

        A span further out may have told of it already, when it came before. Its event then tells of this one instead.
        `text` is all that is said of the error, its traceback included.
        """
        below = node.errors_below
        if signature in below or (node.is_repeat and below) or any(_quotes(text, inner) for inner in below):
            if not node.is_stored:
                node.errors[signature] = None
            return None
        if node.is_stored:
            return node.errors[signature]
        above, steps = self._above(node), len(self.nodes)
        while steps and above is not None:
            if above.is_stored and (told := above.errors.get(signature)) is not None:
                above.errors[signature], node.errors[signature] = None, told
                break
            above, steps = self._above(above), steps - 1
        return node.errors[signature]

    def _above(self, node: Node) -> Node | None:
        return None if node.parent_id is None else self.nodes.get(node.parent_id)

    def _from_the_roots(self) -> Iterator[Node]:
        """Every node after its parent. Spans that are their own ancestors are in no order, and left out."""
        children: dict[EventId, list[Node]] = {}
        waiting = []
        for node in self.nodes.values():
            if node.parent_id is None or node.parent_id not in self.nodes:
                waiting.append(node)
            else:
                children.setdefault(node.parent_id, []).append(node)
        while waiting:
            node = waiting.pop()
            yield node
            waiting += children.get(node.id, ())


def _quotes(text: str, signature: str) -> bool:
    return len(signature) >= _SHORTEST_QUOTE and signature in text


def _look_up(node: Node, parent: Node | None) -> None:
    node.agent_above, node.usage_above, node.llm_above = None, False, False
    if parent is not None:
        node.agent_above = parent.own_agent_id or parent.agent_above
        node.llm_above = parent.llm_above or parent.is_llm
        node.usage_above = parent.usage_above or (parent.is_llm and parent.has_usage)


def _look_down(parent: Node, node: Node) -> None:
    parent.llm_below |= node.llm_below or node.is_llm
    parent.usage_below |= node.usage_below or (node.is_llm and node.has_usage)
    if not node.errors and not node.errors_below:
        return
    for signature, origin in node.errors_below.items():
        if len(parent.errors_below) < _MOST_SIGNATURES:
            parent.errors_below.setdefault(signature, origin)
    for signature in node.errors:
        if signature not in node.errors_below and len(parent.errors_below) < _MOST_SIGNATURES:
            parent.errors_below.setdefault(signature, node)


def _conclude(node: Node) -> bool:
    agent_id = node.own_agent_id or node.agent_above
    is_repeat = node.is_llm and (
        node.usage_below
        or (not node.has_usage and node.llm_below)
        or (not node.has_usage and not node.has_failed and node.usage_above)
    )
    has_changed = (agent_id, is_repeat) != (node.agent_id, node.is_repeat)
    node.agent_id, node.is_repeat = agent_id, is_repeat
    return has_changed
