"""Where the spans of an export belong: which session, and which participant of it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from agentops_server.domain.ids import ParticipantId, ProjectId, SessionId
from agentops_server.domain.tracing import session_id_of
from agentops_server.wire.dialects.attributes import to_json, to_text
from agentops_server.wire.dialects.precedence import SESSION
from agentops_server.wire.otlp.model import Source, Span, Values

_LONGEST_ID = 1000


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
    """Finds the place of every span of one export."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._named: dict[str, Place] = {}
        self._participants: dict[int, tuple[Source, ParticipantId]] = {}

    def session_of(self, named: str, trace_id: str) -> Place:
        """The session that a span names, else that of its trace."""
        if self._sender.session_id is not None:
            return Place(self._sender.session_id, "")
        if not named:
            return Place(SessionId(UUID(hex=trace_id)), "")
        if (known := self._named.get(named)) is not None:
            return known
        session_id = session_id_of(self._sender.project_id, named)
        is_ours = named.replace("-", "").lower() == session_id.hex
        place = self._named[named] = Place(session_id, "" if is_ours else named[:_LONGEST_ID])
        return place

    def participant_of(self, source: Source) -> ParticipantId:
        """The process that sent it: what its resource says of it, and its name."""
        if self._sender.participant_id is not None:
            return self._sender.participant_id
        known = self._participants.get(id(source))
        if known is None:
            # The source is kept with it, so that no other can get its address meanwhile.
            known = self._participants[id(source)] = (source, self._identify(source.resource))
        return known[1]

    def _identify(self, resource: Values) -> ParticipantId:
        instance = resource.get("service.instance.id")
        facts: Any = [resource.get("service.name"), instance] if instance else sorted(resource.items())
        return ParticipantId(uuid5(self._sender.project_id, to_json(facts)))


def name_sessions(spans: list[Span]) -> dict[tuple[str, str], str]:
    """The session that each span names, by trace and span id.

    One that names none has its nearest ancestor's. Where there is none, and all other spans of its trace name the same
    one, it has that: a request around an agent's run is a part of it. Only spans of the same export count, so that a
    repeated export goes where the first one went.
    """
    parents = {(span.trace_id, span.span_id): (span.trace_id, span.parent_id) for span in spans}
    named = {(span.trace_id, span.span_id): _named(span.attributes) for span in spans}
    for key in named:
        path = []
        place = key
        while place in named and not named[place] and place not in path:
            path.append(place)
            place = parents[place]
        found = named.get(place, "")
        if found:
            named.update(dict.fromkeys(path, found))
    by_trace: dict[str, set[str]] = {}
    for (trace_id, _), name in named.items():
        if name:
            by_trace.setdefault(trace_id, set()).add(name)
    return {key: name or _only(by_trace.get(key[0], ())) for key, name in named.items()}


def _only(names: Collection[str]) -> str:
    return next(iter(names)) if len(names) == 1 else ""


def _named(attributes: Values) -> str:
    for name in SESSION:
        if value := attributes.get(name):
            return to_text(value).strip()
    return ""
