"""LangChain's messages, usage and settings of a model call, as our events have them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

_ROLES = {"human": "user", "ai": "assistant", "AIMessageChunk": "assistant", "system": "system", "tool": "tool"}
_SETTINGS = (
    *("temperature", "top_p", "top_k", "max_tokens", "max_completion_tokens", "stop", "seed", "n"),
    *("frequency_penalty", "presence_penalty", "reasoning_effort", "response_format", "tool_choice", "stream"),
)


def read_messages(messages: Iterable[Any]) -> list[dict[str, object]]:
    return [read_message(message) for message in messages]


def read_message(message: Any) -> dict[str, object]:
    """One turn of a chat, with the tools that it calls, or that it answers."""
    kind = getattr(message, "type", "")
    role = getattr(message, "role", None) or _ROLES.get(kind, kind)
    read: dict[str, object] = {"role": role, "content": getattr(message, "content", message)}
    calls = [
        {
            "id": call.get("id"),
            "type": "function",
            "function": {"name": call.get("name"), "arguments": json.dumps(call.get("args"), default=str)},
        }
        for call in getattr(message, "tool_calls", None) or ()
    ]
    if calls:
        read["tool_calls"] = calls
    for name in ("tool_call_id", "name"):
        if value := getattr(message, name, None):
            read[name] = value
    return read


def read_model(extra: Mapping[str, Any], metadata: Mapping[str, Any] | None, serialized: Any) -> str | None:
    """What the model is called, as far as is known before it answers."""
    asked: Mapping[str, Any] = extra.get("invocation_params") or {}
    held = serialized.get("kwargs") if isinstance(serialized, Mapping) else None
    for values in (asked, metadata or {}, held if isinstance(held, Mapping) else {}):
        for name in ("model", "model_name", "ls_model_name", "model_id"):
            if values.get(name):
                return str(values[name])
    return str(asked["_type"]) if asked.get("_type") else None


def read_settings(extra: Mapping[str, Any]) -> dict[str, object]:
    """What was asked of it beside the messages: fields of the protocol."""
    asked: Mapping[str, Any] = extra.get("invocation_params") or {}
    settings = {name: asked[name] for name in _SETTINGS if asked.get(name) is not None}
    found = {"model_params": settings or None, "tool_definitions": asked.get("tools") or asked.get("functions")}
    return {name: value for name, value in found.items() if value}


def read_answers(response: Any) -> list[Any]:
    """What the model gave: the generations of the one prompt that a run has."""
    generations = getattr(response, "generations", None) or [[]]
    return list(generations[0])


def read_completion(answers: list[Any]) -> object:
    """One message, or several; text of a model that has no messages."""
    read = [
        getattr(answer, "text", None) if getattr(answer, "message", None) is None else read_message(answer.message)
        for answer in answers
    ]
    return read[0] if len(read) == 1 else read


def read_usage(response: Any, answers: list[Any]) -> dict[str, Any]:
    """Token counts by the names that were given to them; the answers of one call have one usage."""
    for answer in answers:
        usage = getattr(getattr(answer, "message", None), "usage_metadata", None)
        if usage:
            return dict(usage)
    output = getattr(response, "llm_output", None) or {}
    usage = output.get("token_usage") or output.get("usage") or {}
    return {name: value for name, value in dict(usage).items() if isinstance(value, (int, dict))}


def read_reasons(answers: list[Any]) -> list[str]:
    """Why each answer ended."""
    reasons = []
    for answer in answers:
        told: list[Any] = [getattr(answer, "generation_info", None)]
        told.append(getattr(getattr(answer, "message", None), "response_metadata", None))
        names = ("finish_reason", "stop_reason", "done_reason")
        found = (facts.get(name) for facts in told if isinstance(facts, Mapping) for name in names)
        reason = next((value for value in found if value), None)
        if reason:
            reasons.append(str(reason))
    return reasons


def read_answering_model(answers: list[Any]) -> str | None:
    """The model that answered, which may be a version of the one that was asked."""
    for answer in answers:
        facts = getattr(getattr(answer, "message", None), "response_metadata", None)
        if isinstance(facts, Mapping) and (name := facts.get("model_name") or facts.get("model")):
            return str(name)
    return None
