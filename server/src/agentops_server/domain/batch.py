"""What came of the events of one request: taken, or dropped for a stated reason."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count

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
    INVALID_ATTRIBUTES = "invalid_attributes"
    SESSION_DELETED = "session_deleted"


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
    when_settled: list[Callable[[], None]] = field(default_factory=list)
    """What steps want done once the events are stored, or cannot be."""

    def settle(self) -> None:
        """The events are stored, or cannot be."""
        while self.when_settled:
            self.when_settled.pop()()

    def drop(self, unwanted: Callable[[Event], bool], reason: DropReason, message: str) -> None:
        """Drop the events of which that is true."""
        dropped = {drop.index for drop in self.drops}
        places = (index for index in count() if index not in dropped)
        kept = []
        for index, event in zip(places, self.events, strict=False):
            if unwanted(event):
                self.drops.append(Drop(index, str(event.id), reason, message))
            else:
                kept.append(event)
        self.events = kept
