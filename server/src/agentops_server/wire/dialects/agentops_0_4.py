"""AgentOps SDK 0.4: its own kinds and entity names; messages and usage as OpenLLMetry has them."""

from agentops_server.domain.usage import EXCLUSIVE
from agentops_server.wire.dialects.attributes import Attributes
from agentops_server.wire.otlp.model import Span

_KINDS = {
    "session",
    "workflow",
    "task",
    "operation",
    "agent",
    "tool",
    "llm",
    "chain",
    "text",
    "guardrail",
    "http",
}
_END_STATES = {"Error": "Failure", "Fail": "Failure"}
END_STATE = "agentops.session.end_state"


def find_kind(attributes: Attributes, span: Span) -> str | None:  # noqa: ARG001
    kind = attributes.find("agentops.span.kind")
    return kind if isinstance(kind, str) and kind in _KINDS else None


def find_name(attributes: Attributes) -> str:
    """What the program calls it; the span's name has the kind behind it."""
    return attributes.text("agentops.entity.name", "operation.name") if "agentops.span.kind" in attributes else ""


def find_tool_cost(attributes: Attributes) -> object:
    """What a decorated tool says that each of its calls costs; None where it says nothing."""
    return attributes.peek("gen_ai.usage.total_cost") if "agentops.span.kind" in attributes else None


def find_end_state(attributes: Attributes) -> str:
    """The end state that the program gave the trace, "" for none."""
    state = attributes.text(END_STATE)
    return _END_STATES.get(state, state)


def basis(attributes: Attributes, provider: str) -> str:
    """Its Anthropic instrumentation copies the API's ``input_tokens``, which have no cached tokens in them."""
    is_ours = attributes.peek("gen_ai.usage.prompt_tokens") is not None and "nthropic" in provider
    return EXCLUSIVE if is_ours else ""
