"""OpenLLMetry (Traceloop): ``traceloop.*`` around calls, messages as ``gen_ai.prompt.0.content`` (AgentOps 0.4 too)."""

from typing import Any

from agentops_server.wire.dialects import kinds
from agentops_server.wire.dialects.attributes import Attributes
from agentops_server.wire.dialects.messages import read_answer, read_messages
from agentops_server.wire.otlp.model import Span

_KINDS = {"workflow": kinds.WORKFLOW, "task": kinds.TASK, "agent": kinds.AGENT, "tool": kinds.TOOL}
_REQUESTS = {
    "chat": kinds.LLM,
    "completion": kinds.LLM,
    "embedding": kinds.EMBEDDING,
    "rerank": kinds.RERANKER,
}


CHUNK_EVENT = "gen_ai.content.completion.chunk"


def find_kind(attributes: Attributes, span: Span) -> str | None:  # noqa: ARG001
    kind = attributes.find("traceloop.span.kind")
    if isinstance(kind, str) and kind in _KINDS:
        return _KINDS[kind]
    request = attributes.find("llm.request.type")
    return _REQUESTS.get(request) if isinstance(request, str) else None


def find_prompt(attributes: Attributes, span: Span) -> list[Any]:  # noqa: ARG001
    return read_messages(attributes.fold("gen_ai.prompt."), "user") if attributes.has("gen_ai.prompt.") else []


def find_completion(attributes: Attributes, span: Span) -> Any:  # noqa: ARG001
    if not attributes.has("gen_ai.completion."):
        return None
    return read_answer(attributes.fold("gen_ai.completion."))


def find_finish_reason(attributes: Attributes) -> str:
    reason = attributes.peek("gen_ai.completion.0.finish_reason")
    return reason if isinstance(reason, str) else ""


def find_tools(attributes: Attributes) -> Any:
    return attributes.fold("llm.request.functions.") if attributes.has("llm.request.functions.") else None
