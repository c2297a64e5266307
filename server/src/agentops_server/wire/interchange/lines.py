"""One line of an import as domain objects, whichever of the known forms it has."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from agentops_server.domain.agent import Agent
from agentops_server.domain.batch import DropReason
from agentops_server.domain.event import Event
from agentops_server.domain.ids import ProjectId
from agentops_server.domain.session import SessionUpdate
from agentops_server.wire.body import mend
from agentops_server.wire.interchange.encoding import VERSION
from agentops_server.wire.interchange.events import decode_event
from agentops_server.wire.interchange.sessions import decode_agent, decode_updates
from agentops_server.wire.interchange.shapes import AgentLine, AnyLine, Document, EventLine, SessionLine
from agentops_server.wire.v2.values import DropError

LISTS = ("actions", "llms", "tools", "errors")
_Shape = TypeVar("_Shape")


@dataclass(slots=True)
class Imported:
    """What a line brings, and what of it cannot be taken."""

    updates: list[SessionUpdate] = field(default_factory=list)
    agents: list[Agent] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    problems: list[DropError] = field(default_factory=list)

    @contextmanager
    def note_problems(self) -> Iterator[None]:
        """What cannot be read is a problem of its own, and keeps nothing beside it out."""
        try:
            yield
        except DropError as problem:
            self.problems.append(problem)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            self.problems.append(DropError(DropReason.MALFORMED, f"this cannot be read: {error}"))


def decode_line(text: bytes, project_id: ProjectId, received_ns: int) -> Imported:
    """A line: part of a session in the interchange format, or a whole export of a session, of ours or of AgentOps."""
    imported = Imported()
    with imported.note_problems():
        line = _decode(text, AnyLine)
        if line.type == "event":
            imported.events.append(decode_event(_decode(text, EventLine), project_id, received_ns))
        elif line.type == "agent":
            imported.agents.append(decode_agent(_decode(text, AgentLine), project_id, received_ns))
        elif line.type == "session":
            imported.updates += decode_updates(_decode(text, SessionLine), project_id, received_ns)
        elif line.type in {"export", "cursor"}:
            _check_version(line)
        elif bytes(line.session):
            _add_document(_decode(text, Document), project_id, received_ns, imported)
        else:
            message = "type must be export, session, agent, event or cursor, or the line the whole export of a session"
            raise DropError(DropReason.MALFORMED, message)
    return imported


def _check_version(line: AnyLine) -> None:
    if line.version > VERSION:
        message = f"this export is of version {line.version}; this server reads up to {VERSION}: upgrade it"
        raise DropError(DropReason.MALFORMED, message)


def _add_document(document: Document, project_id: ProjectId, received_ns: int, imported: Imported) -> None:
    session = document.session
    session.stats = document.stats
    imported.updates += decode_updates(session, project_id, received_ns)
    for place, raw in enumerate(document.agents):
        with imported.note_problems():
            agent = _decode(bytes(raw), AgentLine)
            agent.session_id = session.id
            imported.agents.append(decode_agent(agent, project_id, received_ns + place))
    for name in LISTS:
        for raw in getattr(document, name):
            with imported.note_problems():
                event = _decode(bytes(raw), EventLine)
                event.session_id = session.id
                event.event_type = event.event_type or name
                imported.events.append(decode_event(event, project_id, received_ns))


def _decode(text: bytes, shape: type[_Shape]) -> _Shape:
    try:
        return msgspec.json.decode(text, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return msgspec.json.decode(mend(text), type=shape)
