"""Pydantic's Logfire and Pydantic AI: messages in older attributes, and pending spans."""

import re
from typing import Any

from agentops_server.wire.dialects import kinds
from agentops_server.wire.dialects.attributes import Attributes, unwrap
from agentops_server.wire.dialects.messages import read_answer, read_messages
from agentops_server.wire.otlp.model import Span

_OWN = (
    "pydantic_ai",
    "all_messages_events",
    "events",
    "request_data",
    "response_data",
    "model_request_parameters",
)
_TYPE, _PARENT = "logfire.span_type", "logfire.pending_parent_id"
_ID = re.compile("[0-9a-fA-F]{16}")


def is_pending(span: Span) -> bool:
    """Whether it stands for a span that still runs: the one that it names as its parent."""
    return span.attributes.get(_TYPE) == "pending_span" and span.parent_id != ""


def pending_parent(span: Span) -> str:
    """The parent of the span that it stands for; "" where that is a root, or nothing that is an id is told."""
    parent = span.attributes.get(_PARENT)
    return parent.lower() if isinstance(parent, str) and _ID.fullmatch(parent) and parent.strip("0") else ""


def find_kind(attributes: Attributes, span: Span) -> str | None:
    """Tools are known by their call, agents by their messages, where no operation is named."""
    if "gen_ai.operation.name" in attributes or not span.source.scope_name.startswith(("pydantic-ai", "logfire")):
        return None
    if "gen_ai.tool.name" in attributes:
        return kinds.TOOL
    if "all_messages_events" in attributes or "pydantic_ai.all_messages" in attributes:
        return kinds.AGENT
    return kinds.LLM if "request_data" in attributes else None


def _has_own(attributes: Attributes) -> bool:
    return any(map(attributes.has_family, _OWN))


def find_prompt(attributes: Attributes, span: Span) -> list[Any]:  # noqa: ARG001
    if not _has_own(attributes):
        return []
    if messages := attributes.find("pydantic_ai.all_messages", "all_messages_events"):
        return read_messages(messages, "user")
    if isinstance(events := attributes.json("events"), list):
        return [m for each in events for m in _event_messages(each) if not _is_choice(each)]
    asked = unwrap(attributes.find("request_data"))
    return read_messages(asked.get("messages") or asked.get("input"), "user") if isinstance(asked, dict) else []


def find_completion(attributes: Attributes, span: Span) -> Any:  # noqa: ARG001
    if not _has_own(attributes):
        return None
    if isinstance(events := attributes.json("events"), list):
        return read_answer([m for each in events for m in _event_messages(each) if _is_choice(each)])
    answer = unwrap(attributes.find("response_data"))
    return read_answer(answer.get("message", answer)) if isinstance(answer, dict) else read_answer(answer)


def find_params(attributes: Attributes) -> Any:
    if not _has_own(attributes):
        return None
    params = attributes.json("model_request_parameters")
    if params is not None:
        return params
    asked = unwrap(attributes.peek("request_data"))
    left_out = {"messages", "input", "tools", "model"}
    return {name: value for name, value in asked.items() if name not in left_out} if isinstance(asked, dict) else None


def find_tools(attributes: Attributes) -> Any:
    if not _has_own(attributes):
        return None
    asked = unwrap(attributes.peek("request_data"))
    if isinstance(asked, dict):
        return asked.get("tools")
    params = unwrap(attributes.peek("model_request_parameters"))
    return params.get("function_tools") if isinstance(params, dict) else None


def _is_choice(event: Any) -> bool:
    return isinstance(event, dict) and event.get("event.name") == "gen_ai.choice"


def _event_messages(event: Any) -> list[Any]:
    if not isinstance(event, dict):
        return []
    name = event.get("event.name")
    role = name.split(".")[1] if isinstance(name, str) and name.count(".") == 2 else "assistant"
    return read_messages(event, role)
