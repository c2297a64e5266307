"""Haystack: its own tracing of pipelines, components, agents and tools, as its OpenTelemetry integration sends it."""

from typing import Any

from agentops_server.wire.dialects import kinds
from agentops_server.wire.dialects.attributes import Attributes, unwrap
from agentops_server.wire.dialects.messages import read_answer, read_messages
from agentops_server.wire.otlp.model import Span

_KINDS = {
    "haystack.pipeline.run": kinds.WORKFLOW,
    "haystack.component.run": kinds.CHAIN,
    "haystack.agent.step": kinds.CHAIN,
    "haystack.agent.step.tool": kinds.TOOL,
    "haystack.agent.step.llm": kinds.LLM,
    "haystack.chat_generator.run": kinds.LLM,
}
_ANSWER = "haystack.agent.step.llm.output"


def find_kind(attributes: Attributes, span: Span) -> str | None:
    """An agent that is a component has its name; one that runs by itself has none."""
    if not span.name.startswith("haystack."):
        return None
    if span.name == "haystack.agent.run":
        return kinds.CHAIN if span.parent_id else kinds.AGENT
    if attributes.peek("haystack.component.type") == "Agent":
        return kinds.AGENT
    return _KINDS.get(span.name)


def find_prompt(attributes: Attributes, span: Span) -> list[Any]:  # noqa: ARG001
    return read_messages(attributes.find("haystack.agent.step.llm.input"), "user")


def find_completion(attributes: Attributes, span: Span) -> Any:  # noqa: ARG001
    answer = unwrap(attributes.find(_ANSWER))
    return read_answer(answer.get("replies")) if isinstance(answer, dict) else None


def find_counts(attributes: Attributes) -> dict[str, Any]:
    """Counts by the provider's names, which Haystack hands on with the answer."""
    usage = _find_meta(attributes).get("usage")
    return {f"usage.{name}": value for name, value in usage.items()} if isinstance(usage, dict) else {}


def find_model(attributes: Attributes) -> str:
    model = _find_meta(attributes).get("model")
    return model if isinstance(model, str) else ""


def _find_meta(attributes: Attributes) -> dict[str, Any]:
    answer = unwrap(attributes.peek(_ANSWER))
    replies = answer.get("replies") if isinstance(answer, dict) else None
    first = replies[0] if isinstance(replies, list) and replies else None
    meta = first.get("meta") if isinstance(first, dict) else None
    return meta if isinstance(meta, dict) else {}
