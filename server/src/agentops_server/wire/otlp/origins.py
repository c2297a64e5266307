"""Where the spans of an export belong: which session, and which participant of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID, uuid5

from agentops_server.domain.ids import ParticipantId, ProjectId, SessionId
from agentops_server.domain.tracing import session_id_of
from agentops_server.wire.dialects.attributes import Attributes, to_json, to_text
from agentops_server.wire.dialects.precedence import SESSION
from agentops_server.wire.otlp.model import Source, Span, Values

_LONGEST_ID = 1000

SpanKey: TypeAlias = tuple[str, str]
"""The trace's id and the span's."""


@dataclass(frozen=True, slots=True)
class Sender:
    """From the credential: the project, and the session and participant where it is one session's token."""

    project_id: ProjectId
    received_ns: int
    session_id: SessionId | None = None
    participant_id: ParticipantId | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A session, and the id that the client gave it where that is no UUID."""

    session_id: SessionId
    external_id: str


class Places:
    """Finds the place of every span of one export. The same place is the same object, and so is a participant."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._own = None if sender.session_id is None else Place(sender.session_id, "")
        self._named: dict[str, Place] = {}
        self._of_traces: dict[str, Place] = {}
        self._known: dict[int, _Known] = {}

    def session_of(self, named: str, trace_id: str) -> Place:
        """The session that a span names, else that of its trace."""
        if self._own is not None:
            return self._own
        if not named:
            if (place := self._of_traces.get(trace_id)) is None:
                place = self._of_traces[trace_id] = Place(SessionId(UUID(hex=trace_id)), "")
            return place
        if (known := self._named.get(named)) is not None:
            return known
        session_id = session_id_of(self._sender.project_id, named)
        is_ours = named.replace("-", "").lower() == session_id.hex
        place = self._named[named] = Place(session_id, "" if is_ours else named[:_LONGEST_ID])
        return place

    def participant_of(self, source: Source) -> ParticipantId:
        """The process that sent it: what its resource says of it, and its name."""
        return self._know(source).participant_id

    def facts_of(self, source: Source) -> dict[str, str]:
        """What the events of its spans tell of it, as attributes."""
        return self._know(source).facts

    def _know(self, source: Source) -> "_Known":
        known = self._known.get(id(source))
        if known is None:
            participant_id = self._sender.participant_id or self._identify(source.resource)
            # The source is kept with it, so that no other can get its address meanwhile.
            known = self._known[id(source)] = _Known(source, participant_id, _facts(source))
        return known

    def _identify(self, resource: Values) -> ParticipantId:
        instance = resource.get("service.instance.id")
        facts: Any = [resource.get("service.name"), instance] if instance else sorted(resource.items())
        return ParticipantId(uuid5(self._sender.project_id, to_json(facts)))


class _Known(NamedTuple):
    source: Source
    participant_id: ParticipantId
    facts: dict[str, str]


def _facts(source: Source) -> dict[str, str]:
    told = {
        "otel.scope": source.scope_name,
        "otel.scope_version": source.scope_version,
        "service.name": to_text(source.resource.get("service.name")),
    }
    return {name: value for name, value in told.items() if value}


def name_sessions(spans: Sequence[tuple[Span, Attributes]]) -> dict[SpanKey, str]:
    """The session that each span names, by trace and span id.

    One that names none has its nearest ancestor's. Where there is none, and all other spans of its trace name the same
    one, it has that: a request around an agent's run is a part of it. Only spans of the same export count, so that a
    repeated export goes where the first one went.
    """
    named = {(span.trace_id, span.span_id): attributes.ask(_find_session) or "" for span, attributes in spans}
    if all(named.values()):
        return named  # as of most
    named |= _name_by_ancestors(named, {(span.trace_id, span.span_id): span.parent_id for span, _ in spans})
    by_trace: dict[str, set[str]] = {}
    for (trace_id, _), name in named.items():
        if name:
            by_trace.setdefault(trace_id, set()).add(name)
    return {key: name or _only(by_trace.get(key[0], ())) for key, name in named.items()}


def _name_by_ancestors(named: Mapping[SpanKey, str], parents: Mapping[SpanKey, str]) -> dict[SpanKey, str]:
    """What the nearest ancestor with a name gives those without one. Each is looked at once, however long the chain."""
    found: dict[SpanKey, str] = {}
    for key in named:
        path = []
        while key not in found and named.get(key) == "":
            found[key] = ""  # until it is known; who is its own ancestor ends here
            path.append(key)
            key = (key[0], parents[key])  # noqa: PLW2901 - on the way up
        name = found.get(key) or named.get(key, "")
        found.update(dict.fromkeys(path, name))
    return found


def _only(names: Collection[str]) -> str:
    return next(iter(names)) if len(names) == 1 else ""


def _find_session(attributes: Attributes) -> str:
    return to_text(attributes.peek_any(*SESSION)).strip()
