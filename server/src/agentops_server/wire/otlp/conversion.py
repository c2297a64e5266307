"""Spans to events."""

from agentops_server.domain.agent import Agent
from agentops_server.domain.event import Event, Kind
from agentops_server.domain.ids import AgentId, EventId
from agentops_server.domain.tracing import SpanRecord, event_id_of
from agentops_server.pricing.tiers import SERVICE_TIER
from agentops_server.wire.dialects import agentops_0_4, kinds, logfire, openinference, own
from agentops_server.wire.dialects import precedence as table
from agentops_server.wire.dialects.attributes import Attributes, payload, to_json, to_text
from agentops_server.wire.otlp.errors import find_errors, is_told_elsewhere
from agentops_server.wire.otlp.model import SPAN_KINDS, Moment, Span, StatusCode
from agentops_server.wire.otlp.models import add_call, read_cost
from agentops_server.wire.otlp.origins import Place, Places, Sender

_STATUS_NAMES = ("", "ok", "error")
_AGENT_PREFIXES = ("invoke_agent ", "create_agent ", "agent run")


def to_record(span: Span, attributes: Attributes, place: Place, places: Places, sender: Sender) -> SpanRecord:
    """The event of a span, whose attributes are given, with the errors that it met and the agent that it is about."""
    kind = table.find_kind(attributes, span)
    is_pending = logfire.is_pending(span)
    span_id, parent_id = (
        (span.parent_id, logfire.pending_parent(span)) if is_pending else (span.span_id, span.parent_id)
    )
    event = Event(
        project_id=sender.project_id,
        session_id=place.session_id,
        id=event_id_of(span.trace_id, span_id),
        kind=kind,
        event_type=kinds.EVENT_TYPES.get(kind, kind),
        init_ns=span.start_ns or span.end_ns or sender.received_ns,
        end_ns=0 if is_pending else span.end_ns,
        received_ns=sender.received_ns,
        parent_id=EventId(event_id_of(span.trace_id, parent_id)) if parent_id else attributes.ask(own.find_parent),
        participant_id=places.participant_of(span.source),
        sequence=attributes.ask(own.find_sequence) or 0,
        provisional=is_pending or not span.end_ns,
    )
    record = SpanRecord(span.trace_id, event, has_failed=span.status == StatusCode.ERROR)
    event.name = _name(attributes, span, kind)
    record.agent = _agent(attributes, span, event)
    event.agent_id = record.agent.id if record.agent else attributes.ask(own.find_agent)
    _add_payloads(event, attributes, span)
    if not event.provisional and (span.moments or record.has_failed):
        record.errors = find_errors(span, event, attributes)
    _add_rest(event, attributes, span)
    event.attributes |= places.facts_of(span.source)
    return record


def _name(attributes: Attributes, span: Span, kind: str) -> str:
    if kind == Kind.TOOL:
        return attributes.text(*table.TOOL_NAME) or span.name.removeprefix("execute_tool ")
    return attributes.ask(_find_name) or span.name


def _find_name(attributes: Attributes) -> str:
    return attributes.text(*table.NAME) or agentops_0_4.find_name(attributes)


def _find_agent_name(attributes: Attributes) -> str:
    return attributes.text(*table.AGENT_NAME) or openinference.find_agent_name(attributes)


def _find_service_tier(attributes: Attributes) -> str:
    return attributes.text(*table.SERVICE_TIER)


def _agent(attributes: Attributes, span: Span, event: Event) -> Agent | None:
    name = attributes.ask(_find_agent_name)
    if not name and event.kind == kinds.AGENT:
        name = attributes.text(*table.AGENT_SPAN_NAME) or span.name
        for prefix in _AGENT_PREFIXES:
            name = name.removeprefix(prefix) or name
    if not name:
        return None
    if event.kind == kinds.AGENT:
        event.name = name
    return Agent(
        event.project_id,
        event.session_id,
        AgentId(kinds.agent_id_of(event.session_id, name)),
        name,
        "",
        event.received_ns,
    )


def _add_payloads(event: Event, attributes: Attributes, span: Span) -> None:
    if event.kind == Kind.TOOL:
        event.params_json = payload(attributes.find(*table.TOOL_ARGUMENTS))
        event.returns_json = payload(attributes.find(*table.TOOL_RESULT))
        event.reported_cost = read_cost(agentops_0_4.find_tool_cost(attributes))
    elif event.kind in kinds.PRICED:
        add_call(event, attributes, span)
    else:
        # What a step took and gave stands before the messages in it, which some libraries list only in part.
        asked = attributes.find(*table.INPUT) or table.first(table.PROMPTS, attributes, span)
        answered = attributes.find(*table.OUTPUT) or table.first(table.COMPLETIONS, attributes, span)
        event.params_json, event.returns_json = payload(asked), payload(answered)


def _add_rest(event: Event, attributes: Attributes, span: Span) -> None:
    """What no field holds: every other attribute as text, and what OpenTelemetry says of the span."""
    tier = attributes.ask(_find_service_tier)
    rest = {name: to_text(value) for name, value in attributes.left()}
    rest["otel.trace_id"], rest["otel.span_id"] = span.trace_id, span.span_id
    if tier:
        rest[SERVICE_TIER] = tier
    if span.name != event.name and span.name:
        rest["otel.name"] = span.name
    if 0 < span.kind < len(SPAN_KINDS):
        rest["otel.kind"] = SPAN_KINDS[span.kind]
    if 0 < span.status < len(_STATUS_NAMES):
        rest["otel.status"] = _STATUS_NAMES[span.status]
    if span.status_message:
        rest["otel.status_message"] = span.status_message
    if moments := [_as_json(moment) for moment in span.moments if not is_told_elsewhere(moment)]:
        rest["otel.events"] = to_json(moments)
    if span.links:
        rest["otel.links"] = to_json(span.links)
    if 0 < span.end_ns < span.start_ns:
        rest["otel.clock"] = "ends before it starts"
    event.attributes = rest


def _as_json(moment: Moment) -> dict[str, object]:
    return {"name": moment.name, "time_ns": moment.at_ns, "attributes": moment.attributes}
