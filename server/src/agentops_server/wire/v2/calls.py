"""What a v2 event says of an LLM call: messages, model, usage, and what it cost by its client."""

from collections.abc import Iterator
from typing import Any

from agentops_server.domain.batch import DropReason
from agentops_server.domain.event import Bucket, Event, Usage
from agentops_server.domain.usage import EXCLUSIVE, INCLUSIVE, find_count_name, normalise_usage
from agentops_server.pricing.tiers import SERVICE_TIER
from agentops_server.wire.body import as_text
from agentops_server.wire.v2.shape import WireEvent
from agentops_server.wire.v2.values import DropError, cost, count, payload, seconds_ns

MOST_COUNTS = 100


def add_call(event: Event, wire: WireEvent) -> None:
    """Give the event what is told of its call."""
    event.model = as_text(wire.model)
    event.provider = as_text(wire.provider)
    event.thread_id = as_text(wire.thread_id)
    event.finish_reason = _finish_reason(wire.finish_reasons)
    event.first_token_ns = seconds_ns(wire.time_to_first_chunk, "time_to_first_chunk")
    event.prompt_json = payload(wire.prompt)
    event.completion_json = payload(wire.completion)
    event.model_params_json = payload(wire.model_params)
    event.tools_json = payload(wire.tool_definitions)
    event.usage = _usage(wire)
    event.reported_cost = cost(wire.cost)
    if wire.service_tier is not None:
        event.attributes[SERVICE_TIER] = as_text(wire.service_tier)


def _usage(wire: WireEvent) -> Usage:
    input_tokens = count(wire.prompt_tokens, "prompt_tokens")
    output_tokens = count(wire.completion_tokens, "completion_tokens")
    if wire.usage is None:
        usage = Usage(input_tokens, output_tokens)
    else:
        counts = list(_iter_counts(wire.usage))
        counts += [("input", input_tokens)] if input_tokens is not None else []
        counts += [("output", output_tokens)] if output_tokens is not None else []
        usage = normalise_usage(counts, _basis(wire.usage_basis))
    if wire.cache_hit is not None:
        _add_cache_hit(usage, wire.cache_hit)
    return usage


def _iter_counts(usage: Any) -> Iterator[tuple[str, int]]:
    """The counts, also of a provider's own usage object with its details one level further down."""
    if not isinstance(usage, dict) or len(usage) > MOST_COUNTS:
        raise DropError(DropReason.INVALID_TOKENS, f"usage must be an object of up to {MOST_COUNTS} counts, or null")
    for name, value in usage.items():
        inner = {f"{name}.{key}": each for key, each in value.items()} if isinstance(value, dict) else {name: value}
        for path, number in inner.items():
            if find_count_name(path) is not None and (found := count(number, f"usage.{path}")) is not None:
                yield path, found


def _basis(value: Any) -> str:
    if value is None or value == "":
        return ""
    if value not in (INCLUSIVE, EXCLUSIVE):
        raise DropError(DropReason.INVALID_TOKENS, f"usage_basis must be {INCLUSIVE}, {EXCLUSIVE} or null")
    return str(value)


def _add_cache_hit(usage: Usage, value: Any) -> None:
    if not isinstance(value, bool):
        raise DropError(DropReason.INVALID_TOKENS, "cache_hit must be true, false or null")
    if value:
        usage.buckets[Bucket.REQUESTS.value] = 0


def _finish_reason(value: Any) -> str:
    """One text for one reason or, of a call for several answers, for several."""
    if isinstance(value, list):
        return ",".join(dict.fromkeys(as_text(each) for each in value))
    return as_text(value)
