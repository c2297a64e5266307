"""What the spans of an export say of their sessions: when they began, what they are called, and how they ended.

A session ends with the root span of its trace. Status ERROR is a Failure and OK a Success. UNSET, which is what nearly
every library leaves, says nothing: Indeterminate, unless the program named an end state. Whatever was not named by the
program itself is implicit, so that an end which somebody states stands above it.
"""

from dataclasses import dataclass, replace
from typing import Any

from agentops_server.domain.ids import ParticipantId, SessionId
from agentops_server.domain.session import End, EndState, SessionUpdate, find_end_state
from agentops_server.wire.dialects import agentops_0_4, logfire
from agentops_server.wire.dialects.attributes import Attributes, to_text, unwrap
from agentops_server.wire.dialects.precedence import SESSION_NAME, TAGS
from agentops_server.wire.otlp.model import Source, Span, StatusCode
from agentops_server.wire.otlp.origins import Place, Sender

_STATES = {StatusCode.OK: EndState.SUCCESS, StatusCode.ERROR: EndState.FAILURE}
_MOST_TAGS = 200


@dataclass(frozen=True, slots=True)
class Membership:
    """One span as a part of its session."""

    place: Place
    participant_id: ParticipantId
    span: Span


def list_updates(memberships: list[Membership], sender: Sender) -> list[SessionUpdate]:
    """One update for each session and participant. A session of the sender's own token gets none: its SDK speaks."""
    if sender.session_id is not None:
        return []
    updates: dict[tuple[SessionId, ParticipantId], SessionUpdate] = {}
    for member in memberships:
        key = (member.place.session_id, member.participant_id)
        known = updates.get(key) or SessionUpdate(
            sender.project_id,
            *key,
            sender.received_ns,
            declared=False,
            host_env=_host_env(member.span.source),
            external_id=member.place.external_id or None,
        )
        updates[key] = _fold(known, member.span)
    return list(updates.values())


def _fold(known: SessionUpdate, span: Span) -> SessionUpdate:
    attributes = Attributes(span.attributes)
    start_ns = span.start_ns or span.end_ns or known.received_ns
    is_root, tags = not span.parent_id, _tags(attributes)
    name = attributes.text(*SESSION_NAME) if is_root or not known.name else ""
    if not (is_root or name or tags) and known.init_ns is not None and start_ns >= known.init_ns:
        return known  # as most spans: it tells nothing of its session
    end = _end(span, attributes) if is_root and span.end_ns else None
    if is_root and not name:
        name = _root_name(attributes, span)
    return replace(
        known,
        init_ns=start_ns if known.init_ns is None else min(known.init_ns, start_ns),
        name=name or known.name,
        tags=tuple(dict.fromkeys([*(known.tags or ()), *tags]))[:_MOST_TAGS] or None,
        end=end if end is not None and end.beats(known.end) else known.end,
    )


def _root_name(attributes: Attributes, span: Span) -> str:
    return agentops_0_4.find_name(attributes) or span.name


def _end(span: Span, attributes: Attributes) -> End | None:
    if logfire.is_pending(span):
        return None
    stated = find_end_state(agentops_0_4.find_end_state(attributes))
    if stated is not None and stated is not EndState.INDETERMINATE:
        return End(span.end_ns, stated, span.status_message or None, implicit=False)
    state = _STATES.get(StatusCode(span.status), EndState.INDETERMINATE) if 0 <= span.status <= 2 else None
    return End(span.end_ns, state or EndState.INDETERMINATE, _reason(span), implicit=True)


def _reason(span: Span) -> str | None:
    if span.status != StatusCode.ERROR:
        return None
    if span.status_message:
        return span.status_message
    held = next((moment.attributes for moment in reversed(span.moments) if moment.name == "exception"), {})
    parts = [to_text(held.get(name)) for name in ("exception.type", "exception.message")]
    return ": ".join(part for part in parts if part) or None


def _tags(attributes: Attributes) -> list[str]:
    found = attributes.json(*TAGS)
    if isinstance(found, str):
        found = [found]
    return [to_text(tag) for tag in found if tag] if isinstance(found, list) else []


def _host_env(source: Source) -> dict[str, Any]:
    return {"Resource": {name: unwrap(value) for name, value in source.resource.items()}}
