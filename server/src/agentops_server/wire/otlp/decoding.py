"""An export as what is to be stored: records of spans, contents, events, agents and sessions."""

import logging
from dataclasses import dataclass, field

from agentops_server.domain.agent import Agent
from agentops_server.domain.event import Event
from agentops_server.domain.ids import AgentId, SessionId
from agentops_server.domain.session import SessionUpdate
from agentops_server.domain.tracing import ContentRecord, SpanRecord
from agentops_server.wire.dialects.attributes import Attributes, to_text
from agentops_server.wire.dialects.precedence import SESSION
from agentops_server.wire.otlp.conversion import to_record
from agentops_server.wire.otlp.logs import is_content, to_content, to_log
from agentops_server.wire.otlp.model import Export, LogRecord, Span
from agentops_server.wire.otlp.origins import Places, Sender, name_sessions
from agentops_server.wire.otlp.sessions import Membership, list_updates

logger = logging.getLogger(__name__)
# Anything may be an attribute's value. What a dialect stumbles over is to cost one span, and neither its neighbours nor
# the export.
_FORESEEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(slots=True)
class Decoded:
    """The content of one export."""

    spans: list[SpanRecord] = field(default_factory=list)
    contents: list[ContentRecord] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    agents: dict[tuple[SessionId, AgentId], Agent] = field(default_factory=dict)
    updates: list[SessionUpdate] = field(default_factory=list)
    rejections: list[str] = field(default_factory=list)


def decode_export(export: Export, sender: Sender) -> Decoded:
    """Everything of an export that can be stored, and why the rest cannot."""
    places = Places(sender)
    decoded = Decoded(rejections=export.rejections)
    memberships: list[Membership] = []
    spans = [(span, Attributes(span.attributes)) for span in export.spans]
    named = name_sessions(spans)
    for span, attributes in spans:
        place = places.session_of(named[span.trace_id, span.span_id], span.trace_id)
        try:
            record = to_record(span, attributes, place, places, sender)
        except _FORESEEN:
            logger.exception("span %s cannot be read", span.span_id)
            decoded.rejections.append(f"span {span.span_id} cannot be read; the server's log says why")
            continue
        decoded.spans.append(record)
        memberships.append(Membership(place, places.participant_of(span.source), span, attributes))
        if record.agent is not None:
            decoded.agents[record.agent.session_id, record.agent.id] = record.agent
    for log in export.records:
        _add_log(decoded, memberships, log, places, sender)
    decoded.updates = list_updates(memberships, sender)
    return decoded


def _add_log(decoded: Decoded, memberships: list[Membership], log: LogRecord, places: Places, sender: Sender) -> None:
    named = next((to_text(log.attributes[name]) for name in SESSION if log.attributes.get(name)), "")
    has_trace = len(log.trace_id) == 32 and bool(log.trace_id.strip("0"))
    if not named and not has_trace and sender.session_id is None:
        decoded.rejections.append("a log record without a trace id and without session.id belongs to no session")
        return
    place = places.session_of(named, log.trace_id)
    memberships.append(
        Membership(place, places.participant_of(log.source), _as_moment(log), Attributes(log.attributes))
    )
    try:
        if has_trace and is_content(log):
            decoded.contents.append(to_content(log, place, places, sender))
        else:
            decoded.events.append(to_log(log, place, places, sender))
    except _FORESEEN:
        logger.exception("a log record cannot be read")
        decoded.rejections.append("a log record cannot be read; the server's log says why")


def _as_moment(log: LogRecord) -> Span:
    """What a record tells of its session: a time, and no root."""
    parent_id = log.span_id or "0" * 16
    return Span(log.trace_id, "", parent_id, "", 0, log.at_ns, 0, log.attributes, log.source)
