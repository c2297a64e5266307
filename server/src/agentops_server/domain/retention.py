"""For how long a project keeps what it has, and what it deleted on purpose."""

from dataclasses import dataclass
from uuid import UUID

from agentops_server.domain.ids import ProjectId, SessionId

LONGEST_DAYS = 36_500
WHOLE_PROJECT = SessionId(UUID(int=0))
"""In a tombstone: not one session, but all that a project had."""


@dataclass(frozen=True, slots=True)
class Retention:
    """The policy of one project, in days; 0 keeps for ever."""

    payload_days: int = 0
    """After so many days from their receipt, what events hold beside facts is emptied: prompts, params, logs …"""
    facts_days: int = 0
    """After so many days from its last activity, a session is deleted whole."""

    def __post_init__(self) -> None:
        """Refuse what cannot be meant, with a ValueError."""
        for name in ("payload_days", "facts_days"):
            if not 0 <= getattr(self, name) <= LONGEST_DAYS:
                raise ValueError(f"{name} must be from 0, which keeps for ever, to {LONGEST_DAYS}")


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What stays of a deleted session: the promise that it does not come back."""

    project_id: ProjectId
    session_id: SessionId
    deleted_ns: int
    purged_ns: int = 0
    """When its bytes were gone from the disk; 0 while they may be there."""
