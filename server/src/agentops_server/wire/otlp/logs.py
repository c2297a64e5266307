"""Log records to events: messages of model calls go to their span's event, exceptions are errors, others stay logs."""

from typing import Any
from uuid import uuid5

from agentops_server.domain.event import Event
from agentops_server.domain.ids import EventId
from agentops_server.domain.tracing import ContentRecord, event_id_of
from agentops_server.wire.dialects import genai
from agentops_server.wire.dialects.attributes import Attributes, payload, to_json, to_text, unwrap
from agentops_server.wire.dialects.precedence import MODEL, PROVIDER
from agentops_server.wire.otlp.errors import to_error
from agentops_server.wire.otlp.model import LogRecord, Values
from agentops_server.wire.otlp.origins import Place, Places, Sender

LOG = "log"
_LONGEST_NAME = 100


def name_of(record: LogRecord) -> str:
    """The record's event name, which was an attribute before it became a field."""
    return record.event_name or to_text(record.attributes.get("event.name"))


def is_content(record: LogRecord) -> bool:
    """Whether it holds messages of a span's model call."""
    return name_of(record) in genai.CONTENT_EVENTS and bool(record.trace_id and record.span_id)


def to_content(record: LogRecord, place: Place, places: Places, sender: Sender) -> ContentRecord:
    """The record as a stand-in for its span's event."""
    event = _event(record, place, places, sender)
    event.id = event_id_of(record.trace_id, record.span_id)
    event.kind, event.event_type, event.parent_id = "llm", "llms", None
    event.provisional = True
    attributes = Attributes(record.attributes)
    event.model, event.provider = attributes.text(*MODEL), attributes.text(*PROVIDER)
    held = record.body if isinstance(record.body, dict) else {"content": record.body} if record.body else {}
    part = {"name": name_of(record), "time_ns": record.at_ns, "body": held | _messages_in(record.attributes)}
    event.logs_json = to_json([part])
    fill_content(event)
    return ContentRecord(record.trace_id, event)


def to_log(record: LogRecord, place: Place, places: Places, sender: Sender) -> Event:
    """The record as an event of its own: an error where it tells of an exception."""
    event = _event(record, place, places, sender)
    if "exception.type" in record.attributes or "exception.message" in record.attributes:
        trigger = _event(record, place, places, sender)
        trigger.id, trigger.event_type = event.parent_id or event.id, "span"
        error = to_error(trigger, record.attributes, event.init_ns)[1]
        error.trigger_event_id, error.parent_id = event.parent_id, event.parent_id
        return error
    event.returns_json = payload(record.body)
    return event


def merge_parts(*payloads: str) -> str:
    """The log records of several JSON texts as one list in the order of their times, each once."""
    parts: dict[str, tuple[int, Any]] = {}
    for text in payloads:
        listed = unwrap(text)
        for part in listed if isinstance(listed, list) else []:
            if isinstance(part, dict):
                parts.setdefault(to_json(part), (part.get("time_ns") or 0, part))
    return to_json([part for _, part in sorted(parts.values(), key=lambda each: each[0])])


def fill_content(event: Event) -> None:
    """Make prompt and completion of the parts in the event's logs; what the event has already stands."""
    parts = unwrap(event.logs_json)
    events = [(part["name"], part["body"]) for part in parts if isinstance(part, dict) and "body" in part]
    prompt, completion = genai.read_prompt(events), genai.read_completion(events)
    if prompt:
        event.prompt_json = to_json(prompt)
    if completion is not None:
        event.completion_json = to_json(completion)
    event.finish_reason = event.finish_reason or genai.read_finish_reason(events)


def _messages_in(attributes: Values) -> Values:
    return {name: value for name, value in attributes.items() if name.startswith("gen_ai.") and "message" in name} | {
        name: attributes[name] for name in ("gen_ai.system_instructions",) if name in attributes
    }


def _event(record: LogRecord, place: Place, places: Places, sender: Sender) -> Event:
    at_ns = record.at_ns or sender.received_ns
    is_in_span = len(record.trace_id) == 32 and len(record.span_id) == 16 and bool(record.span_id.strip("0"))
    facts = [record.trace_id, record.span_id, record.at_ns, name_of(record), record.body, record.attributes]
    name = name_of(record) or to_text(record.body)[:_LONGEST_NAME] or LOG
    rest = {key: to_text(value) for key, value in record.attributes.items()}
    told = {
        "otel.trace_id": record.trace_id,
        "otel.span_id": record.span_id,
        "otel.scope": record.source.scope_name,
        "severity": record.severity,
        "service.name": to_text(record.source.resource.get("service.name")),
    }
    return Event(
        project_id=sender.project_id,
        session_id=place.session_id,
        id=EventId(uuid5(place.session_id, to_json(facts))),
        kind=LOG,
        event_type=LOG,
        init_ns=at_ns,
        end_ns=at_ns,
        received_ns=sender.received_ns,
        name=name,
        parent_id=event_id_of(record.trace_id, record.span_id) if is_in_span else None,
        participant_id=places.participant_of(record.source),
        attributes=rest | {key: value for key, value in told.items() if value},
    )
