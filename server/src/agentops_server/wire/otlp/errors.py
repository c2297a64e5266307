"""What went wrong in a span: exception events, and the status."""

from agentops_server.domain.event import Event, Kind
from agentops_server.domain.tracing import error_id_of, signature_of
from agentops_server.wire.dialects import openai_agents
from agentops_server.wire.dialects.attributes import Attributes, to_json, to_text
from agentops_server.wire.dialects.genai import CONTENT_EVENTS
from agentops_server.wire.dialects.precedence import ERROR_TYPE, FIRST_TOKEN_EVENTS
from agentops_server.wire.otlp.model import Moment, Span, StatusCode, Values

_EXCEPTION = "exception"
_NO_TYPES = {"", "_OTHER"}
_TOLD_ELSEWHERE = CONTENT_EVENTS | FIRST_TOKEN_EVENTS | {_EXCEPTION}


def is_told_elsewhere(moment: Moment) -> bool:
    """Whether a span event became a part of the event, or an error."""
    return moment.name in _TOLD_ELSEWHERE


def find_errors(span: Span, event: Event, attributes: Attributes) -> dict[str, Event]:
    """The errors of a span by their signature: each exception once, however often it was noted, else its status."""
    found: dict[str, Event] = {}
    for moment in span.moments:
        if moment.name == _EXCEPTION:
            signature, error = to_error(event, moment.attributes, moment.at_ns or event.end_ns)
            found.setdefault(signature, error)
    if span.status == StatusCode.ERROR and not found:
        held = {"exception.type": attributes.text(*ERROR_TYPE), "exception.message": span.status_message}
        signature, error = to_error(event, held, event.end_ns or event.init_ns)
        found[signature] = error
    return found


def to_error(trigger: Event, held: Values, at_ns: int) -> tuple[str, Event]:
    """The error that attributes with the conventions' names for exceptions describe, and its signature."""
    error_type = to_text(held.get("exception.type"))
    error_type = "Error" if error_type in _NO_TYPES else error_type
    message = openai_agents.plain_message(to_text(held.get("exception.message")))
    signature = signature_of(message, error_type)
    stacktrace = to_text(held.get("exception.stacktrace"))
    error = Event(
        project_id=trigger.project_id,
        session_id=trigger.session_id,
        id=error_id_of(trigger.id, signature),
        kind=Kind.ERROR.value,
        event_type="errors",
        init_ns=at_ns,
        end_ns=at_ns,
        received_ns=trigger.received_ns,
        agent_id=trigger.agent_id,
        parent_id=trigger.id,
        participant_id=trigger.participant_id,
        logs_json=to_json(stacktrace) if stacktrace else "",
        error_type=error_type,
        error_code=to_text(held.get("http.response.status_code") or held.get("error.code")),
        details_json=to_json(message) if message else "",
        trigger_event_id=trigger.id,
        trigger_event_type=trigger.event_type,
    )
    return signature, error
