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
_TYPE, _INPUT, _OUTPUT = "langfuse.observation.type", "langfuse.observation.input", "langfuse.observation.output"
_USAGE = "langfuse.observation.usage_details"


def find_kind(attributes: Attributes, span: Span) -> str | None:  # noqa: ARG001
    kind = attributes.find(_TYPE)
    return _KINDS.get(kind) if isinstance(kind, str) else None


def _is_generation(attributes: Attributes) -> bool:
    """Whether its input and output are messages; those of other observations are whatever a function took and gave."""
    return attributes.has_family("langfuse") and _KINDS.get(str(attributes.peek(_TYPE))) == kinds.LLM


def find_prompt(attributes: Attributes, span: Span) -> list[Any]:  # noqa: ARG001
    return read_messages(attributes.find(_INPUT), "user") if _is_generation(attributes) else []


def find_completion(attributes: Attributes, span: Span) -> Any:  # noqa: ARG001
    return read_answer(attributes.find(_OUTPUT)) if _is_generation(attributes) else None


def find_params(attributes: Attributes) -> Any:
    return attributes.json("langfuse.observation.model.parameters") if attributes.has_family("langfuse") else None


def find_tools(attributes: Attributes) -> Any:
    asked = unwrap(attributes.peek(_INPUT)) if attributes.has_family("langfuse") else None
    return asked.get("tools") if isinstance(asked, dict) else None


def find_counts(attributes: Attributes) -> dict[str, Any]:
    """Token counts by Langfuse's names."""
    counts = attributes.json(_USAGE) if attributes.has_family("langfuse") else None
    found: dict[str, Any] = {}
    for name, value in counts.items() if isinstance(counts, dict) else ():
        details = value if isinstance(value, dict) else {}
        found |= {f"{name}.{detail}": number for detail, number in details.items()} if details else {name: value}
    return found


def find_cost(attributes: Attributes) -> Any:
    """What the client says that the call cost: the total, or the sum of its parts."""
    details = attributes.json("langfuse.observation.cost_details") if attributes.has_family("langfuse") else None
    if not isinstance(details, dict):
        return None
    if "total" in details:
        return details["total"]
    parts = [value for value in details.values() if isinstance(value, int | float)]
    return sum(parts) if parts else None


def basis(counts: dict[str, Any]) -> str:
    """Counts by Langfuse's own names are buckets that exclude each other; those by a provider's names are not."""
    return EXCLUSIVE if "input" in counts and "total" not in counts else ""
