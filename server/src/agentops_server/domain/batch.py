"""What came of the events of one request: taken, or dropped for a stated reason."""

from dataclasses import dataclass, field
from enum import StrEnum

from agentops_server.domain.event import Event


class DropReason(StrEnum):
    """Why an event was not admitted."""

    NOT_AN_OBJECT = "not_an_object"
    MALFORMED = "malformed"
    INVALID_ID = "invalid_id"
    INVALID_TYPE = "invalid_type"
    INVALID_TIME = "invalid_time"
    INVALID_TOKENS = "invalid_tokens"
    INVALID_COST = "invalid_cost"


@dataclass(frozen=True, slots=True)
class Drop:
    """An event that was not admitted: its place in the request, its id where it has one, and why."""

    index: int
    id: str | None
    reason: DropReason
    message: str


@dataclass(slots=True)
class Batch:
    """The decoded events of one request."""

    events: list[Event] = field(default_factory=list)
    drops: list[Drop] = field(default_factory=list)
