"""A session: one run of an agent program, from open to ended, by one or several participants.

`apply` folds what a participant says into what is known. The rules are those of the session contract: the earliest
start wins and never moves later; an explicit end beats an implicit one whoever sends it, of two explicit ones the
later wins; a session that nobody ended explicitly runs until the process of each participant has ended; the tags of all
participants are united.
"""

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from agentops_server.domain.ids import ParticipantId, ProjectId, SessionId


class EndState(StrEnum):
    """How a session ended. One that runs has no end yet and reads as Indeterminate."""

    SUCCESS = "Success"
    FAILURE = "Failure"
    INDETERMINATE = "Indeterminate"


_SPELLINGS = {"success": EndState.SUCCESS, "fail": EndState.FAILURE, "failure": EndState.FAILURE}
_SPELLINGS["indeterminate"] = EndState.INDETERMINATE


def find_end_state(text: str) -> EndState | None:
    """The end state that a client means, in any letter case; ``Fail`` is what SDK 0.3 sends for Failure."""
    return _SPELLINGS.get(text.strip().lower())


@dataclass(frozen=True, slots=True)
class End:
    """One participant's word on how the session ended."""

    at_ns: int
    state: EndState
    reason: str | None
    implicit: bool

    def beats(self, other: "End | None") -> bool:
        """Whether this end stands when both were said."""
        if other is None or self.implicit != other.implicit:
            return other is None or other.implicit
        return self.at_ns >= other.at_ns


@dataclass(frozen=True, slots=True)
class SessionUpdate:
    """What one participant says of a session at one time; None leaves a fact as it is."""

    project_id: ProjectId
    session_id: SessionId
    participant_id: ParticipantId
    received_ns: int
    declared: bool = True
    """Whether the process named itself. One that did not is known by its token only."""
    init_ns: int | None = None
    tags: tuple[str, ...] | None = None
    host_env: dict[str, Any] | None = None
    video: str | None = None
    name: str | None = None
    external_id: str | None = None
    end: End | None = None
    alive: bool = False
    """The process says that it runs: an end that was only assumed of it does not stand."""
    refused_events: int = 0
    """How many events the process could not keep so far: they have no number, and will never come."""


@dataclass(frozen=True, slots=True)
class Participant:
    """A process that takes part in a session, with what it alone said."""

    id: ParticipantId
    declared: bool = True
    tags: tuple[str, ...] = ()
    host_env: dict[str, Any] | None = None
    end: End | None = None
    refused_events: int = 0

    @property
    def runs(self) -> bool:
        """Whether the session goes on for it. A token that was asked for twice makes a second, undeclared
        participant, which would never end: so an undeclared one keeps no session open.
        """
        return self.declared and self.end is None


@dataclass(frozen=True, slots=True)
class Session:
    """All that is known of a session, apart from its events."""

    project_id: ProjectId
    id: SessionId
    init_ns: int
    received_ns: int
    version: int
    name: str = ""
    external_id: str = ""
    """The id that the client gave, where that is no UUID and ours was derived from it."""
    video: str = ""
    participants: dict[ParticipantId, Participant] = field(default_factory=dict)

    @property
    def end(self) -> End | None:
        """How the session ended; None while it runs."""
        standing = None
        for participant in self.participants.values():
            if participant.end is not None and participant.end.beats(standing):
                standing = participant.end
        if standing is not None and standing.implicit and any(p.runs for p in self.participants.values()):
            return None
        return standing

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of all participants in the order in which they came, each once."""
        return tuple(dict.fromkeys(tag for participant in self.participants.values() for tag in participant.tags))

    @property
    def refused_events(self) -> int:
        """How many events its processes recorded but could not keep: their spool was full."""
        return sum(participant.refused_events for participant in self.participants.values())

    @property
    def display_name(self) -> str:
        """Its name, or that of the folder which its first participant ran in, or ``session``."""
        section = (self.host_env or {}).get("Project Working Directory")
        folder = section.get("Project Working Directory") if isinstance(section, dict) else None
        leaf = re.split(r"[/\\]", folder.rstrip("/\\"))[-1] if isinstance(folder, str) else ""
        return self.name or leaf or "session"

    @property
    def host_env(self) -> dict[str, Any] | None:
        """The host environment of the first participant that sent one."""
        return next((p.host_env for p in self.participants.values() if p.host_env is not None), None)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names of the hosts that its participants ran on, in the order in which they came, each once."""
        names = (_hostname(participant.host_env or {}) for participant in self.participants.values())
        return tuple(dict.fromkeys(name for name in names if name))


def _hostname(host_env: dict[str, Any]) -> str:
    section = host_env.get("OS")
    name = section.get("Hostname") if isinstance(section, dict) else None
    return name if isinstance(name, str) else ""


def apply(session: Session | None, update: SessionUpdate) -> Session:
    """The session after a participant's update; None is a session that nobody has spoken of yet."""
    if session is None:
        start = update.received_ns if update.init_ns is None else update.init_ns
        session = Session(update.project_id, update.session_id, start, update.received_ns, version=0)
    known = session.participants.get(update.participant_id, Participant(update.participant_id, update.declared))
    participant = Participant(
        known.id,
        known.declared or update.declared,
        known.tags if update.tags is None else update.tags,
        known.host_env if update.host_env is None else update.host_env,
        _end_after(known.end, update),
        max(known.refused_events, update.refused_events),  # it only grows, and a message may come twice
    )
    return replace(
        session,
        version=session.version + 1,
        init_ns=session.init_ns if update.init_ns is None else min(session.init_ns, update.init_ns),
        name=update.name or session.name,
        external_id=update.external_id or session.external_id,
        video=update.video or session.video,
        participants={**session.participants, participant.id: participant},
    )


def _end_after(known: End | None, update: SessionUpdate) -> End | None:
    if update.end is not None:
        return update.end if update.end.beats(known) else known
    return None if update.alive and known is not None and known.implicit else known
