"""Langfuse's SDK: observations with input, output and usage as JSON; trace facts on every span."""

from typing import Any

from agentops_server.domain.usage import EXCLUSIVE
from agentops_server.wire.dialects import kinds
from agentops_server.wire.dialects.attributes import Attributes, unwrap
from agentops_server.wire.dialects.messages import read_answer, read_messages
from agentops_server.wire.otlp.model import Span

_KINDS = {
    "span": kinds.SPAN,
    "generation": kinds.LLM,
    "event": kinds.EVENT,
    "embedding": kinds.EMBEDDING,
    "agent": kinds.AGENT,
    "tool": kinds.TOOL,
    "chain": kinds.CHAIN,
    "retriever": kinds.RETRIEVER,
    "guardrail": kinds.GUARDRAIL,
    "evaluator": kinds.EVALUATOR,
}
USAGE = "langfuse.observation.usage_details"


def find_kind(attributes: Attributes, span: Span) -> str | None:  # noqa: ARG001
    kind = attributes.find("langfuse.observation.type")
    return _KINDS.get(kind) if isinstance(kind, str) else None


def find_prompt(attributes: Attributes, span: Span) -> list[Any]:  # noqa: ARG001
    return read_messages(attributes.find("langfuse.observation.input"), "user")


def find_completion(attributes: Attributes, span: Span) -> Any:  # noqa: ARG001
    return read_answer(attributes.find("langfuse.observation.output"))


def find_params(attributes: Attributes) -> Any:
    return attributes.json("langfuse.observation.model.parameters")


def find_tools(attributes: Attributes) -> Any:
    asked = unwrap(attributes.peek("langfuse.observation.input"))
    return asked.get("tools") if isinstance(asked, dict) else None


def find_counts(attributes: Attributes) -> dict[str, Any]:
    """Token counts by Langfuse's names."""
    counts = attributes.json(USAGE)
    return counts if isinstance(counts, dict) else {}


def find_cost(attributes: Attributes) -> Any:
    """What the client says that the call cost: the total, or the sum of its parts."""
    details = attributes.json("langfuse.observation.cost_details")
    if not isinstance(details, dict):
        return None
    if "total" in details:
        return details["total"]
    parts = [value for value in details.values() if isinstance(value, int | float)]
    return sum(parts) if parts else None


def basis(counts: dict[str, Any]) -> str:
    """Its details are buckets that exclude each other; where it gives a total, that shows it."""
    return EXCLUSIVE if counts and "total" not in counts else ""
