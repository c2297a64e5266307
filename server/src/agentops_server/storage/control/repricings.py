"""Repricings: what a command asks of the process that holds the warehouse, and how far that is.

The two meet here because the control store is what they share: the command need not know where the server listens, and
whoever may write the server's files may ask it for this.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from agentops_server.domain.ids import ProjectId, new_uuid7
from agentops_server.errors import NotFound
from agentops_server.storage.control.engine import Transactions
from agentops_server.storage.control.schema import repricings


class RepricingState(StrEnum):
    """Where a repricing is."""

    ASKED = "asked"
    PLANNED = "planned"
    CONFIRMED = "confirmed"
    DONE = "done"
    DROPPED = "dropped"
    FAILED = "failed"


class PlanLine(msgspec.Struct):
    """What a repricing changes for one model. Costs are in US dollars."""

    model: str
    calls: int
    changed: int
    """Calls whose price is another."""
    renamed: int
    """Calls that keep their price, by another price list or override than before."""
    old_cost: Decimal
    new_cost: Decimal
    old_unknown: int
    """Calls whose cost was not known, and is in no sum."""
    new_unknown: int


class Plan(msgspec.Struct):
    """What a repricing would change, by the prices of one moment."""

    prices: str = ""
    """The price list and the overrides that it was made with."""
    lines: list[PlanLine] = []


@dataclass(frozen=True, slots=True)
class Repricing:
    """Calls of a project that are to be priced anew."""

    id: UUID
    project_id: ProjectId
    since_ns: int
    until_ns: int
    pattern: str
    """Which models, with ``*`` for any characters; "" for all."""
    state: RepricingState
    plan: Plan
    done_events: int
    """How many calls were changed so far."""
    failure: str
    created_ns: int


class Repricings:
    """Repricings by their states. Every method is one transaction."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def add(self, project_id: ProjectId, since_ns: int, until_ns: int, pattern: str, at_ns: int) -> UUID:
        """Ask for a plan; raise `NotFound` without the project."""
        repricing_id = new_uuid7()
        values = {
            "id": repricing_id,
            "project_id": project_id,
            "since_ns": since_ns,
            "until_ns": until_ns,
            "pattern": pattern,
            "state": RepricingState.ASKED.value,
            "plan": msgspec.json.encode(Plan()).decode(),
            "done_events": 0,
            "failure": "",
            "created_ns": at_ns,
        }
        try:
            with self._transactions.writing() as connection:
                connection.execute(insert(repricings).values(**values))
        except IntegrityError as error:
            raise NotFound("There is no such project") from error
        return repricing_id

    def find_open(self) -> Repricing | None:
        """The oldest one that waits for its plan, or was confirmed and is not done."""
        waiting = (RepricingState.ASKED.value, RepricingState.CONFIRMED.value)
        chosen = select(repricings).where(repricings.c.state.in_(waiting)).order_by(repricings.c.id).limit(1)
        with self._transactions.reading() as connection:
            row = connection.execute(chosen).one_or_none()
        return None if row is None else _from_row(row)

    def get(self, repricing_id: UUID) -> Repricing:
        """The repricing; raise `NotFound` if there is none."""
        with self._transactions.reading() as connection:
            row = connection.execute(select(repricings).where(repricings.c.id == repricing_id)).one_or_none()
        if row is None:
            raise NotFound("There is no such repricing")
        return _from_row(row)

    def change(self, repricing_id: UUID, was: RepricingState, **facts: Any) -> bool:
        """Change a repricing that is in this state; false when it is in another."""
        if "plan" in facts:
            facts["plan"] = msgspec.json.encode(facts["plan"]).decode()
        this = (repricings.c.id == repricing_id) & (repricings.c.state == was.value)
        with self._transactions.writing() as connection:
            return connection.execute(update(repricings).where(this).values(**facts)).rowcount > 0


def _from_row(row: Row[Any]) -> Repricing:
    return Repricing(
        id=row.id,
        project_id=ProjectId(row.project_id),
        since_ns=row.since_ns,
        until_ns=row.until_ns,
        pattern=row.pattern,
        state=RepricingState(row.state),
        plan=msgspec.json.decode(row.plan, type=Plan),
        done_events=row.done_events,
        failure=row.failure,
        created_ns=row.created_ns,
    )
