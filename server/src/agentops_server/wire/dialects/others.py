"""Smaller dialects that are known by one or two attributes each."""

from agentops_server.wire.dialects import kinds
from agentops_server.wire.dialects.attributes import Attributes
from agentops_server.wire.otlp.model import Span

_NAMED_SO = ("mlflow.spanType", "langsmith.span.kind", "genkit:metadata:subtype")
_WORDS = {
    "LLM": kinds.LLM,
    "CHAT_MODEL": kinds.LLM,
    "MODEL": kinds.LLM,
    "EMBEDDING": kinds.EMBEDDING,
    "EMBEDDER": kinds.EMBEDDING,
    "TOOL": kinds.TOOL,
    "AGENT": kinds.AGENT,
    "CHAIN": kinds.CHAIN,
    "RETRIEVER": kinds.RETRIEVER,
    "RERANKER": kinds.RERANKER,
    "PROMPT": kinds.PROMPT,
    "FLOW": kinds.WORKFLOW,
}
_LIVEKIT = {"agent_turn": kinds.AGENT, "start_agent_activity": kinds.AGENT, "function_tool": kinds.TOOL}
_MODELS = ("gen_ai.request.model", "gen_ai.response.model", "llm.model_name", "llm.request.model_name", "ai.model.id")


def find_named_kind(attributes: Attributes, span: Span) -> str | None:  # noqa: ARG001
    """MLflow, LangSmith and Genkit say it in a word."""
    for name in _NAMED_SO:
        if isinstance(word := attributes.peek(name), str) and word.upper() in _WORDS:
            attributes.find(name)
            return _WORDS[word.upper()]
    return None


def find_tool_kind(attributes: Attributes, span: Span) -> str | None:
    """Tools by what only tools have: of the conventions, LiveKit, Flue, Google's ADK, MCP."""
    if "gen_ai.tool.name" in attributes or "gen_ai.tool.call.id" in attributes:
        return kinds.TOOL
    if span.source.scope_name == "livekit-agents" and span.name in _LIVEKIT:
        return _LIVEKIT[span.name]
    if "gcp.vertex.agent.tool_call_args" in attributes or attributes.has("flue.tool."):
        return kinds.TOOL
    return kinds.TOOL if attributes.peek("mcp.method.name") == "tools/call" else None


def find_model_kind(attributes: Attributes, span: Span) -> str | None:  # noqa: ARG001
    """Whatever names a model calls one."""
    return kinds.LLM if any(attributes.peek(name) for name in _MODELS) else None


def find_plain_kind(attributes: Attributes, span: Span) -> str | None:  # noqa: ARG001
    """What is no part of an agent: requests, queries, and everything else."""
    if "http.request.method" in attributes or "http.method" in attributes:
        return "http"
    return "db" if "db.system" in attributes or "db.system.name" in attributes else kinds.SPAN
