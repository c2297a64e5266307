"""What a span tells of a call of a model: messages, tokens, cost, parameters."""

from decimal import Decimal, InvalidOperation
from typing import Any

from agentops_server.domain.clock import decode_time
from agentops_server.domain.event import Event, Kind, Usage
from agentops_server.domain.money import decode_money
from agentops_server.domain.usage import normalise_usage
from agentops_server.wire.dialects import (
    agentops_0_4,
    genai,
    haystack,
    kinds,
    langfuse,
    openinference,
    openllmetry,
    vercel,
)
from agentops_server.wire.dialects import precedence as table
from agentops_server.wire.dialects.attributes import Attributes, payload, to_json, to_text, unwrap
from agentops_server.wire.dialects.messages import read_answer, read_messages
from agentops_server.wire.otlp.model import Span

_MOST_TOKENS = 1 << 53
_LONGEST_CALL_NS = 1 << 62
_S, _MS = 1e9, 1e6


def add_call(event: Event, attributes: Attributes, span: Span) -> None:
    """Put into the event what its span tells of the call."""
    event.model = (
        attributes.text(*table.MODEL) or openinference.find_model(attributes) or haystack.find_model(attributes)
    )
    event.provider = vercel.find_provider(attributes) or attributes.text(*table.PROVIDER)
    _add_messages(event, attributes, span)
    params, tools = table.first_of(table.PARAMS, attributes), table.first_of(table.TOOLS, attributes)
    event.model_params_json = to_json(params) if params else ""
    event.tools_json = to_json(tools) if tools else ""
    event.usage = _usage(event, attributes, span)
    event.reported_cost = _cost(attributes)
    event.finish_reason = _finish_reason(attributes, span)
    event.first_token_ns = _first_token_ns(attributes, span, event.init_ns)


def _add_messages(event: Event, attributes: Attributes, span: Span) -> None:
    prompt = table.first(table.PROMPTS, attributes, span)
    completion = table.first(table.COMPLETIONS, attributes, span)
    asked, answered = attributes.find_new(*table.INPUT), attributes.find_new(*table.OUTPUT)
    if event.kind != Kind.LLM:
        event.params_json, event.returns_json = payload(asked or prompt), payload(answered or completion)
        return
    if prompt is None:
        prompt = read_messages(asked, "user")
    elif asked is not None:
        event.params_json = payload(asked)
    if completion is None:
        completion = read_answer(answered)
    elif answered is not None:
        event.returns_json = payload(answered)
    event.prompt_json = to_json(prompt) if prompt else ""
    event.completion_json = to_json(completion) if completion is not None else ""


def _usage(event: Event, attributes: Attributes, span: Span) -> Usage:
    told = {name: attributes.peek(name) for name in attributes.names_starting(*table.COUNT_PREFIXES)}
    by_langfuse = langfuse.find_counts(attributes)
    told |= by_langfuse | vercel.find_counts(attributes) | haystack.find_counts(attributes)
    counts = []
    for name, value in told.items():
        if (number := _count(value)) is not None:
            counts.append((name, number))
            attributes.find(name)
    basis = agentops_0_4.basis(attributes, event.provider) or langfuse.basis(by_langfuse) or genai.basis(span)
    usage = normalise_usage(counts, basis)
    if event.kind != kinds.LLM and usage.input_tokens is not None and usage.output_tokens is None:
        usage.output_tokens = 0  # an embedding has no output to count
    return usage


def _count(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 16:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_TOKENS:
        return None
    return value


def _cost(attributes: Attributes) -> Decimal | None:
    told = langfuse.find_cost(attributes)
    return read_cost(attributes.find(*table.COST) if told is None else told)


def read_cost(told: object) -> Decimal | None:
    """US dollars as a client tells them, number or text; None where that is none."""
    try:
        return None if told is None else decode_money(unwrap(told))
    except (ValueError, InvalidOperation):
        return None


def _finish_reason(attributes: Attributes, span: Span) -> str:
    reason = attributes.find(*table.FINISH_REASON)
    reason = unwrap(reason)
    if isinstance(reason, list):
        reason = ",".join(dict.fromkeys(to_text(each) for each in reason))
    if reason:
        return to_text(reason)
    moments = ((moment.name, moment.attributes) for moment in span.moments)
    return openllmetry.find_finish_reason(attributes) or genai.read_finish_reason(moments)


def _first_token_ns(attributes: Attributes, span: Span, start_ns: int) -> int:
    for names, unit in ((table.FIRST_TOKEN_S, _S), (table.FIRST_TOKEN_MS, _MS)):
        value = attributes.find(*names)
        if isinstance(value, int | float) and 0 < value * unit < _LONGEST_CALL_NS:
            return round(value * unit)
    at_ns = next((m.at_ns for m in span.moments if m.name in table.FIRST_TOKEN_EVENTS), 0)
    if not at_ns and isinstance(text := unwrap(attributes.find(*table.FIRST_TOKEN_AT)), str):
        try:
            at_ns = decode_time(text)
        except ValueError:
            return 0
    return max(at_ns - start_ns, 0) if at_ns else 0
