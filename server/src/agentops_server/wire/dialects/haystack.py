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
_COMPONENT = "haystack.component.type"
_PLACES = ("haystack.agent.step.llm", "haystack.component")
"""Where a call tells what it was given (`.input`) and gave (`.output`)."""


def find_kind(attributes: Attributes, span: Span) -> str | None:
    """An agent that is a component has its name; one that runs by itself has none."""
    if not span.name.startswith("haystack."):
        return None
    if span.name == "haystack.agent.run":
        return kinds.CHAIN if span.parent_id else kinds.AGENT
    if attributes.peek(_COMPONENT) == "Agent":
        return kinds.AGENT
    return kinds.LLM if _is_generator(attributes) else _KINDS.get(span.name)


def _is_generator(attributes: Attributes) -> bool:
    """Whether it is a component that calls a model by itself, without an agent."""
    component = attributes.peek(_COMPONENT)
    return isinstance(component, str) and component.endswith("Generator")


def find_prompt(attributes: Attributes, span: Span) -> list[Any]:  # noqa: ARG001
    given = _open(attributes, "input", is_understood=True)
    return read_messages(given.get("messages") or given.get("prompt"), "user")


def find_completion(attributes: Attributes, span: Span) -> Any:  # noqa: ARG001
    return read_answer(_open(attributes, "output", is_understood=True).get("replies"))


def find_params(attributes: Attributes) -> dict[str, Any]:
    params = _open(attributes, "input").get("generation_kwargs")
    return params if isinstance(params, dict) else {}


def find_tools(attributes: Attributes) -> Any:
    """What is offered to the model, without what Haystack has to call it."""
    tools = _open(attributes, "input").get("tools")
    told = [tool.get("data") for tool in tools if isinstance(tool, dict)] if isinstance(tools, list) else []
    return [
        {name: data[name] for name in ("name", "description", "parameters") if name in data}
        for data in told
        if isinstance(data, dict)
    ]


def find_counts(attributes: Attributes) -> dict[str, Any]:
    """Counts by the provider's names, which Haystack hands on with the answer."""
    usage = _find_meta(attributes).get("usage")
    counts: dict[str, Any] = {}
    for name, value in usage.items() if isinstance(usage, dict) else ():
        inner = value.items() if isinstance(value, dict) else (("", value),)
        counts |= {f"usage.{name}.{detail}".rstrip("."): count for detail, count in inner}
    return counts


def find_finish_reason(attributes: Attributes) -> str:
    reason = _find_meta(attributes).get("finish_reason")
    return reason if isinstance(reason, str) else ""


def find_model(attributes: Attributes) -> str:
    model = _find_meta(attributes).get("model")
    return model if isinstance(model, str) else ""


def _open(attributes: Attributes, side: str, *, is_understood: bool = False) -> dict[str, Any]:
    """What a call was given, or gave; nothing of a component that calls no model."""
    step, component = (f"{place}.{side}" for place in _PLACES)
    names = (step, component) if _is_generator(attributes) else (step,)
    value = unwrap(attributes.find(*names) if is_understood else attributes.peek_any(*names))
    return value if isinstance(value, dict) else {}


def _find_meta(attributes: Attributes) -> dict[str, Any]:
    """What is told of the answer: with it by chat models, beside it by others."""
    answer = _open(attributes, "output")
    replies, beside = answer.get("replies"), answer.get("meta")
    first = replies[0] if isinstance(replies, list) and replies else None
    meta = first.get("meta") if isinstance(first, dict) else None
    meta = beside[0] if meta is None and isinstance(beside, list) and beside else meta
    return meta if isinstance(meta, dict) else {}
