"""OpenTelemetry's GenAI conventions, in four generations, any of which may come.

(a) Up to 1.26, ``gen_ai.prompt`` and token counts by their old names; (b) 1.28 to 1.36, one event per message, on the
span or as a log record; (c) 1.37 to 1.41, JSON in ``gen_ai.input.messages``, as an attribute or in one event of all
details; (d) the conventions' own repository, with names changed again.
"""

from collections.abc import Iterable
from typing import Any

from agentops_server.domain.usage import EXCLUSIVE
from agentops_server.wire.dialects import kinds
from agentops_server.wire.dialects.attributes import Attributes, unwrap
from agentops_server.wire.dialects.messages import read_answer, read_messages
from agentops_server.wire.otlp.model import Span, Values

_OPERATIONS = {
    "chat": kinds.LLM,
    "completion": kinds.LLM,
    "text_completion": kinds.LLM,
    "generate_content": kinds.LLM,
    "generate": kinds.LLM,
    "response": kinds.LLM,
    "embeddings": kinds.EMBEDDING,
    "invoke_agent": kinds.AGENT,
    "create_agent": kinds.AGENT,
    "execute_tool": kinds.TOOL,
    "retrieval": kinds.RETRIEVER,
    "invoke_workflow": kinds.WORKFLOW,
    "plan": kinds.PLAN,
}
_ROLES = {
    "gen_ai.system.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
    "gen_ai.content.prompt": "user",
}
_ANSWERS = {"gen_ai.choice", "gen_ai.content.completion"}
DETAILS = "gen_ai.client.inference.operation.details"
CONTENT_EVENTS = frozenset({*_ROLES, *_ANSWERS, DETAILS})
"""Names of events that hold messages of a model call."""

_NO_PARAMS = ("model", "functions", "tools.", "type")


def find_kind(attributes: Attributes, span: Span) -> str | None:  # noqa: ARG001 - every dialect is asked the same way
    operation = attributes.peek("gen_ai.operation.name")
    if isinstance(operation, str):
        return _OPERATIONS.get(operation) or (kinds.MEMORY if operation.endswith("_memory") else None)
    return None


def find_prompt(attributes: Attributes, span: Span) -> list[Any]:  # noqa: ARG001
    return _with_system(
        attributes.find("gen_ai.system_instructions"), attributes.find("gen_ai.input.messages", "gen_ai.prompt")
    )


def find_completion(attributes: Attributes, span: Span) -> Any:  # noqa: ARG001
    return read_answer(attributes.find("gen_ai.output.messages", "gen_ai.completion"))


def find_prompt_in_events(attributes: Attributes, span: Span) -> list[Any]:  # noqa: ARG001
    return read_prompt((moment.name, moment.attributes) for moment in span.moments) if span.moments else []


def find_completion_in_events(attributes: Attributes, span: Span) -> Any:  # noqa: ARG001
    return read_completion((moment.name, moment.attributes) for moment in span.moments) if span.moments else None


def read_prompt(events: Iterable[tuple[str, Values]]) -> list[Any]:
    """The prompt in events by their names and what they hold, in their order."""
    prompt: list[Any] = []
    for name, held in events:
        if name == DETAILS:
            system, messages = held.get("gen_ai.system_instructions"), held.get("gen_ai.input.messages")
            return _with_system(system, messages)
        if role := _ROLES.get(name):
            prompt += read_messages(_message(held, "gen_ai.prompt"), role)
    return prompt


def read_completion(events: Iterable[tuple[str, Values]]) -> Any:
    """The completion in events by their names and what they hold."""
    answers: list[Any] = []
    for name, held in events:
        if name == DETAILS:
            answers.append(held.get("gen_ai.output.messages"))
        elif name in _ANSWERS:
            answers.append(_message(held, "gen_ai.completion"))
    return read_answer([answer for answer in map(unwrap, answers) if answer is not None])


def read_finish_reason(events: Iterable[tuple[str, Values]]) -> str:
    """The reason for which the answer in the events ended, "" where they do not tell."""
    for name, held in events:
        if name in _ANSWERS and isinstance(reason := held.get("finish_reason"), str):
            return reason
    return ""


def find_params(attributes: Attributes) -> dict[str, Any]:
    params = dict(attributes.starting("gen_ai.request.")) if attributes.has("gen_ai.request.") else {}
    return {name: value for name, value in params.items() if not name.startswith(_NO_PARAMS)}


def basis(span: Span) -> str:
    """Bedrock's API counts cached tokens apart, and OpenTelemetry's instrumentor for it copies its counts."""
    return EXCLUSIVE if span.source.scope_name == "opentelemetry.instrumentation.genai.bedrock" else ""


def find_tools(attributes: Attributes) -> Any:
    if attributes.has("gen_ai.request.tools."):
        return attributes.fold("gen_ai.request.tools.")
    return attributes.json("gen_ai.tool.definitions", "gen_ai.request.functions")


def _with_system(instructions: Any, messages: Any) -> list[Any]:
    prompt = read_messages(messages, "user")
    instructions = unwrap(instructions)
    has_system = any(isinstance(message, dict) and message.get("role") == "system" for message in prompt)
    if not instructions or has_system:
        return prompt
    is_parts = isinstance(instructions, list) and not any(isinstance(i, dict) and "role" in i for i in instructions)
    system = {"role": "system", "parts": instructions} if is_parts else instructions
    return read_messages(system, "system") + prompt


def _message(held: Values, old_name: str) -> Any:
    """What an event holds, as a message; the attributes of span events are JSON text."""
    if old_name in held:
        return unwrap(held[old_name])
    return {
        name: unwrap(value) if name in {"message", "tool_calls", "content"} else value for name, value in held.items()
    }
