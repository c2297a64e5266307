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
    event.model = attributes.ask(_find_model) or ""
    event.provider = attributes.ask(_find_provider) or ""
    _add_messages(event, attributes, span)
    params, tools = table.first_of(table.PARAMS, attributes), table.first_of(table.TOOLS, attributes)
    event.model_params_json = to_json(params) if params else ""
    event.tools_json = to_json(tools) if tools else ""
    event.usage = _usage(event, attributes, span)
    event.reported_cost = attributes.ask(_find_cost)
    event.finish_reason = attributes.ask(_find_finish_reason) or _finish_reason_in_events(span)
    event.first_token_ns = _first_token_ns(attributes, span, event.init_ns)


def _find_model(attributes: Attributes) -> str:
    return attributes.text(*table.MODEL) or openinference.find_model(attributes) or haystack.find_model(attributes)


def _find_provider(attributes: Attributes) -> str:
    return vercel.find_provider(attributes) or attributes.text(*table.PROVIDER)


def _add_messages(event: Event, attributes: Attributes, span: Span) -> None:
    prompt = table.first(table.PROMPTS, attributes, span)
    completion = table.first(table.COMPLETIONS, attributes, span)
    asked, answered = attributes.ask(_find_new_input), attributes.ask(_find_new_output)
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


def _find_new_input(attributes: Attributes) -> Any:
    return attributes.find_new(*table.INPUT)


def _find_new_output(attributes: Attributes) -> Any:
    return attributes.find_new(*table.OUTPUT)


def _usage(event: Event, attributes: Attributes, span: Span) -> Usage:
    told = {name: attributes.peek(name) for name in attributes.names_starting(*table.COUNT_PREFIXES)}
    by_langfuse = attributes.ask(langfuse.find_counts) or {}
    told |= by_langfuse
    for find in (vercel.find_counts, haystack.find_counts):
        told |= attributes.ask(find) or {}
    counts = []
    for name, value in told.items():
        if (number := _count(value)) is not None:
            counts.append((name, number))
            attributes.understand(name)
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


def _find_cost(attributes: Attributes) -> Decimal | None:
    told = langfuse.find_cost(attributes)
    return read_cost(attributes.find(*table.COST) if told is None else told)


def read_cost(told: object) -> Decimal | None:
    """US dollars as a client tells them, number or text; None where that is none."""
    try:
        return None if told is None else decode_money(unwrap(told))
    except (ValueError, InvalidOperation):
        return None


def _find_finish_reason(attributes: Attributes) -> str:
    reason = attributes.find(*table.FINISH_REASON)
    reason = unwrap(reason)
    if isinstance(reason, list):
        reason = ",".join(dict.fromkeys(to_text(each) for each in reason))
    if reason:
        return to_text(reason)
    return openllmetry.find_finish_reason(attributes) or haystack.find_finish_reason(attributes)


def _finish_reason_in_events(span: Span) -> str:
    return genai.read_finish_reason((m.name, m.attributes) for m in span.moments) if span.moments else ""


def _first_token_ns(attributes: Attributes, span: Span, start_ns: int) -> int:
    if (told_ns := attributes.ask(_find_first_token_ns)) is not None:
        return told_ns
    at_ns = next((m.at_ns for m in span.moments if m.name in table.FIRST_TOKEN_EVENTS), 0) if span.moments else 0
    at_ns = at_ns or attributes.ask(_find_first_token_at_ns) or 0
    return max(at_ns - start_ns, 0) if at_ns else 0


def _find_first_token_ns(attributes: Attributes) -> int | None:
    """How long the first token took."""
    for names, unit in ((table.FIRST_TOKEN_S, _S), (table.FIRST_TOKEN_MS, _MS)):
        value = attributes.find(*names)
        if isinstance(value, int | float) and 0 < value * unit < _LONGEST_CALL_NS:
            return round(value * unit)
    return None


def _find_first_token_at_ns(attributes: Attributes) -> int:
    """When it came; 0 where nobody says."""
    text = unwrap(attributes.find(*table.FIRST_TOKEN_AT))
    try:
        return decode_time(text) if isinstance(text, str) else 0
    except ValueError:
        return 0
