"""OpenInference: attributes flattened to names with numbers, ``openinference.span.kind``, usage inclusive of caches."""

from typing import Any

from agentops_server.wire.dialects import kinds
from agentops_server.wire.dialects.attributes import Attributes, unwrap
from agentops_server.wire.dialects.messages import read_answer, read_messages
from agentops_server.wire.otlp.model import Span

_KINDS = {
    "LLM": kinds.LLM,
    "EMBEDDING": kinds.EMBEDDING,
    "CHAIN": kinds.CHAIN,
    "RETRIEVER": kinds.RETRIEVER,
    "RERANKER": kinds.RERANKER,
    "TOOL": kinds.TOOL,
    "AGENT": kinds.AGENT,
    "GUARDRAIL": kinds.GUARDRAIL,
    "EVALUATOR": kinds.EVALUATOR,
    "PROMPT": kinds.PROMPT,
}
_NO_PARAMS = frozenset(("messages", "model", "tools", "input"))
FIRST_TOKEN_EVENT = "First Token Stream Event"  # noqa: S105 - the name of an event


def find_kind(attributes: Attributes, span: Span) -> str | None:  # noqa: ARG001
    kind = attributes.find("openinference.span.kind")
    return _KINDS.get(kind.upper()) if isinstance(kind, str) else None


def find_prompt(attributes: Attributes, span: Span) -> list[Any]:  # noqa: ARG001
    if attributes.has("llm.input_messages."):
        return _messages(attributes.fold("llm.input_messages."), "user")
    if attributes.has("llm.prompts."):
        return _messages(attributes.fold("llm.prompts."), "user")
    return []


def find_completion(attributes: Attributes, span: Span) -> Any:  # noqa: ARG001
    if attributes.has("llm.output_messages."):
        return read_answer(_messages(attributes.fold("llm.output_messages."), "assistant"))
    if attributes.has("llm.choices."):
        return read_answer(_messages(attributes.fold("llm.choices."), "assistant"))
    return None


def find_agent_name(attributes: Attributes) -> str:
    """LangChain's agents are named in the metadata, CrewAI's are nodes of a graph."""
    if "crew_key" in attributes:
        return attributes.text("graph.node.id")
    metadata = unwrap(attributes.peek("metadata"))
    name = metadata.get("lc_agent_name") if isinstance(metadata, dict) else None
    return name if isinstance(name, str) else ""


def find_model(attributes: Attributes) -> str:
    """The model among the parameters: a call that failed has it nowhere else."""
    params = unwrap(attributes.peek("llm.invocation_parameters"))
    model = params.get("model") if isinstance(params, dict) else None
    return model if isinstance(model, str) else ""


def find_params(attributes: Attributes) -> Any:
    params = attributes.json("llm.invocation_parameters")
    if isinstance(params, dict):
        return {name: value for name, value in params.items() if name not in _NO_PARAMS and value != ""}
    return params


def find_tools(attributes: Attributes) -> Any:
    if not attributes.has("llm.tools."):
        return _tools_of_request(attributes.peek("input.value"))
    tools = attributes.fold("llm.tools.")
    return [_schema(each) for each in tools] if isinstance(tools, list) else tools


def _tools_of_request(asked: Any) -> Any:
    """Some instrumentors list them nowhere but in the request."""
    if not isinstance(asked, str) or '"tools"' not in asked:
        return None
    request = unwrap(asked)
    tools = request.get("tools") if isinstance(request, dict) else None
    return tools if isinstance(tools, list) else None


def _schema(entry: Any) -> Any:
    tool = entry.get("tool", entry) if isinstance(entry, dict) else entry
    return unwrap(tool["json_schema"]) if isinstance(tool, dict) and "json_schema" in tool else tool


def _messages(entries: Any, role: str) -> list[Any]:
    found: list[Any] = []
    for entry in entries if isinstance(entries, list) else [entries]:
        if not isinstance(entry, dict):
            continue
        inner = entry.get("message") or entry.get("prompt") or entry.get("completion") or entry
        if isinstance(inner, dict) and "text" in inner:
            inner = inner["text"]
        if isinstance(inner, dict) and isinstance(contents := inner.get("contents"), list):
            parts = [_part(content) for content in contents]
            inner = {**inner, "content": [*parts, *([inner["content"]] if inner.get("content") else [])]}
        found += read_messages(inner, role) if not isinstance(inner, str) else [{"role": role, "content": inner}]
    return found


def _part(content: Any) -> Any:
    part = content.get("message_content", content) if isinstance(content, dict) else content
    image = part.get("image") if isinstance(part, dict) else None
    if isinstance(image, dict) and isinstance(image.get("image"), dict) and "url" in image["image"]:
        return {"type": "image_url", "image_url": {"url": image["image"]["url"]}}
    return part
