"""AG2: the conventions of OpenTelemetry, and beside each model call a span that tells its tokens again."""

from agentops_server.wire.dialects import kinds
from agentops_server.wire.dialects.attributes import Attributes
from agentops_server.wire.otlp.model import Span

_TOLD_ELSEWHERE = {"model_call", "subtask"}


def find_kind(attributes: Attributes, span: Span) -> str | None:  # noqa: ARG001
    """A record of usage that stands for no span of its own, as that of a summary of the history, is a model call."""
    if attributes.peek("ag2.span.type") != "usage":
        return None
    return kinds.SPAN if attributes.find("ag2.usage.kind") in _TOLD_ELSEWHERE else kinds.LLM
