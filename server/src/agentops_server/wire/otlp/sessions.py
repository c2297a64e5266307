"""What the spans of an export say of their sessions: when they began, what they are called, and how they ended.

A session ends with the root span of its trace. Status ERROR is a Failure and OK a Success. UNSET, which is what nearly
every library leaves, says nothing: Indeterminate, unless the program named an end state. Whatever was not named by the
program itself is implicit, so that an end which somebody states stands above it.
"""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from typing import Any, NamedTuple

from agentops_server.domain.ids import ParticipantId, SessionId
from agentops_server.domain.session import End, EndState, SessionUpdate, find_end_state
from agentops_server.wire.dialects import agentops_0_4, logfire
from agentops_server.wire.dialects.attributes import Attributes, to_text, unwrap
from agentops_server.wire.dialects.precedence import SESSION_NAME, TAGS
from agentops_server.wire.otlp.model import Source, Span, StatusCode
from agentops_server.wire.otlp.origins import Place, Sender

_STATES = {StatusCode.OK: EndState.SUCCESS, StatusCode.ERROR: EndState.FAILURE}
_MOST_TAGS = 200


class Membership(NamedTuple):
    """One span, with its attributes, as a part of its session."""

    place: Place
    participant_id: ParticipantId
    span: Span
    attributes: Attributes


def list_updates(memberships: list[Membership], sender: Sender) -> list[SessionUpdate]:
    """One update for each session and participant. A session of the sender's own token gets none: its SDK speaks."""
    if sender.session_id is not None:
        return []
    updates: dict[tuple[SessionId, ParticipantId], SessionUpdate] = {}
    for members in _by_origin(memberships):
        first = members[0]
        key = (first.place.session_id, first.participant_id)
        known = updates.get(key) or SessionUpdate(
            sender.project_id,
            *key,
            sender.received_ns,
            declared=False,
            host_env=_host_env(first.span.source),
            external_id=first.place.external_id or None,
        )
        for member in members:
            known = _fold(known, member.span, member.attributes)
        updates[key] = known
    return list(updates.values())


def _by_origin(memberships: list[Membership]) -> Iterable[list[Membership]]:
    """Those that follow each other and are of one session and participant, which are the same objects then."""
    return (list(group) for _, group in groupby(memberships, lambda each: (id(each.place), id(each.participant_id))))


def _fold(known: SessionUpdate, span: Span, attributes: Attributes) -> SessionUpdate:
    start_ns = span.start_ns or span.end_ns or known.received_ns
    is_root, tags = not span.parent_id, attributes.ask(_find_tags)
    name = attributes.ask(_find_name) if is_root or not known.name else ""
    if not (is_root or name or tags) and known.init_ns is not None and start_ns >= known.init_ns:
        return known  # as most spans: it tells nothing of its session
    end = _end(span, attributes) if is_root and span.end_ns else None
    if is_root and not name:
        name = _root_name(attributes, span)
    return replace(
        known,
        init_ns=start_ns if known.init_ns is None else min(known.init_ns, start_ns),
        name=name or known.name,
        tags=tuple(dict.fromkeys([*(known.tags or ()), *(tags or ())]))[:_MOST_TAGS] or None,
        end=end if end is not None and end.beats(known.end) else known.end,
    )


def _find_name(attributes: Attributes) -> str:
    return attributes.text(*SESSION_NAME)


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


def _find_tags(attributes: Attributes) -> list[str]:
    found = attributes.json(*TAGS)
    if isinstance(found, str):
        found = [found]
    return [to_text(tag) for tag in found if tag] if isinstance(found, list) else []


def _host_env(source: Source) -> dict[str, Any]:
    return {"Resource": {name: unwrap(value) for name, value in source.resource.items()}}
