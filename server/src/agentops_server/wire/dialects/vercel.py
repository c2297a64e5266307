"""The Vercel AI SDK: ``ai.*`` attributes. A call's outer span repeats what its inner one (``.doGenerate``) tells."""

from typing import Any

from agentops_server.wire.dialects import kinds
from agentops_server.wire.dialects.attributes import Attributes, unwrap
from agentops_server.wire.dialects.messages import read_answer, read_messages, tool_call
from agentops_server.wire.otlp.model import Span

_INNER = (".doGenerate", ".doStream")
FIRST_CHUNK_EVENT = "ai.stream.firstChunk"


def find_kind(attributes: Attributes, span: Span) -> str | None:  # noqa: ARG001
    if not attributes.has_family("ai") and not attributes.has_family("operation"):
        return None
    operation = attributes.find("ai.operationId") or attributes.peek("operation.name")
    if not isinstance(operation, str) or not operation.startswith("ai."):
        return None
    operation = operation.split(" ", 1)[0]
    if operation == "ai.toolCall":
        return kinds.TOOL
    if operation.endswith(_INNER):
        return kinds.LLM
    return kinds.EMBEDDING if operation.endswith(".doEmbed") else kinds.CHAIN


def find_prompt(attributes: Attributes, span: Span) -> list[Any]:  # noqa: ARG001
    if not attributes.has_family("ai"):
        return []
    if messages := attributes.find("ai.prompt.messages"):
        return read_messages(messages, "user")
    asked = attributes.json("ai.prompt", "ai.value", "ai.values")
    if isinstance(asked, dict) and ("messages" in asked or "prompt" in asked):
        system = [{"role": "system", "content": asked["system"]}] if asked.get("system") else []
        return system + read_messages(asked.get("messages") or asked.get("prompt"), "user")
    return read_messages(asked, "user")


def find_completion(attributes: Attributes, span: Span) -> Any:  # noqa: ARG001
    if not attributes.has_family("ai"):
        return None
    text = attributes.find("ai.response.text", "ai.result.text", "ai.response.object", "ai.result.object")
    calls = attributes.json("ai.response.toolCalls", "ai.result.toolCalls")
    if not isinstance(calls, list) or not calls:
        return read_answer({"role": "assistant", "content": text}) if isinstance(text, str) else read_answer(text)
    message: dict[str, Any] = {"role": "assistant", "content": text}
    made = [call for call in calls if isinstance(call, dict)]
    message["tool_calls"] = [
        tool_call(call.get("toolCallId"), call.get("toolName"), call.get("input", call.get("args"))) for call in made
    ]
    return message


def find_params(attributes: Attributes) -> dict[str, Any]:
    return dict(attributes.starting("ai.settings.")) if attributes.has("ai.settings.") else {}


def find_tools(attributes: Attributes) -> Any:
    tools = attributes.json("ai.prompt.tools") if attributes.has_family("ai") else None
    return [unwrap(tool) for tool in tools] if isinstance(tools, list) else tools


def find_counts(attributes: Attributes) -> dict[str, Any]:
    """Counts that only the provider's own metadata has."""
    metadata = attributes.json("ai.response.providerMetadata") if attributes.has_family("ai") else None
    found: dict[str, Any] = {}
    for provider in metadata.values() if isinstance(metadata, dict) else ():
        if isinstance(provider, dict):
            usage = provider.get("usage")
            found |= provider | (usage if isinstance(usage, dict) else {})
    return {f"usage.{name}": value for name, value in found.items()}


def find_provider(attributes: Attributes) -> str:
    """``openai.chat`` is OpenAI's chat API. It is written so where the conventions want the provider, too."""
    return attributes.text("ai.model.provider").split(".", 1)[0] if attributes.has_family("ai") else ""
